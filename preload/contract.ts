/**
 * The one contract between window and main side: method -> schema of arguments and result,
 * event -> schema. The renderer's types, the preload bridge and main's registration all derive from it.
 */
import { z } from 'zod';
import { benchmarkEvents, benchmarkMethods } from './benchmarks.ts';
import { candidatePage } from './candidate-page.ts';
import { candidateMethods } from './candidates.ts';
import { warningSchema } from '../main/common/report.ts';
import { spaceMethods } from './contract-spaces.ts';
import { candidateId, none, nothing, runId } from './identifiers.ts';
import { modelGraphMethods } from './model-graphs.ts';
import { modelMethods } from './models.ts';
import { noteEvents, noteMethods } from './notes.ts';
import { passingOnMethods } from './passing-on.ts';
import { savingMethods } from './saving.ts';
import { supportMethods } from './support.ts';
import { trainedMethods } from './trained.ts';
import { farmChoice, farmEvents, farmMethods } from './farm.ts';
import { phoneActivityEvents, phoneActivityMethods } from './phone-activity.ts';
import { phoneEvents, phoneMethods } from './phones.ts';
import { preferenceEvents, preferenceMethods } from './preferences.ts';
import { dataOpeningFor, dataProgressSchema } from '../main/common/data-progress.ts';
import { shownImageMethods } from './shown-images.ts';
import { searchBenchmarkEvents, searchBenchmarkMethods } from './search-benchmarks.ts';
import { rangeChoiceSchema } from '../main/common/quantising.ts';
import { convertEvents, convertMethods } from './converting.ts';
import { errorReportSchema, type ErrorReport } from '../main/common/report.ts';
import { searchSettingsSchema } from '../main/common/settings/index.ts';
import { runModel } from './model.ts';
import { queueEvents, queueMethods } from './queue.ts';
import { candidateDetail, exportFormat, runProgress, runSummary, runView } from './runs.ts';
import { appDescription, spaceSummary } from './searching.ts';
import { mostTitleLength, wantedSearch } from './wanted-search.ts';

export type { BenchmarkState, BenchmarkSummary, BenchmarkView } from './benchmarks.ts';
export type { CandidatePage, PageRow } from './candidate-page.ts';
export type {
  GivenZico,
  Load,
  MeasuredAgain,
  MeasuredNetwork,
  ScoredAgain,
  ScoredNetwork,
} from './candidates.ts';
export {
  modelList,
  modelRow,
  modelSettings,
  scoredModel,
  type ModelLatency,
  type ModelList,
  type ModelRow,
  type ModelSettings,
  type ScoredModel,
} from './models.ts';
export type {
  SearchBenchmarkList,
  SearchBenchmarkSummary,
  SearchBenchmarkView,
} from './search-benchmarks.ts';
export type { MeasuredLatency } from './measured-latency.ts';
export type { Conversion, ConvertedModel } from './converting.ts';
export type { Mark } from './notes.ts';
export type { SavedKind } from './saving.ts';
export { keptPlaces, longestMessages, type KeptPlace, type StorageUsed } from './support.ts';
export type { LookedAtModelView, TrainedGroupView, TrainedModelView } from './trained.ts';
export { farmChoice, type FarmChoice, type FarmPlaces, type FarmView } from './farm.ts';
export type { FarmPhone, FarmStatus, WorkerRecord } from '../main/common/farm.ts';
export type { PhoneLatency } from './phone-latency.ts';
export type * from './phones.ts';
export {
  defaultPreferences,
  type PanelLayout,
  preferencesSchema,
  type Preferences,
  type UpdateState,
} from './preferences.ts';
export type { ArchitectureNode } from '../main/common/architecture.ts';
export type {
  BenchmarkedNetwork,
  BenchmarkPass,
  BenchmarkSettings,
  JudgedPredictors,
} from '../main/common/benchmarks.ts';
export type {
  EngineWish,
  PrecisionWish,
  ScoringPlan,
  ScoringWish,
} from '../main/common/engines.ts';
export type { PhoneActivity } from '../main/common/phone-activity.ts';
export type { PhoneIdentity, PhoneState, RunnerIdentity } from '../main/common/phones.ts';
export type { PhoneRepeat } from '../main/common/phone-measurement.ts';
export type { PhoneConditions } from '../main/common/phone-conditions.ts';
export type { PhoneSettings } from '../main/common/phone-settings.ts';
export type { ErrorReport, Warning } from '../main/common/report.ts';
export type { ModelBox, ModelGraph, ModelNode, TensorFacts } from '../main/common/model-graph.ts';
export type { ShownBatch, ShownImage } from '../main/common/shown-images.ts';
export type {
  DrawnNetwork,
  SpaceFault,
  SpaceSizes,
  TriedNetwork,
} from '../main/common/space-facts.ts';
export type { SearchSettings } from '../main/common/settings/index.ts';
export {
  queuedStates,
  searchToQueue,
  type QueuedSearch,
  type QueuedState,
  type QueueView,
  type SearchToQueue,
  type SweepView,
  type SweptSearchView,
} from './queue.ts';
export * from './model.ts';
export * from './runs.ts';
export {
  appDescription,
  spaceSummary,
  type AppDescription,
  type SpaceSummary,
} from './searching.ts';

