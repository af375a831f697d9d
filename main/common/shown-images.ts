/** A batch as a person looks at it: its images as they are scored, with what the loss compares them with. */
import { z } from 'zod';
import { tasks } from './tasks.ts';

/** A class that occurs in a batch. */
export const shownClassSchema = z.object({
  index: z.number().int(),
  name: z.string(),
  /** `#rrggbb`, as masks are coloured. */
  colour: z.string(),
  /** Images, boxes or pixels of it in the whole batch. */
  count: z.number(),
});
export type ShownClass = z.infer<typeof shownClassSchema>;

export const shownImageSchema = z.object({
  /** Red, green, blue and opacity of each pixel, row by row. */
  pixels: z.instanceof(Uint8Array),
  /** Its mask in the colours of the classes; null where the task has none. */
  mask: z.instanceof(Uint8Array).nullable(),
  /** The class of the whole image; null where the task has none. */
  label: z.number().int().nullable(),
  boxes: z.array(
    z.object({
      /** x1, y1, x2, y2 in pixels of the image. */
      edges: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      class: z.number().int(),
    }),
  ),
});
export type ShownImage = z.infer<typeof shownImageSchema>;

/** Some images of a batch, and what is known of all of it. */
export const shownBatchSchema = z.object({
  task: z.enum(tasks),
  batches: z.number().int(),
  batchSize: z.number().int(),
  height: z.number().int(),
  width: z.number().int(),
  /** Where the images came from and how they were drawn and normalised. */
  description: z.string(),
  /** Those that occur in the batch, in their order. */
  classes: z.array(shownClassSchema),
  /** Share of the mask's pixels that the loss ignores; null where there are no masks. */
  ignoredShare: z.number().nullable(),
  /** Sentences: what was left out, how values are shown, what has changed since. */
  notes: z.array(z.string()),
  /** From the one that was asked for on, as many as fit into one answer. */
  images: z.array(shownImageSchema),
});
export type ShownBatch = z.infer<typeof shownBatchSchema>;
