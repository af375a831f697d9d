/** The columns of the candidate table: one unit and one number of decimals each, for the whole run. */
import type { CandidateColumns } from '../../open-run/columns/columns.ts';
import { errorCell, latencyErrorText } from '../../open-run/latency-errors.ts';
import type { RunSession } from '../../open-run/session.svelte.ts';
import { tableText } from './text.ts';
import { genotypeText } from '../../open-run/genotype/text.ts';
import { measuresText } from '../../open-run/measures/text.ts';
import { countUnit, decimalsFor, fixed, percent } from '../../ground/words/format.ts';
import type { SortKey } from '../../open-run/table-rows.ts';
import { hasLatency, isComputed, proxiesOf } from '../../runs/settings-words.ts';

/** What stands beside an estimate. */
export type EstimateKey = 'raw' | 'deviation' | 'frontShare';

/** Where an error bar begins and ends on the bar of a figure. */
export interface ErrorBar {
  readonly from: number;
  readonly to: number;
}

export interface TableColumn {
  readonly key: SortKey | 'genotype' | 'name' | EstimateKey | 'latencyError';
  readonly title: string;
  /** What it is called in a list of columns, where the title alone would not say it. */
  readonly name?: string;
  /** The title in full, where the head has too little room for it. */
  readonly full?: string;
  readonly width: string;
  /** Pixels that its head needs; what figures do where nothing is said. */
  readonly least?: number;
  readonly figures: boolean;
  /** Drawn as a bar before the figure: share of the largest value in the table. */
  readonly share: ((index: number) => number) | null;
  /** On the same scale as `share`; null where nothing is known of the figure's error. */
  readonly errorBar?: (index: number) => ErrorBar | null;
  readonly cell: (index: number) => string;
  /** What the cell says in words; null where it says it all. */
  readonly hint?: (index: number) => string | null;
  /** Marked as nothing to rely on. */
  readonly doubtful?: (index: number) => boolean;
  readonly quiet: boolean;
}

/** The columns that a person wants to see, in their order. Which candidate it is stands first. */
export function shownColumns(session: RunSession): TableColumn[] {
  const { columns: list } = session.arrangement;
  const [first, ...rest] = tableColumns(session);
  return [first!, ...list.of(rest).filter(({ key }) => !list.isMarked(key))];
}

/** Pixels below which figures, or the head of one that takes what is left, would be cut. */
const leastFigures = 66;
const leastRest = 104;

/**
 * Widths of columns in a table of so many pixels: shares of it where they leave enough to those that take the rest,
 * else as little as they can do with.
 */
