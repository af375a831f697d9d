/**
 * `npm run bench -- throughput [COUNT] [BLOCK] [--batches 2] [--batch-size 64] [--peer-processes 1]
 * [--ours NAME,NAME] [--python PATH] [--instructions avx2]`: candidates a minute over random networks of the
 * NATS size space, on the whole machine, with each of our engines and precisions, against PyTorch scoring the
 * same networks (pytorch_throughput.py), in one process with all processors or in several that share them.
 * Blocks of networks take turns; needs a Python with PyTorch (Debian's python3-torch). The layout of scoring
 * processes is chosen as a search chooses it.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { engineNames, type Precision } from '../../main/common/engines.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { drawDistinct } from '../../main/draw.ts';
import { generatorFor } from '../../main/random.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import type { Genotype } from '../../main/space/space.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { Workbench } from '../../main/workbench.ts';
import type { ContenderName } from './contenders.ts';
import { benchArguments, Peer, where } from './peer.ts';

const { values, positionals } = benchArguments({
  batches: { type: 'string', default: '2' },
  'batch-size': { type: 'string', default: '64' },
  'peer-processes': { type: 'string', default: '1' },
  ours: { type: 'string', default: 'float32,float32-winograd,onnxruntime' },
});
const space = spaceNamed('nats-sss');
const count = Number(positionals[0] ?? '100');
const blockSize = Number(positionals[1] ?? '20');
const batches = Number(values.batches);
const batchSize = Number(values['batch-size']);
const peers = Number(values['peer-processes']);
const main = (file: string) => path.join(import.meta.dirname, '../../main', file);

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
const set = await drawBatches(images, { batches, batchSize, seed: 0 });

async function opened(name: ContenderName) {
  const [onnxruntime] = engineNames.filter((engine) => engine === name);
  const wishes = onnxruntime
    ? { threads: null, engine: onnxruntime }
    : { threads: null, engine: 'onednn' as const, precision: name as Precision };
  const { engine, layout } = await workbench.startScoring(space, set, wishes, null);
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
const peer = new Peer(values.python);
const ours: Opened[] = [];
if (builtVersion() === null) console.log('onednn was not built (npm run build:native)');
for (const name of values.ours.split(',') as ContenderName[]) {
  if (name === 'onnxruntime' || builtVersion() !== null) ours.push(await opened(name));
}
const threads = Math.max(1, Math.floor(availableParallelism() / peers));
const settings = ['--threads', threads, '--batch', batchSize, '--batches', batches];
for (let start = 0; start < count; start += blockSize) {
  const block = genotypes.slice(start, start + blockSize);
  const shares = Array.from({ length: peers }, (_, i) => block.filter((_, n) => n % peers === i));
  await peer.measure('pytorch_throughput.py', ...shares.map((share) => [...settings, ...share]));
  for (const our of ours) {
    const seconds = await ourSeconds(our, block);
    our.seconds += seconds;
    console.log(`block of ${block.length}: ${our.name} ${seconds.toFixed(2)} s`);
  }
}
for (const our of ours) await our.close();
await workbench.close();
for (const { name, layout, seconds } of ours) {
  const times = peer.ratios(seconds / count, (format) => peer.total(format) / count, 3);
  console.log(
    `${where()}: time per candidate nats-sss, ${batches} x ${batchSize}, ${name}: ` +
      `${(seconds / count).toFixed(3)} s with ${layout.workers} x ${layout.threads} threads ` +
      `(${((60 * count) / seconds).toFixed(1)} candidates a minute), of PyTorch ${peer.version} in s, ` +
      `${peers} x ${threads} threads: ${times}; ${count} networks`,
  );
}
