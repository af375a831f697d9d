/** How the values that a network gets become brightness again. */
import type { BatchSet } from '../batches.ts';
import type { Dataset } from '../dataset.ts';
import { takenInGrey } from '../draw-for-networks.ts';
import { greyNormalisation } from '../grey-batches.ts';

export interface Toning {
  /** byte = scale * value + offset, for each channel. */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** What a person has to know of it; null where a picture is shown as it was stored. */
  readonly note: string | null;
}

/** Undoes the normalisation, to the byte. Arrays that have none are stretched between their extremes. */
export function toningOf(
  dataset: Pick<Dataset, 'normalisation' | 'inputShape'>,
  set: BatchSet,
): Toning {
  const [channels] = set.inputShape;
  const { normalisation } = dataset;
  if (normalisation === null) return stretched(set);
  const { mean, std } = takenInGrey(dataset, channels)
    ? greyNormalisation(normalisation)
    : normalisation;
  return {
    scale: std.map((deviation) => 255 * deviation),
    offset: mean.map((value) => 255 * value),
    note: null,
  };
}

function stretched({ batches, inputShape: [channels] }: BatchSet): Toning {
  let [least, most] = [Infinity, -Infinity];
  for (const { inputs } of batches) {
    for (const value of inputs) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  const scale = most > least ? 255 / (most - least) : 1;
  const told = (value: number): string => String(Number(value.toPrecision(3)));
  return {
    scale: Array.from({ length: channels }, () => scale),
    offset: Array.from({ length: channels }, () => -least * scale),
    note: `These values are used as they are; ${told(least)} is shown black, ${told(most)} white.`,
  };
}
