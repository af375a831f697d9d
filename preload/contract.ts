/**
 * The one contract between window and main side: method -> schema of arguments and result,
 * event -> schema. The renderer's types, the preload bridge and main's registration all come from it.
 */
import { z } from 'zod';
import { candidatePage, candidateRow } from './candidate-page.ts';
import { candidateMethods } from './candidates.ts';
import { noteMethods } from './notes.ts';
import { preferenceEvents, preferenceMethods } from './preferences.ts';
import { phoneActivityEvents, phoneActivityMethods } from './phone-activity.ts';
import { phoneEvents, phoneMethods } from './phones.ts';
import { spaceMethods } from './contract-spaces.ts';
import { phoneLatency } from './phone-latency.ts';
import { phoneSettings } from './phone-settings.ts';
import {
  engineIdentitySchema,
  engineWishSchema,
  precisionSchema,
  scoringPlanSchema,
  scoringWishSchema,
} from './scoring.ts';

export type { CandidatePage, CandidateRow } from './candidate-page.ts';
export type { ArchitectureNode, Load, MeasuredAgain, ScoredAgain } from './candidates.ts';
export { longestNote, type Mark } from './notes.ts';
export {
  defaultPreferences,
  type Layout,
  preferencesSchema,
  type Preferences,
  type UpdateState,
} from './preferences.ts';
import { benchmarkEvents, benchmarkMethods } from './benchmarks.ts';
import { errorReportSchema, warningRow, type ErrorReport, type WarningRow } from './reports.ts';

export type {
  BenchmarkedNetwork,
  BenchmarkPass,
  BenchmarkSettings,
  BenchmarkState,
  BenchmarkSummary,
  BenchmarkView,
} from './benchmarks.ts';
export { errorReportSchema, type ErrorReport, type WarningRow };
export { defaultPhoneSettings, phoneSettings, type PhoneSettings } from './phone-settings.ts';
export type { EngineWish, Precision, ScoringPlan, ScoringWish } from './scoring.ts';
export type { PhoneActivity } from './phone-activity.ts';
export type { PhoneLatency, PhoneRepeat } from './phone-latency.ts';
export type * from './phones.ts';

/** Opaque name of a run that the main side has registered; never a path. */
const runId = z.string().min(1).max(200);
const candidateId = z.number().int().positive();
const count = z.number().int().positive();

export const searchSettings = z.strictObject({
  space: z.string(),
  data: z.string().nullable(),
  latency: z.enum(['host', 'phone', 'predicted-s10-gpu', 'macs']),
  phone: phoneSettings.nullable(),
  population: z.number().int().min(4).max(10_000),
  generations: count.nullable(),
  candidates: count.nullable(),
  seconds: z.number().positive().nullable(),
  seed: z.number().int().min(0).max(0xffff_ffff),
  beta: z.number().min(0).max(10),
  termCap: z.number().positive().nullable(),
  batches: z.number().int().min(2).max(64),
  batchSize: z.number().int().min(1).max(4096),
  weights: z.enum(['pytorch-default', 'kaiming-normal-fan-out']),
  maxParameters: count.nullable(),
  maxMacs: count.nullable(),
  maxLatencyMs: z.number().positive().nullable(),
});
export type SearchSettings = z.infer<typeof searchSettings>;

/** What a measure of a network can be in its space; null where the space has no such measure. */
const extentRange = z
  .object({ unit: z.string(), least: z.number(), most: z.number(), fixed: z.boolean() })
  .nullable();

const engineIdentity = engineIdentitySchema;

export const appDescription = z.object({
  version: z.string(),
  platform: z.string(),
  electron: z.string(),
  /** Processor name of this computer. */
  processor: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  engine: engineIdentity,
  /** Why bf16 is not to be had here; null where nothing speaks against it. */
  bf16Obstacle: z.string().nullable(),
  defaultSettings: searchSettings,
  /** Describes the images that ship with the product. */
  embeddedData: z.string(),
  /** The same for each task. */
  embedded: z.object({
    classification: z.string(),
    segmentation: z.string(),
    detection: z.string(),
  }),
  runsFolder: z.string(),
});
export type AppDescription = z.infer<typeof appDescription>;

