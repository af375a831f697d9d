/**
 * `npm run bench -- precision [NATS] [EFFICIENTNET] [SECONDS]`: Kendall tau-b between scores with bf16 and
 * with float32 convolutions over so many random networks, beside that between float32 scores of two draws of
 * batches; and the time of both. Computes a long time: results are kept in dist/bench, SECONDS ends it, and
 * the same command goes on.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { repeatabilityOf } from '../../main/benchmark/repeatability.ts';
import type { UntrainedScore } from '../../main/common/predictors.ts';
import { drawDistinct } from '../../main/draw.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { generatorFor, type RandomGenerator } from '../../main/random.ts';
import { summarise } from '../../main/graph/summary.ts';
import { scoreOf } from '../../main/proxy/zico.ts';
import { spaceNamed, withResolution } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { Genotype, Space } from '../../main/space/space.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { Resumable } from '../support/resumable.ts';
import type { Known } from '../../main/common/known.ts';

const [nats = '300', efficientnet = '100', seconds = 'Infinity'] = process.argv.slice(2);
const threads = availableParallelism();
const termCap = 100;
const beta = 1;
const spaces = [
  { name: 'nats-sss', count: Number(nats), size: 32, batchSize: 64 },
  { name: 'efficientnet-wide', count: Number(efficientnet), size: 64, batchSize: 16 },
];
/** Larger networks are passed over: one of 800 million parameters takes 14 GB, and minutes to draw. */
const mostParameters = 150e6;

/** Different ones, each small enough. */
function sample(space: Space, random: RandomGenerator, count: number): Genotype[] {
  const found = new Set<Genotype>();
  while (found.size < count) {
    const genotype = space.sample(random);
    const { parameters } = summarise(space.decode(genotype, 'scoring'));
    if (parameters <= mostParameters) found.add(genotype);
  }
  return [...found];
}

const passes = [
  { name: 'float32', precision: 'float32', seed: 0 },
  { name: 'bf16', precision: 'bf16', seed: 0 },
  { name: 'other batches', precision: 'float32', seed: 1 },
] as const;

interface Scored {
  readonly score: UntrainedScore;
  readonly seconds: number;
}

const results = new Resumable<Scored>(`precision-${builtVersion()}`, Number(seconds));
console.log(`results in ${results.file}`);
const images = await openImages(null, path.resolve(import.meta.dirname, '../../main/assets'));

for (const { name, count, size, batchSize } of spaces) {
  const space = withResolution(spaceNamed(name), { scoring: [size, size] });
  const random = generatorFor('precision', name);
  const genotypes: readonly Genotype[] =
    name === 'nats-sss'
      ? drawDistinct(random, spaceNamed('nats-sss').networks, count).map((i) => space.at(i))
      : sample(space, random, count);
  const draw = (seed: number) =>
    drawBatches(images, { batches: 2, batchSize, seed, size: [size, size] });
  const batches = [await draw(0), await draw(1)];
  const scores = passes.map(() => new Map<Genotype, UntrainedScore>());
  const times: number[] = [];
  for (const [n, genotype] of genotypes.entries()) {
    const network = initialNetwork(space, genotype, 'pytorch-default', 0, 'scoring');
    const found: (Scored | null)[] = [];
    // Taking turns, so that what else the machine does meets all of them.
    for (const pass of passes) {
      const key = JSON.stringify([name, size, batchSize, threads, pass.name, genotype]);
      const one = await results.get(key, async () => {
        const set = batches[pass.seed]!;
        const options = [set, termCap, threads, false, pass.precision] as const;
        const start = performance.now();
        const { layers } = await computeNativeStatistics(network, ...options);
        const took = (performance.now() - start) / 1000;
        const { parameters, macs } = summarise(network);
        return { score: { ...scoreOf(layers), parameters, macs }, seconds: took };
      });
      found.push(one);
    }
    if (found.every((one) => one === null)) break; // time is over
    found.forEach((one, pass) => one && scores[pass]!.set(genotype, one.score));
    const [full, bf16] = found;
    if (full && bf16) times.push(bf16.seconds / full.seconds);
    if ((n + 1) % 20 === 0) console.log(`${name}: ${n + 1} of ${genotypes.length}`);
  }
  if (times.length < 2) continue;
  const [first, bf16, other] = scores as Known<(typeof scores)[number]>;
  console.log(`${name}: ${bf16.size} networks, ${other.size} with other batches`);
  const rows = [
    ['bf16', repeatabilityOf(first, bf16, beta)],
    ['float32, other batches', repeatabilityOf(first, other, beta)],
  ] as const;
  for (const [title, tau] of rows) {
    const text = Object.entries(tau).map(([score, value]) => `${score} ${value?.toFixed(3)}`);
    console.log(`  tau of float32 with ${title}: ${text.join(', ')}`);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  console.log(`  bf16 takes ${median.toFixed(2)} of float32's time (median of the networks)`);
}
