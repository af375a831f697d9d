/** Where the native engine's time goes: its heaviest layers, held against the machine's matrix products. */
import { loadAddon, type NativeResult } from '../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { nativeTask } from '../../main/engine/onednn/task.ts';
import { differentiate } from '../../main/graph/differentiate.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { layersOf } from '../../main/graph/layers.ts';
import { summarise } from '../../main/graph/summary.ts';
import type { BatchSet } from '../../main/task/batches.ts';

const side = 2048;
const products = 8;
const repeats = 3;

/** Multiply-accumulates a second of large products of matrices. */
async function productPeak(threads: number): Promise<number> {
  const matrix = { dims: [side, side], constant: new Float32Array(side * side).fill(0.5) };
  const product = { op: 'product', name: 'peak', inputs: [0, 1], outputs: [2] };
  const plan = {
    values: [matrix, matrix, { dims: [side, side], constant: null }],
    steps: [{ ...product, ints: [0, 0], floats: [], data: [] }],
    inputs: [],
    gradients: [2],
    batches: Array.from({ length: products }, () => ({ inputs: [], targets: new Int32Array(0) })),
    termCap: 1,
    threads,
  };
  await loadAddon().run(plan, false); // touches the memory
  const { times } = await loadAddon().run(plan, true);
  const { seconds } = times.filter(({ name }) => name.startsWith('product'))[0]!;
  return (products * side ** 3) / seconds;
}

/** Each action's least time of a few runs: one that the system interrupts looks ten times as heavy. */
async function quickest(
  network: Graph,
  batches: BatchSet,
  threads: number,
): Promise<NativeResult['times']> {
  await computeNativeStatistics(network, batches, 100, threads); // warm-up
  const runs: NativeResult['times'][] = [];
  for (let run = 0; run < repeats; run++) {
    const { native } = await computeNativeStatistics(network, batches, 100, threads, true);
    runs.push(native.times);
  }
  return runs[0]!.map(({ name }, index) => ({
    name,
    seconds: Math.min(...runs.map((times) => times[index]!.seconds)),
  }));
}

/** Prints the ten layers that take longest, forward and backward together, over all batches. */
export async function printHeaviest(
  network: Graph,
  batches: BatchSet,
  threads: number,
): Promise<void> {
  const peak = await productPeak(threads);
  console.log(`matrix products, ${threads} threads: ${((2 * peak) / 1e9).toFixed(0)} GFLOP/s`);
  const times = await quickest(network, batches, threads);

  const { graph } = nativeTask(network, batches);
  const layers = layersOf(graph);
  const weights = layers.map(({ weight }) => weight);
  const differentiated = differentiate(graph, batches.batchSize, weights);
  const layerOf = new Map<string, string>();
  for (const { name, weight, node } of layers) {
    const gradient = differentiated.gradients.get(weight);
    layerOf.set(node.name, name);
    for (const other of differentiated.graph.nodes) {
      const backward = other.kind === 'ConvInputGradient' && other.inputs[1] === weight;
      if (backward || other.outputs[0] === gradient) layerOf.set(other.name, name);
    }
  }
  const seconds = new Map<string, number>();
  const others = new Map<string, number>();
  for (const { name: action, seconds: own } of times) {
    const op = action.split(' ', 1)[0]!;
    const layer = layerOf.get(action.slice(op.length + 1));
    const [table, key] = layer === undefined ? [others, op] : [seconds, layer];
    table.set(key, (table.get(key) ?? 0) + own);
  }
  const macs = new Map(summarise(network).layers.map((layer) => [layer.name, layer.macs]));
  const first = layers[0]!.name; // the image's gradient is never computed
  const heaviest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, 10);
  for (const [name, time] of heaviest) {
    const passes = (name === first ? 2 : 3) * batches.batchSize * batches.batches.length;
    const part = (passes * (macs.get(name) ?? 0)) / time / peak;
    console.log(`  ${name}: ${(1000 * time).toFixed(1)} ms, ${(100 * part).toFixed(0)} % of that`);
  }
  const rest = [...others].sort(([, a], [, b]) => b - a).slice(0, 6);
  const sum = [...seconds.values(), ...others.values()].reduce((a, b) => a + b, 0);
  console.log(
    `  all ${(1000 * sum).toFixed(0)} ms; beside layers: ` +
      rest.map(([op, time]) => `${op} ${(1000 * time).toFixed(0)} ms`).join(', '),
  );
}
