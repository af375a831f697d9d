/** The part of the contract about runs: what they are, how far they have got, and their candidates. */
import { z } from 'zod';
import { networkFactsSchema } from '../main/common/network-facts.ts';
import { exportFormats, type ExportFormat } from '../main/common/export-formats.ts';
import { layerKinds } from '../main/common/layer-kinds.ts';
import { runPhases, runStates, type RunState } from '../main/common/run-states.ts';
import { candidateRow } from './candidate-page.ts';
import { runId } from './identifiers.ts';
import { measuredLatency } from './measured-latency.ts';
import { errorReportSchema, warningSchema } from '../main/common/report.ts';
import { engineIdentitySchema, scoringPlanSchema } from '../main/common/engines.ts';
import { searchSettingsSchema } from '../main/common/settings/index.ts';
import { spaceSummary } from './searching.ts';

const runState = z.enum(runStates);
export type { RunState };

export const runSummary = z.object({
  run: runId,
  /** File name without folder, shown as the title. */
  name: z.string(),
  /** Where the file is, for display only. */
  path: z.string(),
  state: runState,
  createdAt: z.string(),
  settings: searchSettingsSchema,
  evaluated: z.number(),
  failed: z.number(),
  elapsedSeconds: z.number(),
  /** A person's own tags for finding the run. */
  tags: z.array(z.string()),
  /** Set if the file could not be read: it is listed, but cannot be opened. */
  error: errorReportSchema.nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const layerRow = z.object({
  name: z.string(),
  kind: z.enum(layerKinds),
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
  /** Layer counts and proxies; null in older runs. */
  facts: networkFactsSchema.readonly().nullable(),
  engine: engineIdentitySchema.nullable(),
  latency: measuredLatency.nullable(),
});
export type CandidateDetail = z.infer<typeof candidateDetail>;

export const runView = z.object({
  summary: runSummary,
  dataDescription: z.string(),
  /** Warnings from when the run started; runs of older versions have none. */
  warnings: z.array(warningSchema),
  productVersion: z.string(),
  /** Nothing can be noted in the file. */
  readOnly: z.boolean(),
  space: spaceSummary,
});
export type RunView = z.infer<typeof runView>;

export const runProgress = z.object({
  run: runId,
  state: runState,
  /** Grows with every stored candidate and every change of state or phase; never decreases. */
  revision: z.number(),
  evaluated: z.number(),
  failed: z.number(),
  /** Candidates that the budget allows; null if unknown. */
  planned: z.number().nullable(),
  generation: z.number(),
  phase: z.enum(runPhases),
  /** Id of the candidate whose latency began to be measured last; null while none is. */
  measuring: z.number().nullable(),
  /** How many networks of the expected front have been scored, of those that will be; null but in that phase. */
  confirmed: z.object({ done: z.number(), planned: z.number() }).nullable(),
  candidatesPerMinute: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  elapsedSeconds: z.number(),
  /** What scores; null if not decided yet, and in files older than this entry. */
  scoring: scoringPlanSchema.nullable(),
  /** The share of their time that scoring processes computed in this session of the app; null where nobody knows. */
  computing: z.number().min(0).max(1).nullable(),
  /** The error that ended the search, if any. */
  error: errorReportSchema.nullable(),
});
export type RunProgress = z.infer<typeof runProgress>;

export const exportFormat = z.enum(exportFormats);
export type { ExportFormat };
