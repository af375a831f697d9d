/** Effects of genes as small drawings, all on one scale, so that genes compare. */
import type { GeneEffectsView } from '../../../preload/contract.ts';

export interface EffectLines {
  readonly gene: string;
  /** Points of a polyline. */
  readonly score: string;
  readonly cost: string;
  readonly first: string;
  readonly last: string;
}

/**
 * @param width of a drawing in pixels; margins are in it
 * @param height its middle is the mean of the space
 */
export function effectLines(
  genes: readonly GeneEffectsView[],
  width: number,
  height: number,
): readonly EffectLines[] {
  const margin = 3;
  const largest = (of: 'score' | 'logCost'): number =>
    Math.max(1e-12, ...genes.flatMap(({ choices }) => choices.map((one) => Math.abs(one[of]))));
  const most = { score: largest('score'), logCost: largest('logCost') };
  return genes.map(({ gene, choices }) => {
    const line = (of: 'score' | 'logCost'): string =>
      choices
        .map((one, i) => {
          const x = margin + (i / Math.max(choices.length - 1, 1)) * (width - 2 * margin);
          const y = height / 2 - (one[of] / most[of]) * (height / 2 - margin);
          return `${x.toFixed(1)},${y.toFixed(1)}`;
        })
        .join(' ');
    const [first, last] = [choices[0], choices.at(-1)];
    return {
      gene,
      ...{ score: line('score'), cost: line('logCost') },
      ...{ first: first?.choice ?? '', last: last?.choice ?? '' },
    };
  });
}
