/**
 * `npm run bench -- job [CANDIDATES] [REPEATS] [--batches 4] [--batch-size 8] [--without-peer]
 * [--python PATH] [--instructions avx2] [-- OPTION...]`: the main job from the shell's prompt and back to it:
 * `zico search --latency macs` in nats-sss with that many candidates and terms capped at 100, as built in
 * dist, against a script of PyTorch that scores as many random networks with as many images in two processes
 * of one thread. Starting is part of both. What follows `--` goes to `zico search`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drawDistinct } from '../../main/draw.ts';
import { generatorFor } from '../../main/random.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { benchArguments, median, Peer, where } from './peer.ts';

const own = process.argv.indexOf('--');
const further = own < 0 ? [] : process.argv.splice(own).slice(1);
const { values, positionals } = benchArguments({
  batches: { type: 'string', default: '4' },
  'batch-size': { type: 'string', default: '8' },
  'without-peer': { type: 'boolean', default: false },
});
const candidates = Number(positionals[0] ?? '60');
const repeats = Number(positionals[1] ?? '3');
const { batches, 'batch-size': batchSize } = values;
const program = path.join(import.meta.dirname, '../../dist/main/cli.js');
const folder = mkdtempSync(path.join(tmpdir(), 'zico-job-'));

function search(repeat: number): number {
  const limits = ['--latency', 'macs', '--candidates', `${candidates}`, '--term-cap', '100'];
  const images = ['--batches', batches, '--batch-size', batchSize];
  const run = ['--run', path.join(folder, `${repeat}.zico`), '--seed', `${repeat}`];
  const start = performance.now();
  execFileSync(process.execPath, [program, 'search', ...limits, ...images, ...run, ...further], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  return (performance.now() - start) / 1000;
}

const space = spaceNamed('nats-sss');
const random = generatorFor('throughput', 0);
const genotypes = drawDistinct(random, space.networks, candidates).map((index) => space.at(index));
const shares = [0, 1].map((part) => genotypes.filter((_, n) => n % 2 === part));
const settings = ['--threads', 1, '--batch', batchSize, '--batches', batches];
const peer = values['without-peer'] ? null : new Peer(values.python);
const ours: number[] = [];
try {
  for (let repeat = 0; repeat < repeats; repeat++) {
    ours.push(search(repeat));
    await peer?.measureWhole(
      'pytorch_throughput.py',
      ...shares.map((share) => [...settings, ...share]),
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
const seconds = median(ours);
const peers = peer
  ? `, of PyTorch ${peer.version} in s, scoring alone: ${peer.ratios(seconds, (format) => peer.in(format).seconds, 2)}`
  : '';
console.log(
  `${where()}: search of ${candidates} candidates, ${batches} x ${batchSize}: ${seconds.toFixed(2)} s ` +
    `(${ours.map((one) => one.toFixed(2)).join(', ')})${peers}`,
);
