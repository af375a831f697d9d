/**
 * Where an estimate stands against what was measured to fit it: inside, its error is that of networks of the same
 * kinds of operations that were left out of the fit; outside, that error widened by how far.
 */
import { operationKinds, type Operation, type OperationKind } from './operation.ts';

/** What of a network an estimate and its error go by; counts are for one image. */
export interface NetworkContent {
  readonly operations: readonly Operation[];
  /** Height times width of the image. */
  readonly pixels: number;
  /** Operators that were in no measured network. */
  readonly unmeasured: {
    readonly names: readonly string[];
    /** Of the elements that all operations write, the share that these write: 0 to 1. */
    readonly share: number;
  };
}

/** Sums over a whole network in which the range is stated, in words. */
export const wholeSums = {
  macs: 'MACs',
  parameters: 'parameters',
  operations: 'number of operations',
  pixels: 'size of the image',
} as const;
export type WholeSum = keyof typeof wholeSums;

const kindsInWords: Readonly<Record<OperationKind, string>> = {
  'conv-1x1': '1 x 1 convolutions',
  'conv-3x3': '3 x 3 convolutions',
  'conv-other': 'other convolutions',
  'conv-vector': 'convolutions of a single pixel',
  'conv-grouped': 'grouped convolutions',
  'conv-depthwise': 'depthwise convolutions',
  'fully-connected': 'fully connected layers',
  pool: 'pooling',
  mean: 'means',
  concat: 'concatenation',
};

export interface MeasuredRange {
  /** Least and most of the measured networks. */
  readonly whole: Readonly<Record<WholeSum, readonly [number, number]>>;
  /** Most of each kind in one measured network: MACs, and elements read and written; 0 where none had it. */
  readonly kinds: Readonly<
    Record<OperationKind, { readonly macs: number; readonly elements: number }>
  >;
}

/** Absolute errors, in percent, of networks that were left out of the fit with their whole family. */
export interface LeftOutError {
  readonly networks: number;
  readonly medianPercent: number;
  readonly p90Percent: number;
}

export interface KnownErrors {
  readonly whole: LeftOutError;
  /** Of the networks that owe at least `notable` of their time to the kind; null where these are too few. */
  readonly kinds: Readonly<Record<OperationKind, LeftOutError | null>>;
}

export interface EstimateError {
  readonly medianPercent: number;
  readonly p90Percent: number;
  /** What lies outside of the measured, in words; empty inside. */
  readonly outside: readonly string[];
}

/** The share of a network's time from which on a kind of operation decides how far an estimate is off. */
export const notable = 0.1;
/** Fewer networks than this say nothing of nine in ten. */
export const fewest = 10;
/**
 * What an error grows by outside: at once, and with every doubling beyond. Found on families, tens and extremes
 * that were left out (docs/validation.md).
 */
const atOnce = 1.5;
const perDoubling = 1.15;
/** Percent: an estimate that may be off by more than tenfold says nothing. */
export const mostPercent = 900;

/** Sums of a network in the quantities of `MeasuredRange`. */
export function sumsOf({ operations, pixels }: Pick<NetworkContent, 'operations' | 'pixels'>): {
  readonly whole: Readonly<Record<WholeSum, number>>;
  readonly kinds: MeasuredRange['kinds'];
} {
  const kinds = Object.fromEntries(
    operationKinds.map((kind) => {
      const own = operations.filter((operation) => operation.kind === kind);
      const elements = sum(own.map((one) => one.inputElements + one.outputElements));
      return [kind, { macs: sum(own.map(({ macs }) => macs)), elements }];
    }),
  ) as MeasuredRange['kinds'];
  return {
    whole: {
      macs: sum(operations.map(({ macs }) => macs)),
      parameters: sum(operations.map(({ weights }) => weights)),
      operations: operations.length,
      pixels,
    },
    kinds,
  };
}

export function rangeOf(
  networks: readonly Pick<NetworkContent, 'operations' | 'pixels'>[],
): MeasuredRange {
  const sums = networks.map(sumsOf);
  const whole = (Object.keys(wholeSums) as WholeSum[]).map((key) => {
    const values = sums.map((one) => one.whole[key]);
    return [key, [Math.min(...values), Math.max(...values)]];
  });
  const most = (kind: OperationKind, of: 'macs' | 'elements'): number =>
    Math.max(...sums.map(({ kinds }) => kinds[kind][of]));
  const kinds = operationKinds.map((kind) => [
    kind,
    { macs: most(kind, 'macs'), elements: most(kind, 'elements') },
  ]);
  return {
    whole: Object.fromEntries(whole) as MeasuredRange['whole'],
    kinds: Object.fromEntries(kinds) as MeasuredRange['kinds'],
  };
}

/**
 * How far a network lies beyond what was measured, in doublings of the quantity in which it lies furthest, and in
 * which quantities; 0 and none inside.
 */
export function beyond(
  content: NetworkContent,
  range: MeasuredRange,
): { readonly doublings: number; readonly outside: readonly string[] } {
  const { whole, kinds } = sumsOf(content);
  const outside: string[] = [];
  let doublings = 0;
  const compare = (what: string, ...factors: number[]): void => {
    const most = Math.max(...factors);
    if (!(most > 1)) return;
    outside.push(what);
    doublings = Math.max(doublings, Math.log2(most));
  };
  for (const key of Object.keys(wholeSums) as WholeSum[]) {
    const [least, most] = range.whole[key];
    compare(wholeSums[key], whole[key] / most, least / Math.max(whole[key], 1));
  }
  for (const kind of operationKinds) {
    const { macs, elements } = kinds[kind];
    const most = range.kinds[kind];
    // A kind of which nothing was measured: whatever there is of it is beyond.
    const factor = (value: number, limit: number): number =>
      value === 0 ? 0 : value / Math.max(limit, 1);
    compare(kindsInWords[kind], factor(macs, most.macs), factor(elements, most.elements));
  }
  const { names } = content.unmeasured;
  if (names.length > 0) outside.push(`operators that were not measured (${names.join(', ')})`);
  return { doublings, outside };
}

/**
 * The error of an estimate.
 * @param shares of the estimated time that each kind of operation has
 */
export function errorOf(
  content: NetworkContent,
  shares: ReadonlyMap<OperationKind, number>,
  { range, errors }: { readonly range: MeasuredRange; readonly errors: KnownErrors },
): EstimateError {
  const { doublings, outside } = beyond(content, range);
  const deciding = operationKinds.flatMap((kind) => {
    const known = errors.kinds[kind];
    return known !== null && (shares.get(kind) ?? 0) >= notable ? [known] : [];
  });
  const within = deciding.length > 0 ? deciding : [errors.whole];
  const medianPercent = Math.max(...within.map((one) => one.medianPercent));
  const p90Percent = Math.max(...within.map((one) => one.p90Percent));
  if (outside.length === 0) return { medianPercent, p90Percent, outside };
  // Of the time of operators that were never measured nothing is known but that it comes on top.
  const known = Math.max(1 - content.unmeasured.share, 0);
  const widened = (percent: number): number => {
    const factor = (1 + (atOnce * percent) / 100) * perDoubling ** doublings;
    return Math.min(100 * (factor / known - 1), mostPercent);
  };
  return { medianPercent: widened(medianPercent), p90Percent: widened(p90Percent), outside };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
