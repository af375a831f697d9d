/** The list of runs as it is looked at: found, sorted, in groups. Pure. */
import type { RunSummary } from '../../preload/contract.ts';
import { runTitle } from '../ground/words/format.ts';
import { stateLabel } from './run-states.ts';
import { settingsLine } from './settings-words.ts';
import { searchesText } from './text.ts';

export const runSortKeys = ['name', 'state', 'evaluated', 'failed', 'time', 'created'] as const;
export type RunSortKey = (typeof runSortKeys)[number];

export interface RunOrder {
  readonly key: RunSortKey;
  readonly descending: boolean;
}

export const runGroupings = ['none', 'space', 'tag', 'month'] as const;
export type RunGrouping = (typeof runGroupings)[number];

/** A row of the list: a group's head, or a run in it. */
export type ListRow =
  | { readonly kind: 'head'; readonly key: string; readonly title: string; readonly count: number }
  | { readonly kind: 'run'; readonly key: string; readonly run: RunSummary };

/** Everything that a run can be found by, in small letters; each run's text is made once. */
const texts = new WeakMap<RunSummary, string>();
function textOf(run: RunSummary): string {
  const known = texts.get(run);
  if (known !== undefined) return known;
  const { name, tags, state, settings, error } = run;
  // What cannot be read has no settings of its own.
  const words = [name, ...tags, stateLabel(state, error), error ? '' : settingsLine(settings)];
  const text = words.join(' ').toLowerCase();
  texts.set(run, text);
  return text;
}

/** Runs that hold every word of the term. */
export function foundRuns(runs: readonly RunSummary[], term: string): readonly RunSummary[] {
  const words = term.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0
    ? runs
    : runs.filter((run) => words.every((word) => textOf(run).includes(word)));
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const compare: Readonly<Record<RunSortKey, (a: RunSummary, b: RunSummary) => number>> = {
  name: (a, b) => collator.compare(runTitle(a.name), runTitle(b.name)),
  state: (a, b) => stateLabel(a.state, a.error).localeCompare(stateLabel(b.state, b.error)),
  evaluated: (a, b) => a.evaluated - b.evaluated,
  failed: (a, b) => a.failed - b.failed,
  time: (a, b) => a.elapsedSeconds - b.elapsedSeconds,
  created: (a, b) => a.createdAt.localeCompare(b.createdAt),
};

/** Those that are equal stay the newest first, and what has no name of its own by its identifier. */
export function sortedRuns(
  runs: readonly RunSummary[],
  { key, descending }: RunOrder,
): RunSummary[] {
  const sign = descending ? -1 : 1;
  return runs.toSorted(
    (a, b) =>
      sign * compare[key](a, b) ||
      b.createdAt.localeCompare(a.createdAt) ||
      a.run.localeCompare(b.run),
  );
}

// Making one takes longer than all its months.
const months = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' });

/** The month in which a run was made, for people and for sorting; a date that is none has neither. */
function monthOf(iso: string): { readonly title: string; readonly order: string } {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return { title: searchesText.noDate, order: '' };
  const title = months.format(date);
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return { title, order: `${String(date.getFullYear()).padStart(6, '0')}-${month}` };
}

/** Groups of a run, with what they are ordered by. */
function groupsOf(run: RunSummary, by: RunGrouping): { title: string; order: string }[] {
  if (by === 'space') {
    const title = run.error === null ? run.settings.space : stateLabel(run.state, run.error);
    return [{ title, order: `${run.error === null ? 0 : 1}${title}` }];
  }
  if (by === 'month') return [monthOf(run.createdAt)];
  if (run.tags.length === 0) return [{ title: searchesText.untagged, order: '1' }];
  return run.tags.map((tag) => ({ title: tag, order: `0${tag.toLowerCase()}` }));
}

/** Runs in groups, sorted within each; a run with several tags stands in the group of each. */
export function listRows(
  runs: readonly RunSummary[],
  order: RunOrder,
  by: RunGrouping,
): readonly ListRow[] {
  const sorted = sortedRuns(runs, order);
  if (by === 'none') return sorted.map((run) => ({ kind: 'run', key: run.run, run }));
  const groups = new Map<string, { order: string; runs: RunSummary[] }>();
  for (const run of sorted) {
    for (const { title, order: place } of groupsOf(run, by)) {
      const group = groups.get(title) ?? { order: place, runs: [] };
      group.runs.push(run);
      groups.set(title, group);
    }
  }
  // Months run backwards, as the newest runs come first.
  const sign = by === 'month' ? -1 : 1;
  return [...groups]
    .sort(([, a], [, b]) => sign * (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .flatMap(([title, group]): ListRow[] => [
      { kind: 'head', key: `head ${title}`, title, count: group.runs.length },
      ...group.runs.map((run): ListRow => ({ kind: 'run', key: `${run.run} ${title}`, run })),
    ]);
}
