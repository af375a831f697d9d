/** What the numbers of a tensor are like: extremes, mean, a small histogram. Pure. */
import type { TensorFacts } from '../../common/model-graph.ts';

export const factBins = 32;
/** Of larger tensors, only so many numbers are looked at. */
const mostSeen = 2 ** 20;
/** Up to so many numbers are given themselves. */
const mostValues = 16;

export function tensorFacts(values: ArrayLike<number>): TensorFacts {
  const count = values.length;
  const step = Math.max(1, Math.ceil(count / mostSeen));
  let [seen, notFinite, zeros, sum, squares] = [0, 0, 0, 0, 0];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < count; i += step) {
    const value = values[i]!;
    seen += 1;
    if (!Number.isFinite(value)) {
      notFinite += 1;
      continue;
    }
    if (value === 0) zeros += 1;
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
    squares += value * value;
  }
  const finite = seen - notFinite;
  const mean = finite > 0 ? sum / finite : 0;
  const few = count <= mostValues ? Array.from(values).filter(Number.isFinite) : [];
  if (finite === 0) [least, most] = [0, 0];
  return {
    ...{ count, seen, least, most, mean, notFinite },
    deviation: finite > 0 ? Math.sqrt(Math.max(0, squares / finite - mean * mean)) : 0,
    zeros: finite > 0 ? zeros / finite : 0,
    bins: most > least ? binned(values, step, least, most) : [],
    values: few,
  };
}

function binned(values: ArrayLike<number>, step: number, least: number, most: number): number[] {
  const bins = new Array<number>(factBins).fill(0);
  const scale = factBins / (most - least);
  for (let i = 0; i < values.length; i += step) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    bins[Math.min(factBins - 1, Math.floor((value - least) * scale))]! += 1;
  }
  return bins;
}
