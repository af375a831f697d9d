/**
 * `npm run bench -- nats [GENOTYPE] [PAIRS] [--python PATH] [--instructions avx2] [--ours NAME,NAME]`: one
 * candidate of the NATS size space, two batches of 64 images (`--batches`, `--batch-size`), two threads, with
 * each of our engines and precisions, against the formula written down in PyTorch (pytorch_zico.py). Both run
 * in plain processes with the allocator settings of a computing child, taking turns; needs a Python with
 * PyTorch (Debian's python3-torch). Then the time of the native engine's ten heaviest layers, as a part of
 * what the machine's processors can do, and, where the product is built, the time inside of the window's
 * scoring child.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { comparePairs, contendersFor } from './contenders.ts';
import { printHeaviest } from './heaviest-layers.ts';
import { benchArguments, median, Peer, where } from './peer.ts';

const { values, positionals } = benchArguments({
  ours: { type: 'string' },
  batches: { type: 'string', default: '2' },
  'batch-size': { type: 'string', default: '64' },
  alone: { type: 'boolean', default: false },
});
const [genotype = '64:64:64:64:64', pairsText = '7'] = positionals;
const [batches, batchSize] = [Number(values.batches), Number(values['batch-size'])];
const pairs = Number(pairsText);
const threads = 2;
const root = path.resolve(import.meta.dirname, '../..');

const peer = new Peer(values.python);
const contenders = contendersFor(threads, values.ours);
const images = await openImages(null, path.join(root, 'main/assets'));
const set = await drawBatches(images, { batches, batchSize, seed: 0 });
const space = spaceNamed('nats-sss');
const network = (seed: number) =>
  initialNetwork(space, space.parse(genotype), 'pytorch-default', seed);
await comparePairs(contenders, {
  ...{ peer, network, pairs, batches: set },
  script: 'pytorch_zico.py',
  args: [
    ...['nats', genotype, '--repeat', 1, '--threads', threads],
    ...['--batch', batchSize, '--batches', batches],
  ],
});
for (const { name, runs } of contenders) {
  peer.compare(`score nats ${genotype}, ${batches} x ${batchSize}, ${name}`, runs);
}

if (builtVersion() !== null) await printHeaviest(network(0), set, threads);

const script = path.join(import.meta.dirname, '../e2e/score-times.ts');
if (!values.alone && existsSync(path.join(root, 'dist/main/electron.js'))) {
  const display = process.platform === 'linux' && !process.env['DISPLAY'];
  // The window is asked for engines; what it takes with two batches is float32.
  const wanted = contenders.filter(({ name }) => name === 'onnxruntime' || name === 'float32');
  const names = wanted.map(({ engine }) => engine.identity.name);
  const [program, first] = display
    ? ['xvfb-run', ['-a', process.execPath]]
    : [process.execPath, []];
  const args = [...first, script, genotype, pairsText, ...names];
  const output = execFileSync(program, args, { encoding: 'utf8' });
  const times = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, number[]>;
  for (const [index, { runs }] of wanted.entries()) {
    const inside = median(times[names[index]!]!);
    const plain = median(runs.map(({ seconds }) => seconds));
    console.log(
      `${where()}: score nats ${genotype}, ${names[index]}, in the window's utility process: ` +
        `${inside.toFixed(3)} s, ${(inside / plain).toFixed(2)} times the plain process`,
    );
  }
}