export function columnWidths(
  columns: readonly Pick<TableColumn, 'width' | 'least'>[],
  room: number,
): { readonly widths: readonly string[]; readonly least: number } {
  const least = columns.map(({ width, least = leastFigures }) => {
    if (width === 'auto') return leastRest;
    return width.endsWith('%') ? least : parseFloat(width);
  });
  const taken = columns.map(({ width }, i) => {
    if (width === 'auto') return 0;
    return width.endsWith('%') ? (room * parseFloat(width)) / 100 : least[i]!;
  });
  const rests = columns.filter(({ width }) => width === 'auto').length;
  const fits = room - sum(taken) >= rests * leastRest;
  const widths = columns.map(({ width }, i) =>
    fits || width === 'auto' ? width : `${least[i]!}px`,
  );
  return { widths, least: sum(least) };
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

/** Every column that the run has, in the usual order. */
export function tableColumns(session: RunSession): TableColumn[] {
  const { data, ranking, table, periods, marks } = session;
  const { columns } = data;
  const { scores, rawScores, costs, estimated } = ranking;
  const settings = data.view?.summary.settings;
  const measured = hasLatency(settings);
  const macs = scaled(session.largest.macs);
  const parameters = scaled(session.largest.parameters);
  const msDecimals = session.latencyDecimals;
  // Estimates bring three columns along: others give way, so that what the table is sorted by keeps its head.
  const besideWidth = estimated === null ? '9%' : '7.5%';
  const sizeWidth = estimated === null ? '11%' : '9.5%';
  const score = (i: number): number => scores[i]!;
  const cost = (i: number): number => costs[i]!;

  const figure = (
    key: TableColumn['key'],
    title: string,
    width: string,
    cell: (index: number) => string,
    share: TableColumn['share'] = null,
    quiet = false,
  ): TableColumn => ({ key, title, width, cell, share, quiet, figures: true });
  const plain = (key: 'id' | 'genotype' | 'name', title: string, width: string): TableColumn => ({
    key,
    title,
    width,
    cell: () => '',
    share: null,
    quiet: false,
    figures: false,
  });

  const result = [
    plain('id', tableText.candidate, '92px'),
    plain('genotype', genotypeText.title, '78px'),
    ...(marks.anyName
      ? [
          {
            ...plain('name', tableText.name, '84px'),
            cell: (i: number): string => marks.name(columns.ids[i]!),
            hint: (i: number): string => marks.name(columns.ids[i]!),
          },
        ]
      : []),
    {
      ...figure(
        'score',
        estimated === null ? ranking.fullName : tableText.estimate,
        'auto',
        (i) => number(scores[i]!, 1),
        shareOf(table.rows, score, true),
      ),
      full: estimated === null ? ranking.fullName : tableText.estimateOf(ranking.fullName),
    },
    ...(estimated === null
      ? []
      : [
          {
            ...figure('deviation', tableText.deviation, '52px', (i) =>
              number(estimated.deviation(columns.ids[i]!), 1),
            ),
            name: tableText.deviationName,
          },
          {
            ...figure('frontShare', tableText.frontShare, '74px', (i) =>
              writtenShare(estimated.frontShare(columns.ids[i]!)),
            ),
            full: tableText.frontShareFull,
          },
          {
            ...figure('raw', tableText.score, '64px', (i) => number(rawScores[i]!, 1)),
            full: ranking.fullName,
          },
        ]),
  ];
  if (measured) {
    const share = ranking.axis === 'latency' ? shareOf(table.rows, cost, false) : null;
    const hint = (i: number): string | null => latencyErrorText(columns, i, msDecimals);
    const doubtful = (i: number): boolean => columns.isLatencyDoubtful(i);
    result.push({
      ...figure(
        'latency',
        tableText.latency,
        'auto',
        (i) => number(columns.latencyMs[i]!, msDecimals),
        share,
      ),
      ...(share && { errorBar: errorBarOf(columns, share) }),
      hint,
    });
    if (columns.anyLatencyError) {
      result.push({
        ...figure('latencyError', tableText.latencyError, '68px', (i) => errorCell(columns, i)),
        ...{ full: tableText.latencyErrorFull, name: tableText.latencyErrorName, hint, doubtful },
      });
    }
  }
  result.push(
    figure(
      'macs',
      tableText.macs(macs.symbol),
      measured ? sizeWidth : 'auto',
      (i) => macs.write(columns.sizeOf(i).macs),
      ranking.axis === 'macs' ? shareOf(table.rows, cost, false) : null,
    ),
    ...(isComputed('zico', settings) || columns.anyZico
      ? [
          figure(
            'zico',
            tableText.zico,
            besideWidth,
            (i) => number(columns.zico[i]!, 1),
            null,
            true,
          ),
          figure(
            'bias',
            tableText.bias,
            besideWidth,
            (i) => number(ranking.biases[i]!, 1),
            null,
            true,
          ),
        ]
      : []),
    // What ranks by itself has its column already.
    ...proxiesOf(settings)
      .filter((key) => key !== ranking.score)
      .map((key) => {
        const cell = (i: number): string => large(columns.proxies.get(key)?.[i] ?? NaN);
        return figure(key, measuresText.names[key], besideWidth, cell, null, true);
      }),
    {
      ...figure(
        'parameters',
        tableText.parameters(parameters.symbol),
        sizeWidth,
        (i) => parameters.write(columns.sizeOf(i).parameters),
        ranking.axis === 'parameters' ? shareOf(table.rows, cost, false) : null,
      ),
      least: 78,
    },
    figure(
      'generation',
      periods.short,
      periods.of(0).length > 1 ? '84px' : '52px',
      (i) => periods.of(columns.generation[i]!),
      null,
      true,
    ),
  );
  return result;
}

/** SynFlow can have twenty digits. */
function large(value: number): string {
  return Math.abs(value) >= 1e6 ? value.toExponential(2) : number(value, 1);
}

function number(value: number, decimals: number): string {
  return Number.isFinite(value) ? fixed(value, decimals) : '–';
}

function writtenShare(draws: number): string {
  return Number.isFinite(draws) ? percent(draws) : '–';
}

function scaled(largest: number) {
  const unit = countUnit(largest);
  const decimals = unit.symbol === '' ? 0 : 1 + decimalsFor(largest / unit.divisor);
  return {
    symbol: unit.symbol,
    write: (value: number): string => fixed(value / unit.divisor, decimals),
  };
}

/** Latencies begin at 0, so that bounds are on the scale of the largest one. */
function errorBarOf(
  columns: CandidateColumns,
  share: (index: number) => number,
): (index: number) => ErrorBar | null {
  return (index) => {
    const bounds = columns.latencyBounds(index);
    const latencyMs = columns.latencyMs[index]!;
    if (bounds === null || !(latencyMs > 0)) return null;
    const [from, to] = [bounds.lowMs, bounds.highMs].map((ms) =>
      Math.max(0, Math.min(1, (share(index) * ms) / latencyMs)),
    );
    return { from: from!, to: to! };
  };
}

/** Scores have no natural zero: their bars start a fifth of the range below the lowest one. */
function shareOf(
  rows: Uint32Array,
  value: (index: number) => number,
  floating: boolean,
): (index: number) => number {
  let low = Infinity;
  let high = -Infinity;
  for (const index of rows) {
    const v = value(index);
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const from = floating ? low - (high - low) * 0.2 : 0;
  const span = high - from || 1;
  return (index) => Math.max(0, Math.min(1, (value(index) - from) / span));
}
