/** Checks what a program asks for, since not every program goes through a type checker. */
import { z } from 'zod';
import { engineWishes, precisionWishes } from '../common/engines.ts';
import {
  batchesRange,
  batchSizeRange,
  seedRange,
  wholeIn,
  workersRange,
} from '../common/ranges.ts';
import { proxyNames } from '../common/proxies.ts';
import { searchSettingsSchema } from '../common/settings/index.ts';
import { tasks } from '../common/tasks.ts';
import { badArguments } from './bad-arguments.ts';
import { weightChoices, type ScoreAsked } from './score.ts';

const { beta, preset, biasSize, biasLayers } = searchSettingsSchema.shape;
const side = z.number().int().min(1).max(65_536);

const scoreSchema = z
  .strictObject({
    task: z.enum(tasks),
    data: z.string(),
    kind: z.string(),
    inputs: z.string(),
    targets: z.string(),
    batchSize: wholeIn(batchSizeRange),
    batches: wholeIn(batchesRange),
    seed: wholeIn(seedRange),
    weights: z.enum(weightChoices),
    ...{ beta, preset, biasSize, biasLayers },
    output: z.union([z.string(), z.array(z.string())]),
    synthetic: z.boolean(),
    proxies: z.array(z.enum(proxyNames)),
    size: z.tuple([side, side]),
    constant: z.record(z.string(), z.array(z.number())),
    ignoreNoise: z.boolean(),
    termCap: z.number().positive(),
    deploymentSize: z.tuple([side, side]),
    threads: wholeIn(workersRange),
    engine: z.enum(engineWishes),
    precision: z.enum(precisionWishes),
  } satisfies Record<keyof ScoreAsked, z.ZodType>)
  .partial();

/** Throws `bad-arguments` naming every property that is unknown or has an invalid value. */
export function assertScoreAsked(asked: object): void {
  assertAs(scoreSchema, asked);
}

/** Throws like `assertScoreAsked`. */
export function assertAs(schema: z.ZodType, asked: unknown): void {
  const read = schema.safeParse(asked);
  if (read.success) return;
  const faults = read.error.issues.map(({ path, message }) =>
    path.length === 0 ? `${message}.` : `${path.map(String).join('.')}: ${message}.`,
  );
  throw badArguments(faults.join(' '), 'docs/library.md lists what can be asked for.');
}
