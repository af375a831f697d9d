/**
 * The golden networks by the onednn engine, as a program: prints the largest relative deviation of each from
 * PyTorch's gradient norms. A build with sanitizers ends the process where it finds an error.
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
  }
}
console.log(JSON.stringify(deviations));
