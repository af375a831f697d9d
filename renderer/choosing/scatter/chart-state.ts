/**
 * Turns a session into what the scatter paints. Read inside a derived value, so that it follows every change.
 */
import { scaledTicks, type Tick } from '../../../main/common/ticks.ts';
import { choiceTicks, type View } from '../../ground/chart/axis.ts';
import { fixed } from '../../ground/words/format.ts';
import { writeValue, type Measure } from '../../open-run/measures/measures.ts';
import type { RunSession } from '../../open-run/session.svelte.ts';
import type { Side } from '../../open-run/chart.svelte.ts';
import { geneOf } from '../../open-run/measures/measures.ts';
import { hasLatency } from '../../runs/settings-words.ts';
import { scatterText } from './text.ts';
import { measuresText } from '../../open-run/measures/text.ts';
import { evenly, plainly, type AxisMarks } from '../../ground/chart/paint-axes.ts';
import { latencyBars } from '../../open-run/latency-errors.ts';
import { styleOf, type Colouring } from './point-styles.ts';
import type { ChartState } from './scatter-state.ts';
import type { SelectionTags } from '../../ground/chart/paint-marks.ts';

export function colouringOf(session: RunSession): Colouring {
  const { chart, data, ranking, marks, pins, measures } = session;
  const { columns } = data;
  if (chart.colour === 'status') {
    const indices = (ids: Iterable<number>): Set<number> =>
      new Set([...ids].flatMap((id) => columns.index(id) ?? []));
    const { onFront } = ranking;
    return {
      ...{ by: 'status', onFront, starred: indices(marks.starred), pinned: indices(pins.ids) },
    };
  }
  const gene = geneOf(chart.colour) === null ? undefined : measures.get(chart.colour);
  if (gene?.choices) {
    const { values, choices, labels } = gene;
    return { by: 'gene', values, choices, ...(labels && { labels }) };
  }
  return { by: 'generation', generation: columns.generation, last: columns.lastGeneration };
}

/** What an axis means, for people. */
function titleOf(session: RunSession, measure: Measure): string {
  const { ranking, details } = session;
  switch (measure.key) {
    case 'score':
      if (ranking.estimated) return scatterText.yEstimate(ranking.fullName);
      return scatterText.yTitle(ranking.name, ranking.byBeta ? fixed(ranking.beta, 2) : null);
    case 'latency': {
      const { conditions } = details;
      return conditions === null ? scatterText.xLatency : scatterText.xLatencyWith(conditions);
    }
    case 'macs':
      return scatterText.xMacs(measure.unit);
    default:
      return measuresText.withUnit(measure.title, measure.unit);
  }
}

function marksOf(measure: Measure, logarithmic: boolean, gap: number) {
  return (span: View['x'], pixels: number): AxisMarks => {
    const { choices, divisor } = measure;
    if (choices) return plainly(choiceTicks(choices, span, pixels, gap / 2, logarithmic));
    const ticks: Tick[] = scaledTicks(span, pixels, gap, { logarithmic, divisor });
    return logarithmic ? plainly(ticks) : evenly(ticks);
  };
}

export function axisMeasures(session: RunSession): { x: Measure; y: Measure } | null {
  const x = session.measures.get(session.chart.x.key);
  const y = session.measures.get(session.chart.y.key);
  return x && y ? { x, y } : null;
}

/** Everything of the chart but its styles, which are expensive and depend on less. */
export function chartStateOf(session: RunSession, styles: Uint8Array): ChartState | null {
  const { data, ranking, viewport, chart, filter, places } = session;
  const measures = axisMeasures(session);
  if (!measures) return null;
  const { columns } = data;
  const { front, knee, underCap, cap, ghost } = ranking;
  const colouring = colouringOf(session);
  const style = styleOf(colouring);
  const x = marksOf(measures.x, chart.x.logarithmic, 44);
  const y = marksOf(measures.y, chart.y.logarithmic, 48);
  const costLogarithmic = chart.costSide !== null && chart[chart.costSide].logarithmic;
  const named = [];
  if (knee !== null) named.push({ index: knee, label: scatterText.knee, diamond: true });
  if (underCap !== null && underCap !== knee) {
    named.push({ index: underCap, label: scatterText.bestUnderCap, diamond: false });
  }
  return {
    ...{ length: columns.length, x: places.x, y: places.y, generation: columns.generation },
    upTo: ranking.upTo,
    view: viewport.view,
    hasPoints: ranking.order.length > 0,
    styles,
    colouredBy: colouring.by,
    front,
    frontStyles: Uint8Array.from(front, style),
    onFront: ranking.onFront,
    costSide: chart.costSide,
    mask: filter.mask,
    ghost:
      ghost && ghost.beta !== ranking.beta
        ? { front: ghost.front, label: scatterText.ghost(fixed(ghost.beta, 2)) }
        : null,
    named,
    bars: barsOf(session),
    expected: expectedOf(session),
    cap: cap === null ? null : costLogarithmic ? Math.log10(cap) : cap,
    marks: (view, width, height) => ({ x: x(view.x, width), y: y(view.y, height) }),
    titles: { x: titleOf(session, measures.x), y: titleOf(session, measures.y) },
  };
}

/** How far latencies may be off, where an axis shows them. */
function barsOf({ chart, data, ranking }: RunSession): ChartState['bars'] {
  const side = chart.x.key === 'latency' ? 'x' : chart.y.key === 'latency' ? 'y' : null;
  if (side === null) return null;
  const place = (ms: number): number => (chart[side].logarithmic ? Math.log10(ms) : ms);
  const all = latencyBars(data.columns, ranking.front, ranking.upTo);
  const bars = all.map(({ index, lowMs, highMs, doubtful }) => ({
    ...{ index, doubtful, low: place(lowMs), high: place(highMs) },
  }));
  return { side, bars };
}

/** Where the front stands that the model expects, while it is looked at or ranked by and the axes are those of the search. */
export function expectedOf({ chart, data, model, ranking }: RunSession): ChartState['expected'] {
  const settings = data.view?.summary.settings;
  const { costSide } = chart;
  const looked = chart.view === 'model' || ranking.estimated !== null;
  if (!looked || costSide === null || settings === undefined) return null;
  if (ranking.axis !== (hasLatency(settings) ? 'latency' : 'macs')) return null;
  const place = (value: number, { logarithmic }: { logarithmic: boolean }): number =>
    logarithmic ? Math.log10(value) : value;
  const other = costSide === 'x' ? chart.y : chart.x;
  return (model.model?.front ?? []).map((one) => {
    const cost = place(one.cost, chart[costSide]);
    const score = place(one.score, other);
    const { genotype, scored } = one;
    const mark = { genotype, scored, chosen: one.id === null && model.chosen === genotype };
    return costSide === 'x' ? { x: cost, y: score, ...mark } : { x: score, y: cost, ...mark };
  });
}

/** A candidate's values as written on the axes. */
export function tagsOf(session: RunSession, index: number): SelectionTags {
  const measures = axisMeasures(session);
  const write = (side: Side): string => (measures ? writeTag(measures[side], index) : '');
  return { x: write('x'), y: write('y') };
}

function writeTag(measure: Measure, index: number): string {
  const value = measure.values[index]!;
  // The axis has little room: a score's decimals are in the table.
  return measure.key === 'score' ? fixed(value, 0) : writeValue(measure, value);
}
