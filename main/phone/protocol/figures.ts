/** Computes the figures of a measurement from its repeats. Pure, and the same every time for the same seed. */
import { generatorFor, type RandomGenerator } from '../../random.ts';
import { percentile } from '../../latency/percentiles.ts';

export interface Figures {
  readonly medianMs: number;
  readonly intervalMs: readonly [number, number];
  readonly p90Ms: number;
  readonly minMs: number;
}

const resamples = 1000;

/**
 * @param repeats the latencies of each repeat; at least one repeat with at least one latency
 * @param seed such as the model's digest
 */
export function figuresOf(repeats: readonly (readonly number[])[], seed: string): Figures {
  const all = repeats.flat();
  return {
    medianMs: percentile(all, 0.5),
    intervalMs: bootstrapInterval(repeats, seed),
    p90Ms: percentile(all, 0.9),
    minMs: Math.min(...all),
  };
}

/**
 * 95 % percentile bootstrap of the median (Efron 1979). Runs of one repeat resemble each other, so repeats are
 * drawn first and runs within them: drawing runs alone would promise more than was measured.
 */
export function bootstrapInterval(
  repeats: readonly (readonly number[])[],
  seed: string,
): readonly [number, number] {
  const random = generatorFor('bootstrap', seed);
  const most = repeats.length * Math.max(...repeats.map(({ length }) => length));
  const drawn = new Float64Array(most);
  const medians = Array.from({ length: resamples }, () => {
    let count = 0;
    for (let i = 0; i < repeats.length; i++) {
      const repeat = repeats[below(random, repeats.length)]!;
      for (let k = 0; k < repeat.length; k++)
        drawn[count++] = repeat[below(random, repeat.length)]!;
    }
    return medianOf(drawn.subarray(0, count).sort());
  });
  return [percentile(medians, 0.025), percentile(medians, 0.975)];
}

function medianOf(sorted: Float64Array): number {
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** The bias of a remainder is below 1e-6 here. */
function below(random: RandomGenerator, count: number): number {
  return (random.next() >>> 0) % count;
}