/** Height and width in pixels. */
const imageSize = z.tuple([count, count]);

export const spaceDescription = z.object({
  name: z.string(),
  title: z.string(),
  task: z.enum(['classification', 'segmentation', 'detection']),
  networks: z.number(),
  classes: z.number(),
  /** Height and width of the images, for scoring and for deployment. */
  resolution: z.object({ scoring: imageSize, deployment: imageSize }),
  genes: z.array(z.object({ name: z.string(), choices: z.array(z.number()) })),
  baselines: z.array(
    z.object({
      name: z.string(),
      /** Null for a known network beside the space. */
      genotype: z.string().nullable(),
      parameters: z.number(),
      macs: z.number(),
    }),
  ),
  depth: extentRange,
  width: extentRange,
  /** Settings that suit the space, until a person chooses others. */
  suggested: z.object({ batchSize: z.number(), beta: z.number() }),
});
export type SpaceDescription = z.infer<typeof spaceDescription>;
export type * from './contract-spaces.ts';

/** `searching` and `stopping` only while this app runs the search; the rest is what the file says. */
const runState = z.enum(['searching', 'stopping', 'stopped', 'finished', 'failed']);
export type RunState = z.infer<typeof runState>;

export const runSummary = z.object({
  run: runId,
  /** File name without folder, shown as title. */
  name: z.string(),
  /** Where the file lies, for showing only. */
  path: z.string(),
  state: runState,
  createdAt: z.string(),
  settings: searchSettings,
  evaluated: z.number(),
  failed: z.number(),
  elapsedSeconds: z.number(),
  /** Words of the person's by which they find the run. */
  tags: z.array(z.string()),
  /** Set when the file could not be read: listed, but not opened. */
  error: errorReportSchema.nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const layerRow = z.object({
  name: z.string(),
  kind: z.enum(['Conv', 'Gemm', 'MatMul']),
  height: z.number(),
  width: z.number(),
  channels: z.number(),
  weights: z.number(),
  parameters: z.number(),
  macs: z.number(),
  /** ln of the layer's sum: its part of ZiCo. */
  log: z.number(),
  logCapped: z.number(),
  /** ln(H W / sqrt C): its part of the bias. */
  bias: z.number(),
  gradientNorms: z.array(z.number()),
});
export type LayerRow = z.infer<typeof layerRow>;

export const candidateDetail = z.object({
  row: candidateRow,
  layers: z.array(layerRow),
  termCap: z.number().nullable(),
  losses: z.array(z.number()),
  scoringSeconds: z.number().nullable(),
  engine: engineIdentity.nullable(),
  latency: z
    .object({
      latencyMs: z.number(),
      p90Ms: z.number(),
      minMs: z.number(),
      runsMs: z.array(z.number()),
      /** One sentence: runner, version, precision, threads, warm-up, runs, device. */
      conditions: z.string(),
      /** Null where no phone measured. */
      phone: phoneLatency.nullable(),
    })
    .nullable(),
});
export type CandidateDetail = z.infer<typeof candidateDetail>;

export const runView = z.object({
  summary: runSummary,
  dataDescription: z.string(),
  /** What was found when the run began; runs of older versions have none. */
  warnings: z.array(warningRow),
  productVersion: z.string(),
  space: spaceDescription,
});
export type RunView = z.infer<typeof runView>;

export const runProgress = z.object({
  run: runId,
  state: runState,
  /** Grows with every stored candidate and every change of state or phase; never goes back. */
  revision: z.number(),
  evaluated: z.number(),
  failed: z.number(),
  /** Candidates the budget allows, where it can be known. */
  planned: z.number().nullable(),
  generation: z.number(),
  /** What the machine does now. */
  phase: z.enum(['idle', 'preparing', 'scoring', 'measuring']),
  candidatesPerMinute: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  elapsedSeconds: z.number(),
  /** Who scores; null where that is not settled yet, and in files older than that. */
  scoring: scoringPlanSchema.nullable(),
  /** Why the search ended with an error. */
  error: errorReportSchema.nullable(),
});
export type RunProgress = z.infer<typeof runProgress>;

export const modelSettings = z.strictObject({
  task: z.enum(['classification', 'segmentation', 'detection']),
  /** Folder or file chosen by the person; null for the images that ship with the product. */
  data: z.string().nullable(),
  batches: z.number().int().min(2).max(64),
  /** Null takes a size that fits the task and the images. */
  batchSize: z.number().int().min(1).max(4096).nullable(),
  seed: z.number().int().min(0).max(0xffff_ffff),
  /** The file's own weights, or fresh ones of that scheme. */
  weights: z.enum(['file', 'pytorch-default', 'kaiming-normal-fan-out']),
  engine: engineWishSchema,
  precision: precisionSchema,
});
export type ModelSettings = z.infer<typeof modelSettings>;

const modelId = z.number().int().positive();

export const scoredModel = z.object({
  task: z.string(),
  zico: z.number(),
  zicoCapped: z.number(),
  bias: z.number(),
  termCap: z.number(),
  parameters: z.number(),
  macs: z.number(),
  layers: z.array(layerRow),
  batches: z.number(),
  batchSize: z.number(),
  dataDescription: z.string(),
  /** What the file says of its normalisations: kept, folded away or absent. */
  batchNormalization: z.string(),
  /** What a person should read before comparing this score with another. */
  warnings: z.array(warningRow),
  engine: engineIdentity,
  /** Why it is not the engine that was asked, or the usual one; null where nothing has to be said. */
  engineNote: z.string().nullable(),
  seconds: z.number(),
});
export type ScoredModel = z.infer<typeof scoredModel>;

/** A model of the person's, in the order in which it was added. */
export const modelRow = z.object({
  id: modelId,
  name: z.string(),
  /** Where the file lies, for showing only. */
  path: z.string(),
  state: z.enum(['waiting', 'scoring', 'scored', 'failed', 'cancelled']),
  score: scoredModel.nullable(),
  error: errorReportSchema.nullable(),
});
export type ModelRow = z.infer<typeof modelRow>;

export const modelList = z.object({
  settings: modelSettings,
  models: z.array(modelRow),
  /** Models are being scored, or wait for their turn. */
  busy: z.boolean(),
});
export type ModelList = z.infer<typeof modelList>;

export const exportFormat = z.enum(['onnx', 'pytorch', 'safetensors', 'npz', 'json', 'html']);
export type ExportFormat = z.infer<typeof exportFormat>;

const none = z.tuple([]);
const nothing = z.null();

/** Arguments are a tuple: none, or one value. */
export const methods = {
  'app.describe': { args: none, result: appDescription },
  'spaces.list': { args: none, result: z.array(spaceDescription) },
  /** Asks the person for a folder of images; null when they cancel. */
  'data.chooseFolder': {
    args: none,
    result: z.object({ path: z.string(), description: z.string() }).nullable(),
  },
  'search.start': {
    args: z.tuple([
      z.strictObject({
        name: z.string().max(100),
        settings: searchSettings,
        /** One of the person's own spaces, in place of the one that the settings name. */
        ownSpace: z.string().optional(),
        /** Images are scored at this size, in place of the space's own. */
        scoringSize: imageSize.optional(),
        /** Absent: all automatic. */
        scoring: scoringWishSchema.optional(),
      }),
    ]),
    result: z.object({ run: runId }),
  },
  'search.stop': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  'search.resume': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  'runs.list': { args: none, result: z.array(runSummary) },
  /** Asks the person for a run file; null when they cancel. */
  'runs.chooseFile': { args: none, result: z.object({ run: runId }).nullable() },
  /** The run whose file the system asked this app to open since the last call; null when there is none. */
  'runs.opened': { args: none, result: z.object({ run: runId }).nullable() },
  'runs.view': { args: z.tuple([z.strictObject({ run: runId })]), result: runView },
  'runs.progress': { args: z.tuple([z.strictObject({ run: runId })]), result: runProgress },
  /** The first `most` candidates with id > after, in id order. */
  'runs.candidates': {
    args: z.tuple([
      z.strictObject({
        run: runId,
        after: z.number().int().min(0),
        most: z.number().int().min(1).max(10_000),
      }),
    ]),
    result: candidatePage,
  },
  'runs.candidate': {
    args: z.tuple([z.strictObject({ run: runId, id: candidateId })]),
    result: candidateDetail,
  },
  /** Asks for a folder and writes the files there; null when cancelled. The figures (json) always come along. */
  'candidate.export': {
    args: z.tuple([
      z.strictObject({ run: runId, id: candidateId, formats: z.array(exportFormat).min(1) }),
    ]),
    result: z.object({ folder: z.string(), files: z.array(z.string()) }).nullable(),
  },
  /** Shows the last exported folder in the system's file manager. */
  'candidate.reveal': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  'models.list': { args: none, result: modelList },
  /** Asks for ONNX files and scores them one after another; false when the person cancels. */
  'models.choose': { args: none, result: z.boolean() },
  /** Files dropped onto the window. Only the bridge's own `drop` calls this: pages know no paths. */
  'models.dropped': {
    args: z.tuple([z.strictObject({ paths: z.array(z.string().min(1)).min(1).max(1000) })]),
    result: nothing,
  },
  /** Scores every model of the list again with these settings. */
  'models.configure': {
    args: z.tuple([z.strictObject({ settings: modelSettings })]),
    result: nothing,
  },
  /** Scores one that failed or was cancelled once more. */
  'models.retry': { args: z.tuple([z.strictObject({ id: modelId })]), result: nothing },
  'models.remove': { args: z.tuple([z.strictObject({ id: modelId })]), result: nothing },
  /** Stops scoring; what waits is cancelled as well. */
  'models.cancel': { args: none, result: nothing },
  ...preferenceMethods,
  ...noteMethods,
  ...candidateMethods,
  ...benchmarkMethods,
  ...phoneMethods,
  ...phoneActivityMethods,
  ...spaceMethods(spaceDescription, errorReportSchema),
} as const;

export const events = {
  /** Something about the run changed; the page asks again. */
  'run.changed': z.object({ run: runId, revision: z.number() }),
  /** The system asked for a run file to be opened; the page asks which. */
  'files.opened': z.object({}),
  /** Which file of an export is being made, of how many. */
  'export.progress': z.object({
    run: runId,
    id: candidateId,
    file: z.string(),
    index: z.number(),
    count: z.number(),
  }),
  /** The list of models changed; the page asks again. */
  'models.changed': z.object({}),
  ...preferenceEvents,
  ...benchmarkEvents,
  ...phoneEvents,
  ...phoneActivityEvents,
  /** A command of the application menu. */
  'menu.command': z.object({
    command: z.enum(['new-search', 'open-run', 'runs', 'palette', 'settings']),
  }),
} as const;

export type MethodName = keyof typeof methods;
export type MethodArguments<M extends MethodName> = z.infer<(typeof methods)[M]['args']>;
export type MethodResult<M extends MethodName> = z.infer<(typeof methods)[M]['result']>;
export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.infer<(typeof events)[E]>;

/** A call never rejects across the bridge: errors keep code, message and hint. */
export type CallResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorReport };

/** What the preload script exposes as `window.workbench`. */
export interface Bridge {
  call<M extends MethodName>(
    method: M,
    ...args: MethodArguments<M>
  ): Promise<CallResult<MethodResult<M>>>;
  /** Scores ONNX files that a person dropped; their paths never come into the page. */
  drop(files: readonly File[]): Promise<CallResult<null>>;
  /** Returns the function that ends the subscription. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
}
