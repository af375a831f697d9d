/** Progress of opening a folder of images, or of checking some of them. */
import { z } from 'zod';
import { integer } from './figures.ts';

export const dataProgressSchema = z.discriminatedUnion('doing', [
  /** Number of file names read from folders so far. */
  z.object({ doing: z.literal('listing'), names: z.number() }),
  /** Bytes read so far of an annotation file. */
  z.object({ doing: z.literal('reading'), file: z.string(), bytes: z.number() }),
  z.object({ doing: z.literal('decoding'), done: z.number(), of: z.number() }),
]);
export type DataProgress = z.infer<typeof dataProgressSchema>;

/** What images are opened for: to be chosen in a form, for a search that begins, to be looked at. */
export const dataOpeningFor = z.enum(['choice', 'search', 'look']);
export type DataOpeningFor = z.infer<typeof dataOpeningFor>;

/** The progress as one line. */
export function dataProgressInWords(progress: DataProgress): string {
  switch (progress.doing) {
    case 'listing':
      return `Listing images: ${integer(progress.names)} names so far`;
    case 'reading':
      return `Read ${integer(Math.round(progress.bytes / 1e6))} MB of ${progress.file}`;
    case 'decoding':
      return `Looking at images: ${integer(progress.done)} of ${integer(progress.of)}`;
  }
}
