/** `zico score` of several models: their columns, and how they rank. */
import { badArguments } from '../asked/bad-arguments.ts';
import { asOption } from '../asked/called.ts';
import { ranksCapped, scoreAsked, type ScoreAsked, type ScoreReport } from '../asked/score.ts';
import { integer } from '../common/figures.ts';
import { withServices, type CliEnvironment } from './environment.ts';
import { withWarningsSaid } from './errors.ts';
import { withSeveralModels, type ModelColumn, type SeveralOptions } from './several-models.ts';
import type { SpaceOption } from './space-option.ts';
import { abbreviated } from './table.ts';

/** Throws `bad-arguments` if a space is named: comparing its networks is what a search does. */
export async function scoreSeveral(
  models: readonly string[],
  { space, ...options }: SpaceOption & ScoreAsked & SeveralOptions,
  environment: CliEnvironment,
): Promise<void> {
  if (space !== undefined) {
    throw badArguments(
      'Several models have to be files: of a space, one network is scored at a time.',
      'Leave --space out, or name one genotype. A search compares networks of a space.',
    );
  }
  const capped = ranksCapped(options);
  const score = (report: ScoreReport) => (capped ? report.zicoBcCapped : report.zicoBc);
  const last = (report: ScoreReport) => (report.ranksLast ? 1 : 0);
  await withServices(environment, (services) =>
    withSeveralModels(models, environment, options, {
      one: async (model) =>
        withWarningsSaid(
          await scoreAsked(services, { model, space: null }, options, asOption, {
            signal: environment.interrupted,
          }),
        ),
      columns: scoreColumns,
      compare: (a, b) => last(a) - last(b) || score(b) - score(a),
      group: ({ task }) => task,
      rankedBy: (tasks) =>
        `Ranked by ZiCo-BC${capped ? ' with terms capped' : ''}${tasks > 1 ? ', each task by itself: scores of different tasks have different losses' : ''}. Scores can only be compared on the same images and batches.`,
    }),
  );
}

const fixed3 = (of: (report: ScoreReport) => number) => (report: ScoreReport) =>
  of(report).toFixed(3);
const scoreColumns: readonly ModelColumn<ScoreReport>[] = [
  { title: 'ZiCo-BC', key: 'zicoBc', value: (r) => r.zicoBc, words: fixed3((r) => r.zicoBc) },
  {
    ...{ title: 'capped', key: 'zicoBcCapped' },
    ...{ value: (r) => r.zicoBcCapped, words: fixed3((r) => r.zicoBcCapped) },
  },
  { title: 'ZiCo', key: 'zico', value: (r) => r.zico, words: fixed3((r) => r.zico) },
  { title: 'bias', key: 'bias', value: (r) => r.bias, words: fixed3((r) => r.bias) },
  { title: 'task', key: 'task', value: (r) => r.task },
  { title: 'layers', key: 'layers', value: (r) => r.layers.length },
  {
    ...{ title: 'parameters', key: 'parameters' },
    ...{ value: (r) => r.parameters, words: (r) => integer(r.parameters) },
  },
  { title: 'MACs', key: 'macs', value: (r) => r.macs, words: (r) => abbreviated(r.macs) },
  { title: 's', key: 'seconds', value: (r) => r.seconds, words: (r) => r.seconds.toFixed(2) },
  {
    ...{ title: 'warnings', key: 'warnings' },
    value: (r) => r.warnings.map(({ code }) => code).join(' '),
  },
];
