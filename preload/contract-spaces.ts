/** The part of the contract about a person's own spaces; contract.ts merges it in. */
import { z } from 'zod';
import {
  drawnNetworkSchema,
  spaceFaultSchema,
  spaceSizesSchema,
  triedNetworkSchema,
} from '../main/common/space-facts.ts';

/** A description as text, which may be faulty while it is being written. */
const text = z.string().max(1_000_000);
/** Opaque identifier of a file in the spaces folder. */
const id = z.string().min(1).max(200);
/** Identifies the contents of a file, so that changes made by others are not overwritten. */
const version = z.string().min(1).max(100);
/** File name without folder or extension. */
const name = z.string().min(1).max(100);

const none = z.tuple([]);

/** @param space schema of what lists and forms show about a valid space */
export function spaceMethods<S extends z.ZodType, E extends z.ZodType>(space: S, error: E) {
  const ownSpace = z.object({
    id,
    /** File name without extension. */
    name,
    /** Where the file is, for display only. */
    path: z.string(),
    changedAt: z.string(),
    /** Exactly one of these three is given: a space, what is wrong with it, or why it cannot be read. */
    space: space.nullable(),
    fault: spaceFaultSchema.nullable(),
    error: error.nullable(),
  });
  const checked = z.object({
    space: space.nullable(),
    /** The number of networks in the sample, for `spaces.sizes`. */
    sampled: z.number(),
    /** Empty if the text is valid. */
    faults: z.array(spaceFaultSchema),
  });
  return {
    /** The description of a built-in space, as JSON. */
    'spaces.source': { args: z.tuple([z.strictObject({ name: z.string() })]), result: text },
    /** Checks a text: what it describes, or its faults. */
    'spaces.check': { args: z.tuple([z.strictObject({ text })]), result: checked },
    /** Draws a network from the space that a valid text describes; the number selects it. */
    'spaces.draw': {
      args: z.tuple([z.strictObject({ text, number: z.number().int().min(0) })]),
      result: drawnNetworkSchema,
    },
    /** Sizes of the networks `from` to `from + count` in the sample of a valid text. */
    'spaces.sizes': {
      args: z.tuple([
        z.strictObject({
          text,
          from: z.number().int().min(0),
          count: z.number().int().min(1).max(200),
        }),
      ]),
      result: spaceSizesSchema,
    },
    /**
     * Scores a network of a valid text as a search with the usual preset would. Null where it was cancelled.
     */
    'spaces.score': {
      args: z.tuple([z.strictObject({ text, genotype: z.string().max(100_000) })]),
      result: triedNetworkSchema.nullable(),
    },
    'spaces.cancelScore': { args: none, result: z.null() },
    'ownSpaces.list': { args: none, result: z.array(ownSpace) },
    'ownSpaces.read': {
      args: z.tuple([z.strictObject({ id })]),
      result: z.object({ text, version }),
    },
    /** Creates a file with that name or a similar one. */
    'ownSpaces.create': {
      args: z.tuple([z.strictObject({ name, text })]),
      result: z.object({ id }),
    },
    /** Writes the file; refused if it is no longer of that version. */
    'ownSpaces.write': {
      args: z.tuple([z.strictObject({ id, text, version })]),
      result: z.object({ version }),
    },
    /** Renames the file and writes the text. */
    'ownSpaces.rename': {
      args: z.tuple([z.strictObject({ id, name, text, version })]),
      result: z.object({ id }),
    },
    /** Asks for files and copies them to the person's own spaces; empty if cancelled. */
    'ownSpaces.import': { args: none, result: z.array(id) },
    /** Asks for a file name and writes the text there; null if cancelled. */
    'ownSpaces.export': {
      args: z.tuple([z.strictObject({ name, text })]),
      result: z.object({ path: z.string() }).nullable(),
    },
    /** Moves the file to the system's trash. */
    'ownSpaces.trash': { args: z.tuple([z.strictObject({ id })]), result: z.null() },
  } as const;
}
