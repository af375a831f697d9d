/** What the picture of several fronts shows, from the runs as they are ranked now. */
import { scaledTicks, type Span } from '../../../main/common/ticks.ts';
import { evenly, plainly } from '../../ground/chart/paint-axes.ts';
import type { PointRange } from '../../ground/chart/viewport.svelte.ts';
import { countUnit } from '../../ground/words/format.ts';
import { noStyle } from '../scatter/point-styles.ts';
import type { CrowdPoints } from './crowd.ts';
import type { FrontMember, FrontSide } from './front-comparison.ts';
import type { FrontMark, FrontsState } from './fronts-painter.ts';
import type { FrontsStore } from './fronts.svelte.ts';
import { frontsText } from './text.ts';

/** A member's place in axis coordinates. */
export const placeOfMember = (
  { cost, score }: FrontSide,
  index: number,
): { readonly x: number; readonly y: number } => ({
  x: Math.log10(cost[index]!),
  y: score[index]!,
});

/** The range of all members of the fronts, in axis coordinates; null without any. */
export function frontsExtent(members: readonly FrontMember[]): PointRange {
  if (members.length === 0) return null;
  const x = members.map(({ cost }) => Math.log10(cost));
  const y = members.map(({ score }) => score);
  return {
    x: { from: Math.min(...x), to: Math.max(...x) },
    y: { from: Math.min(...y), to: Math.max(...y) },
    least: { x: 0.02, y: 1 },
  };
}

/** The range of all candidates that are shown; null without any. */
export function crowdExtent({ x, y, styles, length }: CrowdPoints): PointRange {
  const across = { from: Infinity, to: -Infinity };
  const up = { from: Infinity, to: -Infinity };
  for (let k = 0; k < length; k++) {
    const [at, score] = [x[k]!, y[k]!];
    if (styles[k] === noStyle || !Number.isFinite(at + score)) continue;
    if (at < across.from) across.from = at;
    if (at > across.to) across.to = at;
    if (score < up.from) up.from = score;
    if (score > up.to) up.to = score;
  }
  return across.from > across.to ? null : { x: across, y: up, least: { x: 0.02, y: 1 } };
}

/** By the place of the run. */
export function frontMarks(
  members: readonly FrontMember[],
  shown: readonly boolean[],
): (FrontMark[] | null)[] {
  const marks = shown.map((one): FrontMark[] | null => (one ? [] : null));
  for (const { side, cost, score, beaten } of members) {
    marks[side]?.push({ x: Math.log10(cost), y: score, beaten });
  }
  return marks;
}

/** Ticks and titles of both axes. */
export function frontsAxes(store: FrontsStore): Pick<FrontsState, 'marks' | 'titles'> {
  const { axis } = store;
  const largest = Math.max(...store.runs.map(({ data }) => data.columns.largest.macs));
  const { symbol, divisor } = axis === 'macs' ? countUnit(largest) : { symbol: '', divisor: 1 };
  const x = (span: Span, pixels: number) =>
    plainly(scaledTicks(span, pixels, 44, { logarithmic: true, divisor }));
  const y = (span: Span, pixels: number) =>
    evenly(scaledTicks(span, pixels, 48, { logarithmic: false, divisor: 1 }));
  return {
    marks: (view, width, height) => ({ x: x(view.x, width), y: y(view.y, height) }),
    titles: {
      x: frontsText.cost[axis] + (symbol === '' ? '' : `, ${symbol}`),
      y: store.runs[0]!.ranking.fullName,
    },
  };
}
