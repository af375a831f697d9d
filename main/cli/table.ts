/** Text for people: tables, and numbers shortened for reading. */
import { versionInWords } from '../engine/precision.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import { shownInLine } from '../common/shown.ts';

export interface TextColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Cells padded to the widest of their column. Columns are aligned right unless told otherwise. */
export function table(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((cells) => cells.map(shownInLine))];
  const widths = columns.map((_, c) => Math.max(...lines.map((cells) => (cells[c] ?? '').length)));
  return lines
    .map((cells) =>
      columns
        .map(({ align = 'right' }, c) =>
          align === 'left'
            ? (cells[c] ?? '').padEnd(widths[c]!)
            : (cells[c] ?? '').padStart(widths[c]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** 96140000000 -> 96.14G. */
export function abbreviated(value: number): string {
  const units = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  const [factor, unit] = units.find(([size]) => value >= size) ?? [1, ''];
  return `${(value / factor).toFixed(factor === 1 ? 0 : 2)}${unit}`;
}

/** 4530 -> 1 h 15 min. */
export function span(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 3600) return `${Math.round(whole / 60)} min`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** What scores: `onednn 2.6.3+k6, 2 processes of 1 thread`. */
export function inWords(plan: ScoringPlan): string {
  const { engine, workers, threads } = plan;
  const counted = (count: number, one: string, many: string) =>
    `${count} ${count === 1 ? one : many}`;
  const layout =
    workers === null || threads === null
      ? ''
      : `, ${counted(workers, 'process', 'processes')} of ${counted(threads, 'thread', 'threads')}`;
  return `${engine} ${versionInWords(plan)}${layout}`;
}

/** The line on what scored, with the reason if it was not the usual engine. */
export function scoredBy(plan: ScoringPlan): string {
  return `Scored by ${inWords(plan)}.${plan.note === null ? '' : ` ${plan.note}`}`;
}
