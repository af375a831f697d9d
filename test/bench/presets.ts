/**
 * `npm run bench -- presets [NETWORKS] [DRAWS] [PRESET,PRESET] [SECONDS]`: what the presets' scores of nats-sss are
 * worth. Over so many networks and draws of batches and weights: Kendall tau-b with the accuracies, of every beta and
 * of parameters; concordance at equal MACs of all and of each 300 of them; tau between scorings with other batches and
 * with other weights, of the first 300. Scores are kept in dist/bench; SECONDS ends it, and the same command goes on.
 */
import type { Genotype } from '../../main/space/space.ts';
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import {
  benchmarked,
  ScoredNetworks,
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

/** Pairs within 10 % of each other's MACs that score and accuracy put in the same order, as a share; ties count 0. */
function concordance(ranked: Ranked, column: number): number {
  let agreeing = 0;
  let pairs = 0;
  for (const [i, one] of ranked.entries()) {
    for (const other of ranked.slice(0, i)) {
      const ratio = macs.get(one.genotype)! / macs.get(other.genotype)!;
      if (Math.abs(Math.log(ratio)) > Math.log(1.1)) continue;
      const accuracy = Math.sign(one.accuracies[column]! - other.accuracies[column]!);
      if (accuracy === 0) continue;
      pairs++;
      agreeing += accuracy * Math.sign(one.score - other.score);
    }
  }
  return agreeing / pairs;
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
  const preset = presets[name]!;
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
