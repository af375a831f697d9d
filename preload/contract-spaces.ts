/** The part of the contract about the person's own spaces; contract.ts merges it into the whole. */
import { z } from 'zod';

/** A description as text. It may be wrong: it is being written. */
const text = z.string().max(1_000_000);
/** Opaque name of a file of the spaces folder. */
const id = z.string().min(1).max(200);
/** Names the very contents of a file, so that nobody's later change is written over. */
const version = z.string().min(1).max(100);
/** File name without folder and ending. */
const name = z.string().min(1).max(100);

export const spaceFault = z.object({
  /** Place in the file, such as `network.backbone.stages[0].stride`; empty for the file as a whole. */
  path: z.string(),
  message: z.string(),
  /** What would be valid. */
  hint: z.string(),
});
export type SpaceFault = z.infer<typeof spaceFault>;

/** Stem, one stage, or head of a network; sizes are those of its output as deployed. */
const drawnPart = z.object({
  part: z.string(),
  blocks: z.number(),
  channels: z.number(),
  height: z.number(),
  width: z.number(),
  parameters: z.number(),
  macs: z.number(),
  /** What was chosen for it, besides channels and repeats. */
  choices: z.array(z.string()),
});
export type DrawnPart = z.infer<typeof drawnPart>;

export const drawnNetwork = z.object({
  genotype: z.string(),
  parameters: z.number(),
  macs: z.number(),
  parts: z.array(drawnPart),
});
export type DrawnNetwork = z.infer<typeof drawnNetwork>;

export const spaceSizes = z.object({ parameters: z.array(z.number()), macs: z.array(z.number()) });
export type SpaceSizes = z.infer<typeof spaceSizes>;

const none = z.tuple([]);

/** @param space what lists and forms show of a valid space */
export function spaceMethods<S extends z.ZodType, E extends z.ZodType>(space: S, error: E) {
  const ownSpace = z.object({
    id,
    /** File name without ending. */
    name,
    /** Where the file lies, for showing only. */
    path: z.string(),
    changedAt: z.string(),
    /** Exactly one of the three is there: a space, what is wrong with it, why it cannot be read. */
    space: space.nullable(),
    fault: spaceFault.nullable(),
    error: error.nullable(),
  });
  const checked = z.object({
    space: space.nullable(),
    /** How many networks have sizes to ask for. */
    sampled: z.number(),
    /** Empty where the text is valid. */
    faults: z.array(spaceFault),
  });
  return {
    /** The description of a built-in space, as JSON. */
    'spaces.source': { args: z.tuple([z.strictObject({ name: z.string() })]), result: text },
    /** Looks at a text: what it describes, or its faults. */
    'spaces.check': { args: z.tuple([z.strictObject({ text })]), result: checked },
    /** One network of a valid text; another number draws another one. */
    'spaces.draw': {
      args: z.tuple([z.strictObject({ text, number: z.number().int().min(0) })]),
      result: drawnNetwork,
    },
    /** Sizes of networks `from` to `from + count` of the sample of a valid text. */
    'spaces.sizes': {
      args: z.tuple([
        z.strictObject({
          text,
          from: z.number().int().min(0),
          count: z.number().int().min(1).max(200),
        }),
      ]),
      result: spaceSizes,
    },
    'ownSpaces.list': { args: none, result: z.array(ownSpace) },
    'ownSpaces.read': {
      args: z.tuple([z.strictObject({ id })]),
      result: z.object({ text, version }),
    },
    /** A new file of about that name. */
    'ownSpaces.create': {
      args: z.tuple([z.strictObject({ name, text })]),
      result: z.object({ id }),
    },
    /** Refused where the file is not that version any more. */
    'ownSpaces.write': {
      args: z.tuple([z.strictObject({ id, text, version })]),
      result: z.object({ version }),
    },
    /** Gives the file another name, and that text. */
    'ownSpaces.rename': {
      args: z.tuple([z.strictObject({ id, name, text, version })]),
      result: z.object({ id }),
    },
    /** Asks for files and copies them to the person's own spaces; empty when cancelled. */
    'ownSpaces.import': { args: none, result: z.array(id) },
    /** Asks for a file and writes the text there; null when cancelled. */
    'ownSpaces.export': {
      args: z.tuple([z.strictObject({ name, text })]),
      result: z.object({ path: z.string() }).nullable(),
    },
    /** Moves the file to the system's trash. */
    'ownSpaces.trash': { args: z.tuple([z.strictObject({ id })]), result: z.null() },
  } as const;
}
