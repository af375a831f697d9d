/** Words on who scores: the engine and its processes. */
import { plural } from '../ground/words/plural.ts';

export const scoringText = {
  group: 'Scoring',
  automatic: 'Automatic',
  engine: 'Engine',
  engineHint: 'Automatic: onednn where it is available and has every operator',
  engines: [
    { value: 'auto', label: 'Automatic' },
    { value: 'onednn', label: 'onednn' },
    { value: 'onnxruntime', label: 'onnxruntime' },
  ],
  precision: 'Precision of convolutions',
  precisionHint: 'bf16 rounds their operands: faster, for screening',
  /** In place of the hint where bf16 is no choice. */
  onlyOnednn: 'bf16 is offered by onednn only',
  precisions: [
    { value: 'float32', label: 'float32' },
    { value: 'bf16', label: 'bf16' },
  ],
  processes: 'Scoring processes',
  processesHint: 'Automatic: tries one and several and takes the faster',
  /** A version with what a person must know beside it. */
  version: ({ version, precision }: { version: string; precision?: string | undefined }) =>
    precision === undefined || precision === 'float32' ? version : `${version} in ${precision}`,
  /** @param workers null while it is not settled */
  plan: (engine: string, version: string, workers: number | null, threads: number | null) =>
    workers === null || threads === null
      ? `${engine} ${version}`
      : `${engine} ${version}, ${plural(workers, 'process', 'processes')} of ${plural(threads, 'thread', 'threads')}`,
} as const;
