/** What is kept of a space in code: everything but the code, which a file holds that the run names. */
import { z } from 'zod';
import { networkCountSchema } from './network-count.ts';
import { descriptionSchema } from './space-description.ts';

const { name, title, task, classes, imageChannels } = descriptionSchema.shape;
const side = z.number().int().min(1).max(65_536);
const size = z.tuple([side, side]);

export const geneSchema = z.strictObject({
  name: z.string().min(1).max(200),
  choices: z.array(z.number()).min(1).max(10_000),
  /** What the choices are called where they are not quantities. */
  labels: z.array(z.string().max(200)).optional(),
});

export const spaceInCodeSchema = z.strictObject({
  code: z.strictObject({
    /** Its name without folders. */
    file: z.string().min(1).max(300),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  ...{ name, title, task, classes, imageChannels },
  resolution: z.strictObject({ scoring: size, deployment: size }),
  /** Null where the code does not say. */
  networks: networkCountSchema.nullable(),
  genes: z.array(geneSchema).max(1000),
});
export type SpaceInCodeHeader = z.infer<typeof spaceInCodeSchema>;

export function isSpaceInCode<T extends object>(
  description: T | SpaceInCodeHeader,
): description is SpaceInCodeHeader {
  return 'code' in description;
}