const searchRate = z.object({
  secondsPerCandidate: z.number().positive(),
  /** Networks that were scored for it. */
  networks: z.number().int(),
});
export type SearchRate = z.infer<typeof searchRate>;

const chosenData = z.object({
  path: z.string(),
  description: z.string(),
  images: z.number(),
  /** What is wrong with it, a sentence for each kind of problem. */
  problems: z.array(z.string()).readonly(),
});

/** Arguments are a tuple of one value or none. */
export const methods = {
  'app.describe': { args: none, result: appDescription },
  'spaces.list': { args: none, result: z.array(spaceSummary) },
  /** Asks the person for a folder of images; null if cancelled. */
  'data.chooseFolder': { args: none, result: chosenData.nullable() },
  /** The same of a dropped folder. Only the bridge's own `dropData` calls this: pages know no paths to open. */
  'data.dropped': {
    args: z.tuple([z.strictObject({ path: z.string() })]),
    result: chosenData.nullable(),
  },
  /**
   * The warning, if any, before a search with estimated latencies: that most of its space lies outside of
   * what was measured. Null if there is nothing to warn about.
   */
  'search.estimateWarning': {
    args: z.tuple([
      z.strictObject({
        space: z.string(),
        ownSpace: z.string().optional(),
        latency: searchSettingsSchema.shape.latency,
      }),
    ]),
    result: warningSchema.nullable(),
  },
  /**
   * Stops opening images; calls that wait for them fail with `data-aborted`, and a choice of a folder counts as
   * cancelled.
   */
  'data.stop': {
    args: z.tuple([z.strictObject({ purpose: dataOpeningFor })]),
    result: nothing,
  },
  'search.start': {
    args: z.tuple([
      z.strictObject({
        ...wantedSearch,
        name: z.string().max(mostTitleLength),
        /** Run whose candidates the search begins with: one that `search.beginnings` answers. */
        from: runId.optional(),
        /** Absent: this computer alone. */
        farm: farmChoice.optional(),
      }),
    ]),
    result: z.object({ run: runId }),
  },
  /** Those of the runs whose candidates such a search may begin with: nothing of them is scored again. */
  'search.beginnings': {
    args: z.tuple([z.strictObject({ ...wantedSearch, runs: z.array(runId).max(50) })]),
    result: z.array(runId),
  },
  /**
   * How long a candidate of such a search would take here, by scoring a few networks of its space unless that was
   * done before. Null where nobody knows: something computes or was started meanwhile, or a phone measures.
   */
  'search.rate': { args: z.tuple([z.strictObject(wantedSearch)]), result: searchRate.nullable() },
  'search.stop': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  /** Pauses the search, keeping its processes and its file open; `search.goOn` ends the pause. */
  'search.pause': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  'search.goOn': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  /** @param more candidates beyond the run's budget, which is raised and stored */
  'search.resume': {
    args: z.tuple([
      z.strictObject({ run: runId, more: z.number().int().min(1).max(10_000).optional() }),
    ]),
    result: nothing,
  },
  'runs.list': { args: none, result: z.array(runSummary) },
  /** Asks the person for a run file; null if cancelled. */
  'runs.chooseFile': { args: none, result: z.object({ run: runId }).nullable() },
  /** The run whose file the system asked this app to open since the last call; null if there is none. */
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
  /**
   * What a newly fitted model of the scores expects. Takes a second, or many in large runs and spaces. Null if
   * nothing has been scored.
   */
  'runs.model': {
    args: z.tuple([z.strictObject({ run: runId, beta: z.number().min(0).max(10).nullable() })]),
    result: runModel.nullable(),
  },
  'runs.candidate': {
    args: z.tuple([z.strictObject({ run: runId, id: candidateId })]),
    result: candidateDetail,
  },
  /** Asks for a folder and writes the files there, the figures (json) in any case; null if cancelled. */
  'candidate.export': {
    args: z.tuple([
      z.strictObject({
        run: runId,
        id: candidateId,
        formats: z.array(exportFormat).min(1),
        ranges: rangeChoiceSchema,
      }),
    ]),
    result: z.object({ folder: z.string(), files: z.array(z.string()) }).nullable(),
  },
  /**
   * Asks for a folder and writes each candidate into one of its own there; null if cancelled before. What could not be
   * written is told with its reason.
   */
  'candidate.exportSeveral': {
    args: z.tuple([
      z.strictObject({
        run: runId,
        ids: z.array(candidateId).min(1).max(1000),
        formats: z.array(exportFormat).min(1),
        ranges: rangeChoiceSchema,
      }),
    ]),
    result: z
      .object({
        folder: z.string(),
        ids: z.array(candidateId),
        failed: z.array(z.object({ id: candidateId, error: errorReportSchema })),
        cancelled: z.boolean(),
      })
      .nullable(),
  },
  /** Finishes the candidate of the run that is being written and begins no other of it. */
  'candidate.cancelExports': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  /** Shows the last folder exported to in the system's file manager. */
  'candidate.reveal': { args: z.tuple([z.strictObject({ run: runId })]), result: nothing },
  ...modelMethods,
  ...modelGraphMethods,
  ...convertMethods,
  ...preferenceMethods,
  ...noteMethods,
  ...passingOnMethods,
  ...savingMethods,
  ...supportMethods,
  ...trainedMethods,
  ...shownImageMethods(wantedSearch),
  ...candidateMethods,
  ...benchmarkMethods,
  ...searchBenchmarkMethods,
  ...phoneMethods,
  ...phoneActivityMethods,
  ...farmMethods,
  ...queueMethods,
  ...spaceMethods(spaceSummary, errorReportSchema),
} as const;

