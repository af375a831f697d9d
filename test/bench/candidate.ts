/**
 * `npm run bench -- candidate [SPACE] [NETWORKS] [BATCHES] [IMAGES] [THREADS]`: what a candidate costs in
 * float32 and in float32-winograd, and how much of it is not arithmetic: the time outside of the native
 * steps (differentiating, planning, drawing weights, handing over). Random networks of the space take turns
 * in both precisions; then how near both lie, and Kendall's tau between their rankings. Each line names the
 * processor and the instructions; ZICO_INSTRUCTIONS=avx2 measures others.
 */
import { cpus } from 'node:os';
import path from 'node:path';
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import { instructionsHere } from '../../main/engine/instructions.ts';
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { generatorFor } from '../../main/random.ts';
import { scoreOf } from '../../main/proxy/zico.ts';
import { spaceNamed, withResolution } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { Genotype } from '../../main/space/space.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';

const [name = 'nats-sss', ...numbers] = process.argv.slice(2);
const [networks = 20, batches = 4, batchSize = 8, threads = 1] = numbers.map(Number);
const size = name === 'nats-sss' ? 32 : 64;
const termCap = 100;
const precisions = ['float32', 'float32-winograd'] as const;
const where = `${cpus()[0]!.model.trim()}, ${instructionsHere()}`;

const space = withResolution(spaceNamed(name), { scoring: [size, size] });
const images = await openImages(null, path.resolve(import.meta.dirname, '../../main/assets'));
const set = await drawBatches(images, { batches, batchSize, seed: 0, size: [size, size] });
const random = generatorFor('bench candidate', name);
const genotypes = Array.from({ length: networks }, () => space.sample(random));

interface Scored {
  readonly ms: number;
  readonly outsideMs: number;
  readonly bytes: number;
  readonly zico: number;
  readonly capped: number;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
}

async function score(genotype: Genotype, precision: (typeof precisions)[number]): Promise<Scored> {
  const start = performance.now();
  const network = initialNetwork(space, genotype, 'pytorch-default', 0, 'scoring');
  const computed = await computeNativeStatistics(network, set, termCap, threads, true, precision);
  const ms = performance.now() - start;
  const { layers, losses, native } = computed;
  const steps = native.times.reduce((sum, { seconds }) => sum + seconds, 0) * 1000;
  const { zico, zicoCapped: capped } = scoreOf(layers);
  const norms = layers.flatMap(({ gradientNorms }) => gradientNorms);
  return { ms, outsideMs: ms - steps, bytes: native.arenaBytes, zico, capped, losses, norms };
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]) => sorted(values)[Math.floor(values.length / 2)]!;
const apart = (a: readonly number[], b: readonly number[]) =>
  a.map((value, i) => Math.abs(b[i]! / value - 1));

const found: Record<(typeof precisions)[number], Scored[]> = {
  float32: [],
  'float32-winograd': [],
};
// The first scores of a process touch its memory.
for (const precision of precisions) await score(genotypes[0]!, precision);
for (const [n, genotype] of genotypes.entries()) {
  const order = n % 2 === 0 ? precisions : precisions.toReversed();
  for (const precision of order) found[precision].push(await score(genotype, precision));
}
const layout = `${name} at ${size}, ${batches} x ${batchSize} images, ${threads} thread(s), ${networks} networks`;
console.log(`${where}: ${layout}`);
for (const precision of precisions) {
  const own = found[precision];
  const share = median(own.map(({ ms, outsideMs }) => outsideMs / ms));
  console.log(
    `  ${precision}: ${median(own.map(({ ms }) => ms)).toFixed(1)} ms a candidate, ` +
      `${median(own.map(({ outsideMs }) => outsideMs)).toFixed(1)} ms of it (${(100 * share).toFixed(1)} %) outside of the steps, ` +
      `arena ${(median(own.map(({ bytes }) => bytes)) / 2 ** 20).toFixed(0)} MiB`,
  );
}
const { float32: direct, 'float32-winograd': winograd } = found;
const ratios = direct.map(({ ms }, i) => winograd[i]!.ms / ms);
console.log(`  float32-winograd takes ${median(ratios).toFixed(2)} of float32's time (median)`);
const differences = {
  losses: direct.flatMap(({ losses }, i) => apart(losses, winograd[i]!.losses)),
  'gradient norms': direct.flatMap(({ norms }, i) => apart(norms, winograd[i]!.norms)),
  'capped ZiCo': direct.flatMap(({ capped }, i) => apart([capped], [winograd[i]!.capped])),
  ZiCo: direct.flatMap(({ zico }, i) => apart([zico], [winograd[i]!.zico])),
};
for (const [title, values] of Object.entries(differences)) {
  const all = sorted(values);
  const at = (part: number) => all[Math.min(all.length - 1, Math.floor(all.length * part))]!;
  console.log(
    `  ${title} differ by ${at(0.5).toExponential(1)} in the median, ${at(0.99).toExponential(1)} at 99 %`,
  );
}
const tau = kendallTauB(
  direct.map(({ capped }) => capped),
  winograd.map(({ capped }) => capped),
);
console.log(`  Kendall's tau of capped ZiCo between both: ${tau}`);
