/** The numeric columns of a run, which axes, ranges of the filter and colours can show. */
import { proxyKeys } from '../../../main/common/proxies.ts';
import type { Genes } from '../genotype/genotype.ts';
import type { FilterRange } from './filter.ts';
import { fixed, fromTo } from '../../ground/words/format.ts';
import { measuresText } from './text.ts';

export const plainMeasures = [
  'score',
  'latency',
  'macs',
  'parameters',
  'zico',
  'bias',
  ...proxyKeys,
  'generation',
] as const;
export type PlainMeasure = (typeof plainMeasures)[number];
export type GeneKey = `gene:${string}`;
export type MeasureKey = PlainMeasure | GeneKey;

export interface Measure {
  readonly key: MeasureKey;
  readonly title: string;
  /** What a value is divided by before it is written, and the unit behind it then. */
  readonly divisor: number;
  readonly unit: string;
  readonly decimals: number;
  /** One value per candidate, NaN where it has none; may be longer than the number of candidates. */
  readonly values: ArrayLike<number>;
  /** Of a gene: everything it can be, rising. */
  readonly choices: readonly number[] | null;
  /** What a choice is called, where it is no quantity: the backbone of a network, or its kind of convolution. */
  readonly labels?: ReadonlyMap<number, string>;
}

/** Values of the filter and of the chart's tags: "112.4", without the unit; choices by what they are called. */
export function writeValue({ divisor, decimals, labels }: Measure, value: number): string {
  return labels?.get(value) ?? fixed(value / divisor, decimals);
}

/** "12.0 to 20.0 M", "from 800.0", "up to 10.0 ms": an end may be open. */
export function writeRange(measure: Measure, { from, to }: FilterRange): string {
  const { unit } = measure;
  const withUnit = (written: string): string => (unit === '' ? written : `${written} ${unit}`);
  if (from === -Infinity) return withUnit(measuresText.upTo(writeValue(measure, to)));
  if (to === Infinity) return withUnit(measuresText.from(writeValue(measure, from)));
  const [low, high] = [writeValue(measure, from), writeValue(measure, to)];
  return withUnit(low === high ? low : fromTo(low, high));
}

export function geneKey(name: string): GeneKey {
  return `gene:${name}`;
}

/** The gene's name; null for any other measure. */
export function geneOf(key: string): string | null {
  return key.startsWith('gene:') ? key.slice(5) : null;
}

/** Whether the run's space knows a measure that was remembered. */
export function isMeasure(key: unknown, genes: Genes): key is MeasureKey {
  if (typeof key !== 'string') return false;
  if ((plainMeasures as readonly string[]).includes(key)) return true;
  const gene = geneOf(key);
  return gene !== null && genes.some(({ name }) => name === gene);
}

/** Costs are spread over decades in most spaces; everything else is not. */
export function naturallyLogarithmic(key: MeasureKey): boolean {
  return key === 'latency' || key === 'macs' || key === 'parameters';
}

/** Decimals that tell a gene's choices apart, three at most. */
export function decimalsOfChoices(choices: readonly number[]): number {
  for (let decimals = 0; decimals < 3; decimals++) {
    if (choices.every((choice) => Number(choice.toFixed(decimals)) === choice)) return decimals;
  }
  return 3;
}

/** Lowest and highest finite value of the first `length`; null without any. */
export function extentOf(
  values: ArrayLike<number>,
  length: number,
): { readonly low: number; readonly high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low <= high ? { low, high } : null;
}

/**
 * Writes rows `from` up to `to`, which is not one of them, in axis coordinates: the values themselves, or their
 * log10; NaN where a value has no place on the axis.
 */
export function placeOnAxis(
  at: Float64Array,
  values: ArrayLike<number>,
  logarithmic: boolean,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    // Zero and below have no place on a logarithmic axis; log10 would put them at minus infinity.
    at[i] = !logarithmic ? value : value > 0 ? Math.log10(value) : NaN;
  }
}
