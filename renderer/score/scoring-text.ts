/** Words about who scores: the engine and its processes. */
import { engineNames, engineTraits } from '../../main/common/engines.ts';
import { plural } from '../ground/words/plural.ts';

export const scoringText = {
  group: 'Scoring',
  automatic: 'Automatic',
  engine: 'Engine',
  engineHint: 'Automatic: onednn where it is available and has every operator',
  engines: [
    { value: 'auto', label: 'Automatic' },
    ...engineNames.map((value) => ({ value, label: engineTraits[value].label })),
  ],
  precision: 'Precision of convolutions',
  precisionHint: 'Automatic: Winograd for capped scores of four batches or more',
  /** In place of the hint where there is less to choose from. */
  onlyOnednn: 'Winograd and bf16 are offered by onednn only',
  precisions: [
    { value: 'auto', label: 'Automatic' },
    { value: 'float32', label: 'float32' },
    { value: 'float32-winograd', label: 'float32, Winograd' },
    { value: 'bf16', label: 'bf16' },
  ],
  processes: 'Scoring processes',
  processesHint: 'Automatic: tries one and several and takes the faster',
  /** A version, with what a person must know about it. */
  version: (of: {
    version: string;
    precision?: string | undefined;
    instructions?: string | undefined;
  }) => {
    const rounded =
      of.precision === undefined || of.precision === 'float32' ? '' : ` in ${of.precision}`;
    return `${of.version}${rounded}${of.instructions === undefined ? '' : ` (${of.instructions})`}`;
  },
  /** @param workers null while it is not settled */
  plan: (engine: string, version: string, workers: number | null, threads: number | null) =>
    workers === null || threads === null
      ? `${engine} ${version}`
      : `${engine} ${version}, ${plural(workers, 'process', 'processes')} of ${plural(threads, 'thread', 'threads')}`,
} as const;
