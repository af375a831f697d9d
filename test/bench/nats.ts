/**
 * `npm run bench -- nats [GENOTYPE] [PAIRS]`: one candidate of the NATS size space, batch 64, two batches,
 * two threads, against the formula written down in PyTorch (pytorch_zico.py). Both run in plain processes
 * with the allocator settings of a computing child, taking turns; needs Debian's python3-torch.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { OnnxRuntimeEngine } from '../../main/engine/onnxruntime/engine.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';

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
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const engine = new OnnxRuntimeEngine({
  processes: nodeProcesses,
  entry: path.join(root, 'main/engine/child.ts'),
  threads,
  limits: { timeoutMs: 300_000, memoryBytes: 2 ** 36 },
});
const images = await openImages(null, path.join(root, 'main/assets'));
await engine.useBatches(await drawBatches(images, { batches: 2, batchSize, seed: 0 }));
const network = (seed: number) =>
  initialNetwork(
    spaceNamed('nats-sss'),
    spaceNamed('nats-sss').parse(genotype),
    'pytorch-default',
    seed,
  );

await engine.statistics({ graph: network(0), termCap: 100 }); // warm-up, as PyTorch has one
const ours: number[] = [];
const theirs: number[] = [];
let ourPeak = 0;
let theirPeak = 0;
for (let pair = 1; pair <= pairs; pair++) {
  const reference = pytorch();
  const statistics = await engine.statistics({ graph: network(pair), termCap: 100 });
  theirs.push(reference.medianSeconds);
  ours.push(statistics.seconds);
  theirPeak = Math.max(theirPeak, reference.peakMiB);
  ourPeak = Math.max(ourPeak, statistics.peakMemoryBytes / 2 ** 20);
}
await engine.close();

const [our, their] = [median(ours), median(theirs)];
console.log(
  `score nats ${genotype}: ratio ${(our / their).toFixed(2)} ` +
    `(ours ${our.toFixed(3)} s, PyTorch ${their.toFixed(3)} s, ${pairs} pairs)`,
);
console.log(
  `peak memory nats ${genotype}: ratio ${(ourPeak / theirPeak).toFixed(2)} ` +
    `(ours ${ourPeak.toFixed(0)} MiB, PyTorch ${theirPeak.toFixed(0)} MiB)`,
);
