/**
 * `npm run bench -- opinion`: what the scores of `npm run bench -- opinion-scores` are worth: mean over the three data sets of
 * tau and of concordance at equal MACs, with 95 % intervals (bootstrap over networks); NEAR + SynFlow against the sum
 * of ln(channels); and how often ZiCo-BC is wrong where NEAR disagrees with it about a network of the front, with a
 * limit of disagreement that is chosen on one half of the networks and judged on the other. Of the first draw of images
 * and weights.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { readAccuracyTable } from '../../main/benchmark/accuracy-table.ts';
import { knownAccuracies } from '../../main/benchmark/known-accuracies.ts';
import { withNullsLast } from '../../main/common/predictors.ts';
import { averageRanks, kendallTauB } from '../../main/common/rank-correlation.ts';
import { generatorFor } from '../../main/random.ts';
import { reportOpinions, type Opinions } from '../support/opinions.ts';
import { spaceNamed } from '../../main/space/index.ts';

interface Row {
  readonly parameters: number;
  readonly macs: number;
  readonly layers: number;
  readonly live: number;
  readonly lnChannels: number;
  readonly zico: number;
  readonly bias: number;
  readonly biasLive: number;
  readonly near: number | null;
  readonly synflow: number | null;
  readonly meco: number | null;
  readonly 'meco-weighted': number | null;
  readonly naswot: number | null;
}

const folder = path.resolve(import.meta.dirname, '../../dist/bench');
const assets = path.resolve(import.meta.dirname, '../../main/assets');
const resamples = 200;

const opinions: Opinions[] = [];
for (const name of ['nats-sss', 'nas-bench-201']) {
  const file = readdirSync(folder).find((one) => one.startsWith(`opinion-${name}-`));
  if (file === undefined) continue;
  const table = await readAccuracyTable(knownAccuracies(name, assets), spaceNamed(name));
  const accuraciesOf = new Map(table.rows.map((row) => [row.genotype as string, row.accuracies]));
  const rows: Row[] = [];
  const accuracies: (readonly number[])[] = [];
  for (const line of readFileSync(path.join(folder, file), 'utf8').split('\n')) {
    if (!line.endsWith('}')) continue;
    const { key, result } = JSON.parse(line) as { key: string; result: Row };
    if (!key.endsWith(' 0 0')) continue;
    rows.push(result);
    accuracies.push(accuraciesOf.get(key.split(' ')[0]!)!);
  }
  const n = rows.length;
  const of = (value: (row: Row) => number | null): readonly number[] =>
    withNullsLast(rows.map(value))!;
  const sum = (...parts: readonly (readonly number[])[]): readonly number[] => {
    const ranks = parts.map(averageRanks);
    return rows.map((_, i) => ranks.reduce((total, rank) => total + rank[i]!, 0));
  };
  const [near, synflow] = [of((row) => row.near), of((row) => row.synflow)];
  const scores: Readonly<Record<string, readonly number[]>> = {
    parameters: of((row) => row.parameters),
    MACs: of((row) => row.macs),
    'sum of ln(channels)': of((row) => row.lnChannels),
    'layers that get a gradient': of((row) => row.live),
    '-bias alone': of((row) => -row.bias),
    ZiCo: of((row) => row.zico),
    'ZiCo-BC, beta 1': of((row) => row.zico - row.bias),
    'ZiCo-BC, beta 1, live layers': of((row) => row.zico - row.biasLive),
    'ZiCo-BC, beta 2': of((row) => row.zico - 2 * row.bias),
    NEAR: near,
    SynFlow: synflow,
    MeCo: of((row) => row.meco),
    'MeCo, weighted': of((row) => row['meco-weighted']),
    NASWOT: of((row) => row.naswot),
    'NEAR + SynFlow': sum(near, synflow),
  };
  const macs = rows.map((row) => row.macs);
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(macs[i]! - macs[j]!) <= 0.1 * Math.max(macs[i]!, macs[j]!)) pairs.push([i, j]);
    }
  }
  const weightsOf = (resample: number): Float64Array => {
    const weights = new Float64Array(n);
    const random = generatorFor('opinion', resample);
    for (let k = 0; k < n; k++) weights[uniformInt(random, 0, n - 1)]!++;
    return weights;
  };
  const drawn = Array.from({ length: resamples }, (_, k) => weightsOf(k));
  const all = new Float64Array(n).fill(1);
  const columns = table.columns.map((_, c) => accuracies.map((own) => own[c]!));
  const mean = (values: readonly number[]): number =>
    values.reduce((a, b) => a + b, 0) / values.length;
  const tauOf = (score: readonly number[], weights: Float64Array): number => {
    const places = Array.from(weights).flatMap((times, i) => new Array<number>(times).fill(i));
    return mean(
      columns.map((column) =>
        kendallTauB(
          places.map((i) => score[i]!),
          places.map((i) => column[i]!),
        ),
      ),
    );
  };
  const equalOf = (score: readonly number[], weights: Float64Array): number =>
    mean(
      columns.map((column) => {
        let [agree, total] = [0, 0];
        for (const [i, j] of pairs) {
          const weight = weights[i]! * weights[j]!;
          if (weight === 0 || column[i] === column[j]) continue;
          total += weight;
          agree += weight * Math.sign((score[i]! - score[j]!) * (column[i]! - column[j]!));
        }
        return agree / total;
      }),
    );
  const inWords = (value: (weights: Float64Array) => number): string => {
    const sorted = drawn.map(value).sort((a, b) => a - b);
    const at = (share: number): string => sorted[Math.round(share * (resamples - 1))]!.toFixed(3);
    return `${value(all).toFixed(3)} [${at(0.025)}, ${at(0.975)}]`;
  };
  console.log(`${name}, ${n} networks: tau, concordance at equal MACs; mean of three data sets`);
  for (const [title, score] of Object.entries(scores)) {
    const tau = inWords((weights) => tauOf(score, weights));
    console.log(`| ${title} | ${tau} | ${inWords((weights) => equalOf(score, weights))} |`);
  }
  console.log(
    `ZiCo, tau by data set: ${columns.map((column) => kendallTauB(scores['ZiCo']!, column).toFixed(3)).join(' / ')}`,
  );
  const both = scores['NEAR + SynFlow']!;
  const widths = scores['sum of ln(channels)']!;
  console.log(
    `NEAR + SynFlow minus sum of ln(channels): tau ${inWords((w) => tauOf(both, w) - tauOf(widths, w))}, equal MACs ${inWords((w) => equalOf(both, w) - equalOf(widths, w))}`,
  );
  opinions.push({ name, score: scores['ZiCo-BC, beta 1']!, near, macs, columns });
}
reportOpinions(opinions);
