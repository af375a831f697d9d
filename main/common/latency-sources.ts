/**
 * Where latencies come from, as known to both sides of the bridge: one entry for each source. The compiler also
 * demands what computes them: for an estimate an entry in main/latency/predicted/devices.ts, for a source that runs
 * networks on this computer a line in main/workbench/latency-sources.ts.
 */

export interface LatencySourceTraits {
  /** How its figures are obtained: runs are timed, an estimate is computed, or MACs take the place of latencies. */
  readonly by: 'measuring' | 'estimating' | 'counting';
  /** Where it runs networks. */
  readonly on: 'this computer' | 'phones' | 'nothing';
  /** Label in the form. */
  readonly label: string;
  /** One line shown below the choice. */
  readonly hint: (computer: { readonly processor: string }) => string;
  /** Its words in a list of a run's settings. */
  readonly words: string;
  /** What the help of the command line says after its name. */
  readonly help: string;
}

const fromMeasurements =
  'From published measurements with TensorFlow Lite; nothing is measured here';

const onCpu = (core: string, precision: string) =>
  ({
    by: 'estimating',
    on: 'nothing',
    label: `Estimated for a Galaxy S10 (CPU, ${core} core, ${precision})`,
    hint: () => fromMeasurements,
    words: `estimated latency of a Galaxy S10's ${core} core, ${precision}`,
    help: `estimates that of one ${core} core of its CPU, ${precision}`,
  }) as const;

/** One core of a Galaxy S10's CPU, running TensorFlow Lite. */
const s10Cpu = {
  'predicted-s10-cpu-int8': onCpu('big', 'int8'),
  'predicted-s10-cpu': onCpu('big', 'float32'),
  'predicted-s10-cpu-mid-int8': onCpu('middle', 'int8'),
  'predicted-s10-cpu-mid': onCpu('middle', 'float32'),
  'predicted-s10-cpu-little-int8': onCpu('little', 'int8'),
  'predicted-s10-cpu-little': onCpu('little', 'float32'),
} as const;

const traits = {
  host: {
    by: 'measuring',
    on: 'this computer',
    label: 'Measured on this computer',
    hint: ({ processor }) => `Each network runs alone, one thread, on ${processor}`,
    words: 'latency of this computer',
    help: 'measures on this computer',
  },
  phone: {
    by: 'measuring',
    on: 'phones',
    label: 'Measured on a Galaxy S10 over USB',
    hint: () => 'Each network runs on a phone that is plugged in, while others are scored',
    words: 'latency of a phone',
    help: 'measures on a phone',
  },
  'predicted-s10-gpu': {
    by: 'estimating',
    on: 'nothing',
    label: 'Estimated for a Galaxy S10 (GPU)',
    hint: () => fromMeasurements,
    words: 'estimated latency of a Galaxy S10',
    help: "estimates that of a Galaxy S10's GPU",
  },
  ...s10Cpu,
  macs: {
    by: 'counting',
    on: 'nothing',
    label: 'Not measured: MACs instead',
    hint: () => 'Multiply-accumulates for one image; faster, and the same on every computer',
    words: 'MACs for latency',
    help: 'counts',
  },
} as const satisfies Readonly<Record<string, LatencySourceTraits>>;

type Traits = typeof traits;
/** What a search trades against the score. */
export type LatencyKind = keyof Traits;
type KindsBy<By extends LatencySourceTraits['by']> = {
  [K in LatencyKind]: Traits[K]['by'] extends By ? K : never;
}[LatencyKind];
type KindsOn<On extends LatencySourceTraits['on']> = {
  [K in LatencyKind]: Traits[K]['on'] extends On ? K : never;
}[LatencyKind];

/** Sources that give a duration; MACs are counted, not timed. */
export type LatencySourceKind = KindsBy<'measuring' | 'estimating'>;
export type PredictedKind = KindsBy<'estimating'>;
/** Sources that run networks on this computer. */
export type MeasuredHereKind = KindsOn<'this computer'>;
/** Sources that need no phone. */
export type PhonelessSourceKind = Exclude<LatencySourceKind, KindsOn<'phones'>>;

export const latencyTraits: Readonly<Record<LatencyKind, LatencySourceTraits>> = traits;
const kinds = Object.keys(traits) as LatencyKind[];
export const latencyKinds: readonly LatencyKind[] = kinds;

export const timedKinds = latencyKinds.filter(isTimed);

/** True if latencies are durations, measured or estimated, rather than MACs in their place. */
export function isTimed(kind: LatencyKind): kind is LatencySourceKind {
  return latencyTraits[kind].by !== 'counting';
}

export function isEstimate(kind: LatencyKind): kind is PredictedKind {
  return latencyTraits[kind].by === 'estimating';
}
