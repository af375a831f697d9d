/**
 * `npm run bench -- presets [NETWORKS] [DRAWS] [PRESET,PRESET] [SECONDS]`: what the presets' scores of nats-sss are
 * worth. Over so many networks and draws of batches and weights: Kendall tau-b with the accuracies, of every beta and
 * of parameters; concordance at equal MACs of all and of each 300 of them; the same of the mean over the draws, with
 * 95 % intervals of the concordance over networks (bootstrap); tau between scorings with other batches and with other
 * weights, of the first 300. Presets, or BATCHESxIMAGES as `robust` scores. Scores are kept in dist/bench; SECONDS
 * ends it, and the same command goes on.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { generatorFor } from '../../main/random.ts';
import type { Genotype } from '../../main/space/space.ts';
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import {
  benchmarked,
  ScoredNetworks,
  sizesOf,
  type KeptScore,
  type Setting,
} from '../support/scored-networks.ts';

const [networks = '1000', seeds = '5', which = 'robust', seconds = 'Infinity'] =
  process.argv.slice(2);

const presets: Readonly<Record<string, Omit<Setting, 'weightSeed' | 'batchSeed'>>> = {
  robust: { batches: 4, batchSize: 8, weights: 'pytorch-default', precision: 'float32-winograd' },
  former: { batches: 2, batchSize: 64, weights: 'pytorch-default', precision: 'float32' },
  paper: { batches: 2, batchSize: 128, weights: 'kaiming-normal-fan-out', precision: 'float32' },
};
/** Seeds of weights and of batches: draws of both, then one of each alone. */
const draws = [
  ...Array.from({ length: Number(seeds) }, (_, seed) => [seed, seed] as const),
  [0, 1],
  [1, 0],
] as const;
const few = 300;
const betas = [0, 1, 2];

const scored = new ScoredNetworks('nats-sss', Number(seconds));
console.log(`scores in ${scored.file}`);
const { rows, columns } = await benchmarked(scored.space, Number(networks));
const macs = new Map(rows.map(({ genotype }) => [genotype, scored.space.counts(genotype).macs]));
const parameters = (genotype: Genotype) => scored.space.counts(genotype).parameters;

type Ranked = readonly {
  readonly genotype: Genotype;
  readonly accuracies: readonly number[];
  readonly score: number;
}[];

/**
 * Pairs within 10 % of each other's MACs that score and accuracy put in the same order, as a share; ties count 0.
 * @param times how often each network counts
 */
function concordance(ranked: Ranked, column: number, times?: Float64Array): number {
  let agreeing = 0;
  let pairs = 0;
  for (const [i, one] of ranked.entries()) {
    for (let j = 0; j < i; j++) {
      const other = ranked[j]!;
      const weight = times ? times[i]! * times[j]! : 1;
      if (weight === 0) continue;
      const ratio = macs.get(one.genotype)! / macs.get(other.genotype)!;
      if (Math.abs(Math.log(ratio)) > Math.log(1.1)) continue;
      const accuracy = Math.sign(one.accuracies[column]! - other.accuracies[column]!);
      if (accuracy === 0) continue;
      pairs += weight;
      agreeing += weight * accuracy * Math.sign(one.score - other.score);
    }
  }
  return agreeing / pairs;
}

const resamples = 200;

/** The 95 % interval over networks. */
function interval(ranked: Ranked, column: number): string {
  const random = generatorFor('presets', ranked.length);
  const values = Array.from({ length: resamples }, () => {
    const times = new Float64Array(ranked.length);
    for (let k = 0; k < ranked.length; k++) times[uniformInt(random, 0, ranked.length - 1)]!++;
    return concordance(ranked, column, times);
  }).sort((a, b) => a - b);
  const at = (share: number): string => values[Math.round(share * (resamples - 1))]!.toFixed(3);
  return `[${at(0.025)}, ${at(0.975)}]`;
}
const taus = (ranked: Ranked): string =>
  columns
    .map((_, c) =>
      kendallTauB(
        ranked.map(({ score }) => score),
        ranked.map(({ accuracies }) => accuracies[c]!),
      ).toFixed(3),
    )
    .join(' / ');