export const events = {
  /** Something about the run changed; the page asks again. */
  'run.changed': z.object({ run: runId, revision: z.number() }),
  /** The system wants a run file to be opened; the page asks which. */
  'files.opened': z.object({}),
  /** Progress of opening images; null once they are open, or once that was cancelled. */
  'data.progress': z.object({
    purpose: dataOpeningFor,
    progress: dataProgressSchema.nullable(),
  }),
  /** The file of an export that is being made, and how many there are. */
  'export.progress': z.object({
    run: runId,
    id: candidateId,
    file: z.string(),
    index: z.number(),
    count: z.number(),
    /** Of several candidates: which it is, and how many there are. */
    several: z.object({ at: z.number(), of: z.number() }).optional(),
  }),
  /** The list of models changed; the page asks again. */
  'models.changed': z.object({}),
  ...convertEvents,
  ...preferenceEvents,
  ...benchmarkEvents,
  ...searchBenchmarkEvents,
  ...phoneEvents,
  ...phoneActivityEvents,
  ...farmEvents,
  ...queueEvents,
  ...noteEvents,
  /** A command of the application menu. */
  'menu.command': z.object({
    command: z.enum([
      'new-search',
      'open-run',
      'runs',
      'palette',
      'settings',
      'guide',
      'shortcuts',
      'report',
    ]),
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
  /** Opens dropped run files and scores dropped models; their paths never reach the page. */
  drop(files: readonly File[]): Promise<CallResult<null>>;
  /** Looks at a model that was dropped on a candidate. */
  dropTrained(
    of: { readonly run: string; readonly id: number },
    file: File,
  ): Promise<CallResult<MethodResult<'trained.dropped'>>>;
  /** Chooses a dropped folder as images. */
  dropData(folder: File): Promise<CallResult<MethodResult<'data.dropped'>>>;
  /** Looks at a dropped model as a graph. */
  dropGraph(file: File): Promise<CallResult<MethodResult<'graphs.dropped'>>>;
  /** Returns the function that ends the subscription. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
}
