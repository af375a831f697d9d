/**
 * What a model is worth that knows the scores of only a few networks: the model of a guided search is fitted to them
 * and chooses among all networks of the table, within budgets of MACs.
 */
import { createHash, type Hash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import { writeError, writeFileAtomically } from '../atomic-write.ts';
import type { AccuracyTable } from '../benchmark/accuracy-table.ts';
import { chosenWithin, intervalOf, lostBy } from '../benchmark/judged.ts';
import type { ModelJudge } from '../benchmark/judge-networks.ts';
import {
  intervalSchema,
  modelMeasures,
  modelSizes,
  type Interval,
  type ModelMeasure,
} from '../common/benchmarks.ts';
import { latestGuidedRevision } from '../common/settings/method.ts';
import { drawDistinct } from '../draw.ts';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';
import { percentile } from '../latency/percentiles.ts';
import { generatorFor } from '../random.ts';
import { Guide } from '../search/guided/guide.ts';
import { runInSlices, Slice, type Sliced } from '../search/guided/slices.ts';
import type { Size } from '../search/size.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Genotype } from '../space/space.ts';

export interface FewModelsRequest {
  readonly space: DescribedSpace;
  readonly table: AccuracyTable;
  /** MACs. */
  readonly budgets: readonly number[];
  /** Of which networks a model knows. */
  readonly seed: number;
}

/** Models of a size, each with the scores of other networks. */
const modelsOfSize = 8;
/** The cost of counting a network, in multiplications. */
const counting = 60_000;

/**
 * Judges scores by models of 40 and of 100 networks, as far as so many were scored: the median of the models' regrets,
 * and the range of the middle 95 % of them. Draws take turns in what the models learn from.
 */
function fewModels({ space, table, budgets, seed }: FewModelsRequest): ModelJudge {
  const sizes = new Map<Genotype, Size>();
  const sizeOf = (genotype: Genotype): Size => {
    const known = sizes.get(genotype) ?? space.counts(genotype);
    sizes.set(genotype, known);
    return known;
  };
  let known: Known | null = null;
  return async (genotypes, draws, signal) => {
    const pause = async (): Promise<void> => {
      await breathe();
      signal?.throwIfAborted();
    };
    known ??= await runInSlices(knownOf(table, budgets, sizeOf), pause);
    const { macs, best, accuracies } = known;
    const regrets = table.columns.map((): Partial<Record<ModelMeasure, Interval>> => ({}));
    for (const measure of modelMeasures) {
      const size = modelSizes[measure];
      if (genotypes.length < size) continue;
      const lost: (readonly number[])[] = [];
      for (let model = 0; model < modelsOfSize; model++) {
        const random = generatorFor(seed, 'few models', size, model);
        const some = drawDistinct(random, genotypes.length, size);
        const scores = draws[model % draws.length]!;
        const learnt = some.map((i) => ({ genotype: genotypes[i]!, score: scores[i]! }));
        const expected = await runInSlices(expectations(space, table, sizeOf, seed, learnt), pause);
        const chosen = chosenWithin(expected, { macs, budgets });
        lost.push(accuracies.map((own, c) => lostBy(best[c]!, chosen, own)));
      }
      for (const [c, own] of regrets.entries()) {
        const ofColumn = lost.map((one) => one[c]!);
        own[measure] = intervalOf(percentile(ofColumn, 0.5), ofColumn);
      }
    }
    return regrets;
  };
}

interface Known {
  readonly macs: readonly number[];
  /** By column, as the next. */
  readonly accuracies: readonly (readonly number[])[];
  /** What is best within each budget. */
  readonly best: readonly ReturnType<typeof chosenWithin>[];
}

/** Of all networks of the table. */
function* knownOf(
  { columns, rows }: AccuracyTable,
  budgets: readonly number[],
  sizeOf: (genotype: Genotype) => Size,
): Sliced<Known> {
  const slice = new Slice();
  const macs: number[] = [];
  for (const { genotype } of rows) {
    macs.push(sizeOf(genotype).macs);
    if (slice.full(counting)) yield;
  }
  const accuracies = columns.map((_, c) => rows.map((row) => row.accuracies[c]!));
  return { macs, accuracies, best: accuracies.map((own) => chosenWithin(own, { macs, budgets })) };
}

/** What a model that knows these scores expects of every network of the table. */
function* expectations(
  space: DescribedSpace,
  { rows }: AccuracyTable,
  sizeOf: (genotype: Genotype) => Size,
  seed: number,
  learnt: readonly { readonly genotype: Genotype; readonly score: number }[],
): Sliced<number[]> {
  const guide = new Guide({
    ...{ space, seed, revision: latestGuidedRevision, summarise: sizeOf },
    ...{ parts: [{ weight: 1 }], smooth: true, excess: () => 0, latency: null },
  });
  const expect = yield* guide.predictor(
    learnt.map(({ genotype }) => genotype),
    learnt.map(({ score }) => ({ parts: [score], latencyMs: null })),
  );
  const slice = new Slice();
  const expected: number[] = [];
  for (const { genotype } of rows) {
    expected.push(expect(genotype).score);
    if (slice.full(learnt.length * 100)) yield;
  }
  return expected;
}

/** What decides a judgement by models beside the scores; another number forgets those that were kept. */
const judgementVersion = 1;

/**
 * The same, kept in a file for each set of scores: models of a predictor take seconds, and a second question costs
 * nothing. @param onlyKept says nothing of what was not computed before
 */
export function keptModels(
  folder: string,
  request: FewModelsRequest,
  onlyKept: 'only-kept' | 'computed' = 'computed',
): ModelJudge {
  const judge = fewModels(request);
  const { space, table, budgets, seed } = request;
  let begun: Hash | null = null;
  const decisive = (): Hash => {
    if (begun === null) {
      begun = createHash('sha256');
      begun.update(JSON.stringify([judgementVersion, space.description, budgets, seed]));
      for (const { genotype, accuracies } of table.rows) {
        begun.update(`${genotype} ${accuracies.join(' ')}\n`);
      }
    }
    return begun.copy();
  };
  return async (genotypes, draws, signal) => {
    if (genotypes.length < modelSizes.regretOf40) return table.columns.map(() => ({}));
    const digest = decisive()
      .update(JSON.stringify([genotypes, draws]))
      .digest('hex');
    const file = path.join(folder, `${digest.slice(0, 32)}.models.json`);
    const known = await keptRegrets(file);
    if (known !== null) return known;
    if (onlyKept === 'only-kept') return table.columns.map(() => ({}));
    const regrets = await judge(genotypes, draws, signal);
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw writeError(folder, error);
    }
    await writeFileAtomically(file, new TextEncoder().encode(JSON.stringify(regrets)));
    return regrets;
  };
}

const regretsSchema = z.array(z.partialRecord(z.enum(modelMeasures), intervalSchema));

/** Null where nothing was kept, or not whole. */
async function keptRegrets(file: string): Promise<z.infer<typeof regretsSchema> | null> {
  try {
    const text = new TextDecoder().decode(await readInputFile(file));
    return regretsSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (error instanceof WorkbenchError && error.code === 'file-not-found') return null;
    throw error;
  }
}