const atEqualMacs = (ranked: Ranked): string =>
  columns.map((_, c) => concordance(ranked, c).toFixed(3)).join(' / ');
/** Of all, and of each 300. */
const everywhere = (ranked: Ranked): string => {
  const parts = Array.from({ length: Math.floor(ranked.length / few) }, (_, i) =>
    atEqualMacs(ranked.slice(few * i, few * (i + 1))),
  );
  return `${atEqualMacs(ranked)} (of ${few} each: ${parts.join('; ')})`;
};

const bySize: Ranked = rows.map((row) => ({ ...row, score: parameters(row.genotype) }));
console.log(`parameters: tau ${taus(bySize)}; at equal MACs ${everywhere(bySize)}`);

for (const name of which.split(',')) {
  const preset = presets[name] ?? { ...presets['robust']!, ...sizesOf(name) };
  const passes: Map<Genotype, KeptScore>[] = [];
  for (const [d, [weightSeed, batchSeed]] of draws.entries()) {
    const pass = new Map<Genotype, KeptScore>();
    for (const { genotype } of d < Number(seeds) ? rows : rows.slice(0, few)) {
      const score = await scored.score(genotype, { ...preset, weightSeed, batchSeed });
      if (score === null) break;
      pass.set(genotype, score);
    }
    passes.push(pass);
  }
  for (const capped of [true, false]) for (const beta of betas) report(name, passes, capped, beta);
}
await scored.close();

function report(
  name: string,
  passes: readonly ReadonlyMap<Genotype, KeptScore>[],
  capped: boolean,
  beta: number,
): void {
  const value = ({ zico, zicoCapped, bias }: KeptScore): number =>
    (capped ? zicoCapped : zico) - beta * bias.deployment.live;
  const title = `${name}, ${capped ? 'terms capped at 100' : 'no cap'}, beta ${beta}`;
  for (const [d, pass] of passes.slice(0, Number(seeds)).entries()) {
    const ranked = rows.flatMap((row) => {
      const score = pass.get(row.genotype);
      return score ? [{ ...row, score: value(score) }] : [];
    });
    if (ranked.length < 2) continue;
    console.log(
      `${title}: draw ${d}, ${ranked.length} networks: tau ${taus(ranked)}; at equal MACs ${everywhere(ranked)}`,
    );
  }
  const whole = passes.slice(0, Number(seeds));
  const mean: Ranked = rows.flatMap((row) => {
    const known = whole.map((pass) => pass.get(row.genotype)).filter((one) => one !== undefined);
    if (known.length < whole.length) return [];
    return [{ ...row, score: known.reduce((sum, one) => sum + value(one), 0) / known.length }];
  });
  if (mean.length >= 2) {
    const first = mean.slice(0, few);
    const intervals = columns.map((_, c) => interval(first, c)).join(' / ');
    console.log(
      `${title}: mean of ${whole.length} draws, ${mean.length} networks: tau ${taus(mean)}; at equal MACs ${everywhere(mean)}; over networks, of the first ${first.length} ${intervals}`,
    );
  }
  const again = (first: number, second: number): string => {
    const both = rows.flatMap(({ genotype }) => {
      const pair = [passes[first]?.get(genotype), passes[second]?.get(genotype)];
      return pair[0] && pair[1] ? [[value(pair[0]), value(pair[1])] as const] : [];
    });
    if (both.length < 2) return '-';
    const tau = kendallTauB(
      both.map(([one]) => one),
      both.map(([, other]) => other),
    );
    return `${tau.toFixed(3)} (${both.length})`;
  };
  const single = Number(seeds);
  const others = Array.from({ length: single - 1 }, (_, d) => again(0, d + 1));
  console.log(
    `${title}: repeats, tau: other batches ${again(0, single)}, other weights ${again(0, single + 1)}, both ${others.join(', ')}`,
  );
}
