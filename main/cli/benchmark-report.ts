/** Results of a benchmark of scores: in words, and as CSV. */
import type { BenchmarkedScores } from '../benchmark/benchmark-space.ts';
import {
  judgedMeasures,
  modelMeasures,
  type Interval,
  type JudgedMeasure,
  type ModelMeasure,
} from '../common/benchmarks.ts';
import { type PassesResult } from '../benchmark/passes.ts';
import { atEqualCost } from '../common/judged-in-words.ts';
import { predictors, scoreNames } from '../common/predictors.ts';
import { scoredBy, table } from './table.ts';

/** One line per network: its genotype, its accuracies, and every score. */
export function networksAsCsv({ networks }: PassesResult, columns: readonly string[]): string {
  const names = Object.keys(networks[0]?.scores ?? {}) as (keyof BenchmarkedScores['scores'])[];
  const head = ['genotype', 'parameters', 'macs', ...columns, ...names];
  const lines = networks.map(({ genotype, parameters, macs, accuracies, scores }) =>
    [genotype, parameters, macs, ...accuracies, ...names.map((name) => scores[name] ?? '')].join(
      ',',
    ),
  );
  return [head.join(','), ...lines, ''].join('\n');
}

const judgedIn: Readonly<Record<JudgedMeasure | ModelMeasure, string>> = {
  kendallTau: 'Kendall tau-b',
  spearmanRho: 'Spearman rho',
  ndcg10: 'nDCG of the first ten',
  equalMacs: 'concordance of pairs within 10 % of their MACs',
  regret: 'accuracy lost by choosing within ten budgets of MACs, in points',
  regretOf40: 'the same by a model that knows 40 of the scores and chooses among all networks',
  regretOf100: 'the same by a model that knows 100 of them',
};

/** For people: every measure of every predictor, with what was left out. */
export function benchmarkInWords(result: PassesResult, columns: readonly string[]): string {
  const said = predictors.filter((name) => result.judged[name] !== undefined);
  const models = modelMeasures.filter((measure) =>
    said.some((name) => columns.some((column) => result.judged[name]?.[column]?.[measure])),
  );
  const shown = [...judgedMeasures, ...models];
  return [
    `${result.count} networks, seed ${result.seed}, beta ${result.beta}; each value with a 95 % interval over ${result.draws > 1 ? `networks and ${result.draws} draws of images and weights` : 'networks'}`,
    ...shown.flatMap((measure) => [
      judgedIn[measure],
      table(
        [{ title: '', align: 'left' }, ...columns.map((title) => ({ title }))],
        said.map((predictor) => [
          predictor,
          ...columns.map((column) => {
            const judged = result.judged[predictor]?.[column]?.[measure];
            return judged ? interval(judged) : '-';
          }),
        ]),
      ),
    ]),
    ...columns.map(
      (column) => `${column}: ${atEqualCost(result.judged, result.score, result.score, column)}`,
    ),
    ...(result.repeatability ? repeated(result.repeatability) : []),
    scoredBy(result.scoring),
    ...result.failed.map(({ genotype, error }) => `left out ${genotype}: ${error.message}`),
  ].join('\n');
}

function repeated({
  otherBatches,
  otherWeights,
}: NonNullable<PassesResult['repeatability']>): string[] {
  return [
    '',
    'the same networks scored again; Kendall tau-b between the two scorings',
    table(
      [
        { title: '', align: 'left' },
        { title: 'other batches' },
        { title: 'other initial weights' },
      ],
      scoreNames.map((name) => [name, figure(otherBatches[name]), figure(otherWeights[name])]),
    ),
  ];
}

function interval({ value, from, to }: Interval): string {
  return value === null ? '-' : `${value.toFixed(3)} [${figure(from)}, ${figure(to)}]`;
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
