import type { Command } from 'commander';
import {
  rangeMethods,
  rangePercentile,
  usualRanges,
  type RangeMethod,
} from '../common/quantising.ts';
import { badArguments } from '../asked/bad-arguments.ts';
import { numberWithin, oneOf } from './options.ts';

/** How the ranges of int8 values are found. */
export interface RangeOptions {
  readonly ranges: RangeMethod;
  readonly percentile: number;
}

/** Throws `bad-arguments` where a percentile was typed that no range is found by. */
export function assertPercentileUsed(ranges: RangeMethod, given: boolean): void {
  if (!given || ranges === 'percentile') return;
  throw badArguments(
    `--percentile is for --ranges percentile; ranges are ${ranges} here.`,
    'Add --ranges percentile, or leave --percentile out.',
  );
}

/** The first of the options of ranges that was typed, or null. */
export function typedRangeOption(
  given: (name: keyof RangeOptions) => boolean,
): '--ranges' | '--percentile' | null {
  if (given('ranges')) return '--ranges';
  return given('percentile') ? '--percentile' : null;
}

/** @param of what the options are for, in front of their descriptions */
export function addRangeOptions(command: Command, of: string): Command {
  return command
    .option(
      '--ranges <method>',
      `${of}: min-max, percentile, or least-error (of rounding and clipping together)`,
      oneOf(rangeMethods),
      usualRanges.method,
    )
    .option(
      '--percentile <percent>',
      'percentile: how much of the numbers lies inside the range',
      numberWithin(rangePercentile),
      usualRanges.percentile,
    );
}
