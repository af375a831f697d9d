/** Benchmarks in the window: their settings, and the results as they are stored and shown. */
import { z } from 'zod';
import { networkFactsSchema } from './network-facts.ts';
import { predictors, type Predictor } from './predictors.ts';
import { batchesRange, batchSizeRange, seedRange, wholeIn, type WholeRange } from './ranges.ts';
import { errorReportSchema } from './report.ts';
import { presets } from './settings/score.ts';
import { biasLayerSets, biasSizes } from './zico-bc.ts';
import { weightSchemes } from './weight-schemes.ts';

/** Spaces for which accuracies ship with the product. */
export const benchmarkSpaces = ['nats-sss', 'nas-bench-201'] as const;
export type BenchmarkSpace = (typeof benchmarkSpaces)[number];

/** As people read them. */
export const benchmarkSpaceLabels: Readonly<Record<BenchmarkSpace, string>> = {
  'nats-sss': 'NATS-Bench, sizes',
  'nas-bench-201': 'NAS-Bench-201',
};

/** How many networks each of them has. */
export const benchmarkNetworks = {
  'nats-sss': 32_768,
  'nas-bench-201': 15_625,
} as const satisfies Record<BenchmarkSpace, number>;

/** Networks drawn at random, at most all of a space. */
export const countRangeOf = (space: BenchmarkSpace): WholeRange => ({
  from: 2,
  to: benchmarkNetworks[space],
});
const countRange: WholeRange = { from: 2, to: Math.max(...Object.values(benchmarkNetworks)) };

/** More draws make intervals narrower by less and less. */
export const drawsRange: WholeRange = { from: 1, to: 20 };

export const benchmarkSettingsSchema = z.object({
  space: z.enum(benchmarkSpaces),
  count: wholeIn(countRange),
  /** Seeds the choice of networks, the batches and the initial weights. */
  seed: wholeIn(seedRange),
  /** Results older than presets depend on the other settings alone. */
  preset: z.enum(presets).default('custom'),
  weights: z.enum(weightSchemes),
  batches: wholeIn(batchesRange),
  batchSize: wholeIn(batchSizeRange),
  termCap: z.number().positive(),
  /** The default is how older results, made before this choice existed, counted it. */
  biasSize: z.enum(biasSizes).default('scoring'),
  biasLayers: z.enum(biasLayerSets).default('all'),
  /** Whether to score everything twice more: with other initial weights and with other batches. */
  repeatability: z.boolean(),
  /** How often every network is scored for the figures, with other images and other initial weights. */
  draws: wholeIn(drawsRange).default(1),
});
export type BenchmarkSettings = z.infer<typeof benchmarkSettingsSchema>;

/** The networks are scored once, or once more for each of the other passes, and for further draws. */
export const benchmarkPasses = ['scores', 'otherWeights', 'otherBatches', 'moreDraws'] as const;
export type BenchmarkPass = (typeof benchmarkPasses)[number];

/** How a benchmark ended: finished, stopped by a person, or failed with an error. Scores up to then are kept. */
export const benchmarkEnds = ['finished', 'stopped', 'failed'] as const;

/** How an order of networks is judged by their accuracies, each with an interval over networks. */
export const judgedMeasures = [
  'kendallTau',
  'spearmanRho',
  'ndcg10',
  'equalMacs',
  'regret',
] as const;
export type JudgedMeasure = (typeof judgedMeasures)[number];

/** The regret of the choice, among all networks, of a model that knows the scores of this many of them. */
export const modelSizes = { regretOf40: 40, regretOf100: 100 } as const;
export type ModelMeasure = keyof typeof modelSizes;
export const modelMeasures = Object.keys(modelSizes) as readonly ModelMeasure[];

/** True for lost accuracy; of everything else, more is better. */
export const lessIsBetter = (measure: JudgedMeasure | ModelMeasure): boolean =>
  measure === 'regret' || Object.hasOwn(modelSizes, measure);

/** A value and where it lies with 95 % confidence; null where it is undefined. */
export const intervalSchema = z.object({
  value: z.number().nullable(),
  from: z.number().nullable(),
  to: z.number().nullable(),
});
export type Interval = Readonly<z.infer<typeof intervalSchema>>;

/** Those of models are there only if they were asked for and enough networks were scored. */
export const judgedSchema = z.object({
  ...(Object.fromEntries(judgedMeasures.map((name) => [name, intervalSchema])) as Record<
    JudgedMeasure,
    typeof intervalSchema
  >),
  ...(Object.fromEntries(modelMeasures.map((name) => [name, intervalSchema.optional()])) as Record<
    ModelMeasure,
    z.ZodOptional<typeof intervalSchema>
  >),
});
export type Judged = Readonly<Record<JudgedMeasure, Interval>> &
  Readonly<Partial<Record<ModelMeasure, Interval>>>;

export const judgedPredictorsSchema = z.partialRecord(
  z.enum(predictors),
  z.record(z.string(), judgedSchema),
);
/** Predictor -> column of the table -> how good it is there; of predictors that say something of the networks. */
export type JudgedPredictors = Readonly<
  Partial<Record<Predictor, Readonly<Record<string, Judged>>>>
>;

const whole = z.number().int().nonnegative();
const plainScore = z.object({
  ...{ zico: z.number(), zicoCapped: z.number(), bias: z.number() },
  /** True if no layer gets a gradient: the network ranks below all others. */
  ranksLast: z.boolean().optional(),
});

export const benchmarkedNetworkSchema = z.object({
  genotype: z.string(),
  parameters: whole,
  macs: whole,
  /** Percentages, in the order of the table's columns. */
  accuracies: z.array(z.number()),
  scores: plainScore,
  /** Absent in older benchmarks. */
  facts: networkFactsSchema.optional(),
  /** Null until scored again, and if that failed. */
  otherWeights: plainScore.nullable(),
  otherBatches: plainScore.nullable(),
  /** Of further draws, in their order; null where one failed. Absent in benchmarks that are older. */
  moreDraws: z
    .array(plainScore.extend({ facts: networkFactsSchema.optional() }).nullable())
    .optional(),
});
export type BenchmarkedNetwork = z.infer<typeof benchmarkedNetworkSchema>;

/** What was found, and which engine scored. */
export const benchmarkResultSchema = z.object({
  /** Describes the images used; null if none were drawn. */
  data: z.string().nullable(),
  engine: z.object({ name: z.string(), version: z.string(), threads: whole }).nullable(),
  scoring: z.object({ workers: whole, threads: whole }).nullable(),
  /** Names of the table's accuracy columns. */
  columns: z.array(z.string()),
  networks: z.array(benchmarkedNetworkSchema),
  /** Networks left out of a pass because scoring them failed. */
  failed: z.array(z.object({ genotype: z.string(), pass: z.string(), error: errorReportSchema })),
});
