/** Effects of genes as small drawings, all on one scale, so that genes compare. */
import type { GeneEffectsView } from '../../../preload/contract.ts';
import type { FilterRange } from '../../open-run/measures/filter.ts';

export interface EffectColumn {
  readonly choice: string;
  readonly value: number;
  readonly score: number;
  readonly logCost: number;
  /** Of the height above the middle: from -1 to 1, by the largest effect of any gene. */
  readonly scoreShare: number;
  readonly costShare: number;
}

export interface EffectPicture {
  readonly gene: string;
  /** By how much its best choice is expected to score above its worst. */
  readonly spread: number;
  /** Of the largest spread. */
  readonly spreadShare: number;
  readonly columns: readonly EffectColumn[];
}

/** The genes that move the score most first. */
export function effectPictures(genes: readonly GeneEffectsView[]): readonly EffectPicture[] {
  const all = genes.flatMap(({ choices }) => choices);
  const largest = (of: 'score' | 'logCost'): number =>
    Math.max(1e-12, ...all.map((one) => Math.abs(one[of])));
  const most = { score: largest('score'), logCost: largest('logCost') };
  const spreads = genes.map(({ choices }) => {
    const scores = choices.map(({ score }) => score);
    return scores.length === 0 ? 0 : Math.max(...scores) - Math.min(...scores);
  });
  const widest = Math.max(1e-12, ...spreads);
  return genes
    .map(({ gene, choices }, g) => ({
      ...{ gene, spread: spreads[g]!, spreadShare: spreads[g]! / widest },
      columns: choices.map((one) => ({
        ...one,
        scoreShare: one.score / most.score,
        costShare: one.logCost / most.logCost,
      })),
    }))
    .sort((a, b) => b.spread - a.spread);
}

/**
 * What a press on a choice makes of a gene's range: that choice alone, the range up to it, or, on the only one that is
 * kept, no range.
 */
export function rangeAfterPress(range: FilterRange | null, value: number): FilterRange | null {
  if (range === null) return { from: value, to: value };
  if (range.from === value && range.to === value) return null;
  if (value >= range.from && value <= range.to) return { from: value, to: value };
  return { from: Math.min(range.from, value), to: Math.max(range.to, value) };
}
