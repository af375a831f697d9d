/**
 * `npm run bench -- throughput [COUNT] [BLOCK]`: candidates a minute over random networks of the NATS size
 * space, two batches of 64, on the whole machine, against PyTorch scoring the same networks one after
 * another with all processors (pytorch_throughput.py). Blocks of networks take turns; needs Debian's
 * python3-torch. The layout of scoring processes is chosen as a search chooses it.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { drawDistinct } from '../../main/draw.ts';
import { generatorFor } from '../../main/graph/random.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import type { Genotype } from '../../main/space/space.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { Workbench } from '../../main/workbench.ts';

const space = spaceNamed('nats-sss');

const [count, blockSize] = [process.argv[2] ?? '100', process.argv[3] ?? '20'].map(Number);
const batchSize = 64;
const root = path.resolve(import.meta.dirname, '../..');
const main = (file: string) => path.join(root, 'main', file);

function pytorchSeconds(genotypes: readonly Genotype[]): number {
  const script = path.join(import.meta.dirname, 'pytorch_throughput.py');
  const settings = ['--threads', availableParallelism(), '--batch', batchSize].map(String);
  const env = { ...process.env, ...allocatorEnvironment };
  const args = [script, ...settings, ...genotypes];
  const output = execFileSync('/usr/bin/python3', args, { env, encoding: 'utf8' });
  return (JSON.parse(output) as { seconds: number }).seconds;
}

const workbench = new Workbench({
  processes: nodeProcesses,
  entries: {
    engine: main('engine/child.ts'),
    latency: main('latency/child.ts'),
    data: main('task/child.ts'),
    adb: main('phone/adb/child.ts'),
  },
  assetsFolder: main('assets'),
  productVersion: '',
});
const images = await openImages(null, main('assets'));
const batches = await drawBatches(images, { batches: 2, batchSize, seed: 0 });
const { engine, layout } = await workbench.startScoring(space, batches, { threads: null }, null);
const score = (genotype: Genotype) => {
  const graph = initialNetwork(space, genotype, 'pytorch-default', 0);
  return engine.statistics({ graph, termCap: 100 });
};

async function ourSeconds(genotypes: readonly Genotype[]): Promise<number> {
  const start = performance.now();
  const remaining = genotypes.values();
  const work = async () => {
    for (const genotype of remaining) await score(genotype);
  };
  await Promise.all(Array.from({ length: layout.workers }, work));
  return (performance.now() - start) / 1000;
}

const random = generatorFor('throughput', 0);
const genotypes = drawDistinct(random, space.networks, count).map((index) => space.at(index));
// As PyTorch has one; a process each.
await Promise.all(Array.from({ length: layout.workers }, () => score(genotypes[0])));
let [ours, theirs] = [0, 0];
for (let start = 0; start < count; start += blockSize) {
  const block = genotypes.slice(start, start + blockSize);
  const [their, our] = [pytorchSeconds(block), await ourSeconds(block)];
  console.log(
    `block of ${block.length}: ours ${our.toFixed(2)} s, PyTorch ${their.toFixed(2)} s, ratio ${(their / our).toFixed(2)}`,
  );
  ours += our;
  theirs += their;
}
await engine.close();
await workbench.close();
const perMinute = (seconds: number) => ((60 * count) / seconds).toFixed(1);
console.log(
  `throughput nats-sss: ratio ${(theirs / ours).toFixed(2)} (ours ${perMinute(ours)} candidates a minute ` +
    `with ${layout.workers} x ${layout.threads} threads, PyTorch ${perMinute(theirs)}; ${count} networks); the aim is at least 1.2`,
);
