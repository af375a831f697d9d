/**
 * `npm run bench -- throughput [COUNT] [BLOCK]`: candidates a minute over random networks of the NATS size
 * space, two batches of 64, on the whole machine, with each engine, against PyTorch scoring the same
 * networks one after another with all processors (pytorch_throughput.py). Blocks of networks take turns;
 * needs Debian's python3-torch. The layout of scoring processes is chosen as a search chooses it.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import type { EngineName } from '../../main/engine/engine.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { drawDistinct } from '../../main/draw.ts';
import { generatorFor } from '../../main/random.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import type { Genotype } from '../../main/space/space.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { Workbench } from '../../main/workbench.ts';
import type { Known } from '../../main/common/known.ts';

const space = spaceNamed('nats-sss');

const [count, blockSize] = [process.argv[2] ?? '100', process.argv[3] ?? '20'].map(
  Number,
) as Known<number>;
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

async function opened(name: EngineName) {
  const wishes = { threads: null, engine: name };
  const { engine, layout } = await workbench.startScoring(space, batches, wishes, null);
  const score = (genotype: Genotype) => {
    const graph = initialNetwork(space, genotype, 'pytorch-default', 0);
    return engine.statistics({ graph, termCap: 100 });
  };
  // As PyTorch has one; a process each.
  await Promise.all(Array.from({ length: layout.workers }, () => score(genotypes[0]!)));
  return { name, layout, seconds: 0, score, close: () => engine.close() };
}
type Opened = Awaited<ReturnType<typeof opened>>;

async function ourSeconds({ layout, score }: Opened, block: readonly Genotype[]): Promise<number> {
  const start = performance.now();
  const remaining = block.values();
  const work = async () => {
    for (const genotype of remaining) await score(genotype);
  };
  await Promise.all(Array.from({ length: layout.workers }, work));
  return (performance.now() - start) / 1000;
}

const random = generatorFor('throughput', 0);
const genotypes = drawDistinct(random, space.networks, count).map((index) => space.at(index));
const ours: Opened[] = [];
if (builtVersion() === null) console.log('onednn was not built (npm run build:native)');
else ours.push(await opened('onednn'));
ours.push(await opened('onnxruntime'));
let theirs = 0;
for (let start = 0; start < count; start += blockSize) {
  const block = genotypes.slice(start, start + blockSize);
  const their = pytorchSeconds(block);
  theirs += their;
  for (const our of ours) {
    const seconds = await ourSeconds(our, block);
    our.seconds += seconds;
    console.log(
      `block of ${block.length}: ${our.name} ${seconds.toFixed(2)} s, PyTorch ${their.toFixed(2)} s, time ${(seconds / their).toFixed(2)}`,
    );
  }
}
for (const our of ours) await our.close();
await workbench.close();
const perMinute = (seconds: number) => ((60 * count) / seconds).toFixed(1);
for (const { name, layout, seconds } of ours) {
  console.log(
    `throughput nats-sss, ${name}: ratio ${(theirs / seconds).toFixed(2)} (ours ${perMinute(seconds)} candidates a minute ` +
      `with ${layout.workers} x ${layout.threads} threads, PyTorch ${perMinute(theirs)}; ${count} networks); the aim is at least 1.2`,
  );
  console.log(
    `time per candidate nats-sss, ${name}: ratio ${(seconds / theirs).toFixed(2)} (ours ${(seconds / count).toFixed(3)} s, ` +
      `PyTorch ${(theirs / count).toFixed(3)} s)${name === 'onednn' ? '; the aim is at most 0.65' : ''}`,
  );
}
