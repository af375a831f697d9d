/** What is running now, as one list: wherever it was started, it can be watched and stopped from anywhere. */
import type { WorkbenchShell } from './workbench.svelte.ts';
import { searchBenchmarksText } from '../benchmarks/searches/text.ts';
import { benchmarksText } from '../benchmarks/text.ts';
import { stateText } from '../runs/text.ts';
import { scoreText } from '../score/text.ts';
import { frameText } from '../shell/text.ts';
import { tasksText as words } from './tasks-text.ts';
import { candidateName, runTitle } from '../ground/words/format.ts';

export interface RunningTask {
  readonly id: string;
  readonly title: string;
  /** What it is doing now. */
  readonly state: string;
  /** 0 to 1; null where that cannot be known. */
  readonly share: number | null;
  readonly secondsLeft: number | null;
  /** Goes where it is shown. */
  readonly open: () => void;
  /** Null while it is being stopped already, and where it cannot be. */
  readonly cancel: (() => void) | null;
}

export function tasksOf(workbench: WorkbenchShell): RunningTask[] {
  return [
    ...searches(workbench),
    ...models(workbench),
    ...benchmarks(workbench),
    ...judgedSearches(workbench),
    ...repeats(workbench),
    ...errands(workbench),
  ];
}

function searches(workbench: WorkbenchShell): RunningTask[] {
  const { runs } = workbench;
  const { active, activeProgress: progress } = runs;
  if (!active) return [];
  const { run, name, state } = active;
  const done = progress ? progress.evaluated + progress.failed : 0;
  return [
    {
      id: 'search',
      title: runTitle(name),
      state: stateText[state],
      share: progress?.planned ? Math.min(1, done / progress.planned) : null,
      secondsLeft: progress?.secondsLeft ?? null,
      open: () => workbench.runActions.open(run),
      cancel: state === 'stopping' ? null : () => void workbench.runActions.stop(run),
    },
  ];
}

function models({ models: store, router }: WorkbenchShell): RunningTask[] {
  const { list } = store;
  if (!list?.busy) return [];
  const done = list.models.filter(({ state }) => state !== 'waiting' && state !== 'scoring').length;
  const scoring = done < list.models.length;
  return [
    {
      id: 'models',
      title: scoreText.title,
      state: scoring ? frameText.scoringModels : frameText.measuringModels,
      share: scoring ? done / list.models.length : null,
      secondsLeft: null,
      open: () => router.go({ page: 'score' }),
      cancel: () => void store.cancel(),
    },
  ];
}

function benchmarks({ benchmarks: store, router }: WorkbenchShell): RunningTask[] {
  const { running, view } = store;
  if (!running) return [];
  const progress = view?.summary.benchmark === running.benchmark ? view.progress : null;
  return [
    {
      id: 'benchmark',
      title: benchmarksText.title,
      state: running.state === 'stopping' ? frameText.stoppingTask : benchmarksText.running,
      share: progress ? progress.done / Math.max(1, progress.all) : null,
      secondsLeft: progress?.secondsLeft ?? null,
      open: () => router.go({ page: 'benchmarks' }),
      cancel: running.state === 'stopping' ? null : () => void store.stop(),
    },
  ];
}

function judgedSearches({ searchBenchmarks: store, router }: WorkbenchShell): RunningTask[] {
  const running = store.state?.running;
  if (!running) return [];
  const { done, all, secondsLeft, stopping } = running;
  return [
    {
      id: 'judged-searches',
      title: benchmarksText.title,
      state: stopping ? frameText.stoppingTask : searchBenchmarksText.running,
      share: done / Math.max(1, all),
      secondsLeft,
      open: () => {
        store.shown = true;
        router.go({ page: 'benchmarks' });
      },
      cancel: stopping ? null : () => void store.stop(),
    },
  ];
}

function repeats({ again, router }: WorkbenchShell): RunningTask[] {
  const { current } = again;
  if (!current) return [];
  const { run, id, kind } = current;
  return [
    {
      id: 'again',
      title: candidateName(id),
      state: kind === 'score' ? words.scoringAgain : words.measuringAgain,
      share: null,
      secondsLeft: null,
      open: () => router.go({ page: 'run', run, candidate: id }),
      cancel: () => void again.cancel(),
    },
  ];
}

function errands({ errands: store, runs, router }: WorkbenchShell): RunningTask[] {
  return store.all.map(({ id, run, kind, share, stoppable, cancel }) => ({
    id: `errand-${id}`,
    title: runTitle(runs.list?.find((one) => one.run === run)?.name ?? run),
    state: kind === 'export' ? words.exporting : words.measuringFront,
    share: share(),
    secondsLeft: null,
    open: () => router.go({ page: 'run', run }),
    cancel: stoppable() ? cancel : null,
  }));
}
