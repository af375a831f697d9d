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
import { spaceDescription } from './searching.ts';

const runState = z.enum(runStates);
export type { RunState };

export const runSummary = z.object({
  run: runId,
  /** File name without folder, shown as title. */
  name: z.string(),
  /** Where the file lies, for showing only. */
  path: z.string(),
  state: runState,
  createdAt: z.string(),
  settings: searchSettingsSchema,
  evaluated: z.number(),
  failed: z.number(),
  elapsedSeconds: z.number(),
  /** The person's own words for finding the run. */
  tags: z.array(z.string()),
  /** Set when the file could not be read: listed, but not opened. */
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
  /** Counts of its layers and what proxies say; null in older runs. */
  facts: networkFactsSchema.readonly().nullable(),
  engine: engineIdentitySchema.nullable(),
  latency: measuredLatency.nullable(),
});
export type CandidateDetail = z.infer<typeof candidateDetail>;

export const runView = z.object({
  summary: runSummary,
  dataDescription: z.string(),
  /** What was found when the run began; runs of older versions have none. */
  warnings: z.array(warningSchema),
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
  phase: z.enum(runPhases),
  candidatesPerMinute: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  elapsedSeconds: z.number(),
  /** Who scores; null where that is not settled yet, and in files that are older than this entry. */
  scoring: scoringPlanSchema.nullable(),
  /** Why the search ended with an error. */
  error: errorReportSchema.nullable(),
});
export type RunProgress = z.infer<typeof runProgress>;

export const exportFormat = z.enum(exportFormats);
export type { ExportFormat };
