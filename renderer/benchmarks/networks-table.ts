/** The benchmarked networks with their figures in full, best first. */
import type { TableText } from '../ground/table-text.ts';
import { scoreName } from '../ground/words/score-name.ts';
import type { BenchmarksStore } from './benchmarks.svelte.ts';
import { benchmarksText as words } from './text.ts';

export function networksTable(
  { ranked, beta, capped }: Pick<BenchmarksStore, 'ranked' | 'beta' | 'capped'>,
  titles: readonly string[],
): TableText {
  return {
    head: [
      ...[words.rank, words.network, scoreName(beta, capped), words.zico, words.bias],
      ...titles.map((title) => words.accuracyOf(title)),
      ...[words.parameters, words.macs],
    ],
    rows: ranked.map(({ network, score }, i) => {
      const { genotype, scores, accuracies, parameters, macs } = network;
      const zico = capped ? scores.zicoCapped : scores.zico;
      const figures = [score, zico, scores.bias, ...accuracies, parameters, macs];
      return [String(i + 1), genotype, ...figures.map(String)];
    }),
  };
}
