/**
 * The golden networks by the onednn engine, as a program: prints the largest relative deviation of each from
 * PyTorch's gradient norms in float32, and, for Winograd's method with both batches at once where they are
 * kept apart, the median. A build with sanitizers ends the process if it finds an error.
 */
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { goldenNames, readGolden } from './golden.ts';

const deviations: Record<string, number> = {};
for (const name of goldenNames) {
  const { graph, batches, expected } = readGolden(name);
  for (const threads of [1, 2]) {
    const { layers } = await computeNativeStatistics(graph, batches, 1000, threads);
    const found = layers.flatMap(({ gradientNorms }, i) =>
      gradientNorms.map((norm, b) => Math.abs(norm / expected.layers[i]!.gradientNorms[b]! - 1)),
    );
    deviations[`${name} ${threads}`] = Math.max(...found);
    const winograd = await computeNativeStatistics(
      ...[graph, batches, 1000, threads, false, 'float32-winograd' as const],
    );
    const apart = winograd.layers.flatMap(({ gradientNorms }, i) =>
      gradientNorms.map((norm, b) => Math.abs(norm / expected.layers[i]!.gradientNorms[b]! - 1)),
    );
    // A flipped Relu mask may move a whole layer, so the median is used.
    deviations[`${name} ${threads} winograd`] = apart.toSorted((a, b) => a - b)[apart.length >> 1]!;
  }
}
console.log(JSON.stringify(deviations));
