/**
 * The library, `import ... from 'zico-workbench'`: what the command line does, for programs. Documented in
 * docs/library.md, whose examples the tests run. Importing it starts nothing.
 */
export { WorkbenchError } from '../errors.ts';
export { productVersion as version } from '../version.ts';
export { toCsv } from '../common/csv.ts';
export { defaultSearchSettings, type SearchSettings } from '../common/settings/index.ts';
export { benchmark, type BenchmarkOptions } from './benchmark.ts';
export { exportNetwork, type Exported, type ExportOptions } from './export.ts';
export { measure, type MeasureOptions } from './measure.ts';
export { measureOnPhone, type PhoneMeasureOptions } from './measure-on-phone.ts';
export { openRun, Run, type OpenOptions } from './run.ts';
export { score, type ScoreOptions } from './score.ts';
export { resume, search, type Progress, type ResumeOptions, type SearchOptions } from './search.ts';
export type { BenchmarkReport } from '../asked/benchmark.ts';
export type { CandidateRow } from '../workbench/candidate-rows.ts';
export type { ScoreReport } from '../asked/score.ts';
export type { SearchResult } from '../asked/search-result.ts';
export type { MeasuredOnPhone } from '../measure-model/measure-on-phone.ts';
export type {
  CodedGene,
  ImageSize,
  NetworkBuilder,
  NetworkInput,
  Random,
  SpaceInCode,
} from '../space-code/interface.ts';
export type { MeasuredModelFile } from '../measure-model/measure-model.ts';
