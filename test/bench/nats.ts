/**
 * `npm run bench -- nats [GENOTYPE] [PAIRS]`: one candidate of the NATS size space, batch 64, two batches,
 * two threads, with both engines, against the formula written down in PyTorch (pytorch_zico.py). Both run
 * in plain processes with the allocator settings of a computing child, taking turns; needs Debian's
 * python3-torch. Then the time of the native engine's ten heaviest layers, as a part of what the machine's
 * processors can do, and, where the product is built, the time inside of the window's scoring child.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import type { Engine } from '../../main/engine/engine.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { OneDnnEngine } from '../../main/engine/onednn/engine.ts';
import { OnnxRuntimeEngine } from '../../main/engine/onnxruntime/engine.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { printHeaviest } from './heaviest-layers.ts';
import type { Known } from '../../main/common/known.ts';

const [genotype = '64:64:64:64:64', pairsText = '7'] = process.argv.slice(2);
const pairs = Number(pairsText);
const threads = 2;
const batchSize = 64;
const root = path.resolve(import.meta.dirname, '../..');

interface PyTorchResult {
  readonly medianSeconds: number;
  readonly peakMiB: number;
}

/** One timed candidate after a warm-up one, in a process of its own as the script is meant to be used. */
function pytorch(): PyTorchResult {
  const script = path.join(import.meta.dirname, 'pytorch_zico.py');
  const settings = ['--batch', `${batchSize}`, '--repeat', '1', '--threads', `${threads}`];
  const output = execFileSync('/usr/bin/python3', [script, 'nats', genotype, ...settings], {
    env: { ...process.env, ...allocatorEnvironment },
    encoding: 'utf8',
  });
  return JSON.parse(output) as PyTorchResult;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const options = {
  processes: nodeProcesses,
  entry: path.join(root, 'main/engine/child.ts'),
  threads,
  limits: { timeoutMs: 300_000, memoryBytes: 2 ** 36 },
};
const version = builtVersion();
if (version === null) console.log('onednn was not built (npm run build:native): onnxruntime alone');
const engines: readonly Engine[] = [
  new OnnxRuntimeEngine(options),
  ...(version === null ? [] : [new OneDnnEngine({ ...options, version, otherwise: null })]),
];
const images = await openImages(null, path.join(root, 'main/assets'));
const batches = await drawBatches(images, { batches: 2, batchSize, seed: 0 });
const network = (seed: number) =>
  initialNetwork(
    spaceNamed('nats-sss'),
    spaceNamed('nats-sss').parse(genotype),
    'pytorch-default',
    seed,
  );

const ours = engines.map((): number[] => []);
const ourPeaks = engines.map(() => 0);
const theirs: number[] = [];
let theirPeak = 0;
for (const engine of engines) await engine.useBatches(batches);
for (let pair = 1; pair <= pairs; pair++) {
  const reference = pytorch();
  theirs.push(reference.medianSeconds);
  theirPeak = Math.max(theirPeak, reference.peakMiB);
  for (const [index, engine] of engines.entries()) {
    // A warm-up right before the timed one, as PyTorch has it: what rested for a while is slower.
    await engine.statistics({ graph: network(0), termCap: 100 });
    const statistics = await engine.statistics({ graph: network(pair), termCap: 100 });
    ours[index]!.push(statistics.seconds);
    ourPeaks[index] = Math.max(ourPeaks[index]!, statistics.peakMemoryBytes / 2 ** 20);
  }
}

for (const [index, engine] of engines.entries()) {
  await engine.close();
  const { name } = engine.identity;
  const [our, their] = [median(ours[index]!), median(theirs)];
  console.log(
    `score nats ${genotype}, ${name}: ratio ${(our / their).toFixed(2)} ` +
      `(ours ${our.toFixed(3)} s, PyTorch ${their.toFixed(3)} s, ${pairs} pairs)`,
  );
  console.log(
    `peak memory nats ${genotype}, ${name}: ratio ${(ourPeaks[index]! / theirPeak).toFixed(2)} ` +
      `(ours ${ourPeaks[index]!.toFixed(0)} MiB, PyTorch ${theirPeak.toFixed(0)} MiB)`,
  );
}

if (version !== null) await printHeaviest(network(0), batches, threads);

const script = path.join(import.meta.dirname, '../e2e/score-times.ts');
if (existsSync(path.join(root, 'dist/main/electron.js'))) {
  const display = process.platform === 'linux' && !process.env['DISPLAY'];
  const wanted = engines.map(({ identity }) => identity.name);
  const command = [process.execPath, script, genotype, pairsText, ...wanted];
  const [program, ...args] = (display ? ['xvfb-run', '-a', ...command] : command) as Known<string>;
  const output = execFileSync(program, args, { encoding: 'utf8' });
  const times = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, number[]>;
  for (const [index, name] of wanted.entries()) {
    const [inside, plain] = [median(times[name]!), median(ours[index]!)];
    console.log(
      `score nats ${genotype}, ${name}, in the window's utility process: ${inside.toFixed(3)} s, ` +
        `${(inside / plain).toFixed(2)} times the plain process`,
    );
  }
}
