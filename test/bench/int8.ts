/**
 * `npm run bench -- int8 [REPEATS] [SPACE|mobile|MODEL.onnx ...]`: what int8 is worth on this computer. The first baseline
 * of every built-in space and a MobileNetV3-like network, or what is named, one thread, on onnxruntime and on TensorFlow
 * Lite: milliseconds in float32 and in int8, and their ratio.
 */
import { cpus } from 'node:os';
import path from 'node:path';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { hostRunners, type HostRunner } from '../../main/common/host-runners.ts';
import { WorkbenchError } from '../../main/errors.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { HostLatency } from '../../main/latency/host.ts';
import { readForMeasuring } from '../../main/measure-model/measure-model.ts';
import { builtInSpaces, withResolution } from '../../main/space/index.ts';
import { mobileNetwork } from '../support/deployable-networks.ts';

const [repeats = '5', ...named] = process.argv.slice(2);
const models = named.filter((name) => name.endsWith('.onnx'));
const isWanted = (name: string) => named.length === 0 || named.includes(name);
const entry = path.resolve(import.meta.dirname, '../../main/latency/child.ts');

async function medianMs(
  graph: Graph,
  runner: HostRunner,
  precision: 'float32' | 'int8',
): Promise<number | null> {
  const host = new HostLatency({
    ...{ processes: nodeProcesses, entry, runner, precision },
    limits: { timeoutMs: 120_000, memoryBytes: 2 ** 33 },
    ...{ repeats: Number(repeats), interval: null },
  });
  try {
    return (await host.measure(graph)).latencyMs;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    console.log(`  ${runner}, ${precision}: ${error.message}`);
    return null;
  } finally {
    await host.close();
  }
}

async function compare(name: string, graph: Graph): Promise<void> {
  const cells: string[] = [];
  for (const runner of hostRunners) {
    const float = await medianMs(graph, runner, 'float32');
    const int8 = await medianMs(graph, runner, 'int8');
    const ms = (value: number | null) => (value === null ? '-' : value.toPrecision(3)).padStart(9);
    const ratio = float === null || int8 === null ? '-' : (float / int8).toFixed(2);
    cells.push(`${ms(float)}${ms(int8)}${ratio.padStart(8)}`);
  }
  console.log(`${name.padEnd(36)}${cells.join('   ')}`);
}

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, one thread, ${repeats} repeats of 10 runs`,
);
console.log(`${''.padEnd(36)}${hostRunners.map((name) => name.padStart(26)).join('   ')}`);
const columns = `${'float32'.padStart(9)}${'int8'.padStart(9)}${'faster'.padStart(8)}`;
console.log(`${''.padEnd(36)}${hostRunners.map(() => columns).join('   ')}`);
for (const built of builtInSpaces()) {
  if (!isWanted(built.name)) continue;
  // Segmentation at full size takes seconds an image, and has the same ratio.
  const large = Math.max(...built.inputShape) > 256 && built.sizes === null;
  const space = large ? withResolution(built, { deployment: [256, 256] }) : built;
  const [baseline] = space.baselines;
  if (baseline) await compare(`${space.name} ${baseline.name}`.slice(0, 35), baseline.decode());
}
if (isWanted('mobile')) await compare('MobileNetV3-like, 32 x 32', mobileNetwork());
for (const model of models) {
  const read = await readForMeasuring({ model, size: [224, 224] });
  if (read.kind === 'network') await compare(path.basename(model), read.graph);
  else console.log(`${model}: not understood`);
}
