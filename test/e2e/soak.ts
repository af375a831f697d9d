/**
 * One long search of a space of tiny networks with the window open on it: how much memory the program, its page
 * and the scoring process hold, and how many candidates a minute there are, from the first to the last.
 */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { generational, NewSearchPage } from './pages/new-search.ts';
import { createHome } from './pages/open.ts';
import { descendants, tinySpace } from '../support/killed-searches.ts';

/** Candidates until memory has to stay as it is. */
const settledAfter = 2000;
/** The first and the last so many are held against each other. */
const rated = 1000;
const population = 50;

interface Sample {
  readonly ms: number;
  readonly evaluated: number;
  /** Resident, of Electron's main process, the scoring process and the page. */
  readonly mebibytes: { readonly main: number; readonly scoring: number; readonly page: number };
}

export interface Soak {
  readonly candidates: number;
  readonly failed: number;
  readonly perMinute: { readonly first: number; readonly last: number };
  /** Medians of the samples between candidates, by where they begin. */
  readonly memory: Readonly<Record<string, Sample['mebibytes']>>;
  /** The largest median over the smallest, after the first 2,000. */
  readonly growth: Sample['mebibytes'];
  readonly problems: readonly string[];
}

type Part = keyof Sample['mebibytes'];

/** @param told of every sample */
export async function soak(candidates: number, told: (sample: Sample) => void): Promise<Soak> {
  await using home = await createHome();
  const spaces = path.join(home.folder, 'settings', 'spaces');
  mkdirSync(spaces, { recursive: true });
  cpSync(tinySpace, path.join(spaces, 'tiny.json'));
  await using launched = await home.open();
  const { page, app } = launched;
  const form = await new NewSearchPage(page).open();
  await form.fill({ 'Search space': 'Tiny' });
  await form.fill({
    ...generational,
    Population: `${population}`,
    Generations: `${Math.ceil(candidates / population)}`,
    Latency: 'Not measured: MACs instead',
    'Images in a batch': '2',
  });
  await form.start();
  const samples: Sample[] = [];
  const start = performance.now();
  let progress = await progressOf(page);
  while (['searching', 'paused', 'stopping'].includes(progress.state)) {
    progress = await progressOf(page);
    const mebibytes = memoryOf(app.process().pid as number);
    const sample = { ms: performance.now() - start, evaluated: progress.evaluated, mebibytes };
    samples.push(sample);
    // The scoring process goes with the last candidate.
    if (sample.evaluated >= candidates) break;
    told(sample);
    await wait(500);
  }
  const memory = medians(samples, Math.max(rated, candidates / 20));
  const settled = Object.entries(memory).flatMap(([from, held]) =>
    Number(from) >= settledAfter ? [held] : [],
  );
  const growthOf = (part: Part) => {
    const held = settled.map((median) => median[part]);
    return Math.max(...held) / Math.min(...held);
  };
  return {
    candidates: progress.evaluated,
    failed: progress.failed,
    perMinute: {
      first: rate(samples, 0, rated),
      last: rate(samples, candidates - rated, candidates),
    },
    memory,
    growth: { main: growthOf('main'), scoring: growthOf('scoring'), page: growthOf('page') },
    problems: await launched.problems(),
  };
}

async function progressOf(page: Page) {
  return page.evaluate(async () => {
    const list = await window.workbench.call('runs.list');
    const run = (list.ok && list.value[0]?.run) || '';
    const progress = await window.workbench.call('runs.progress', { run });
    if (!progress.ok) throw new Error(progress.error.message);
    const { evaluated, failed, state } = progress.value;
    return { evaluated, failed, state };
  });
}

function memoryOf(main: number): Sample['mebibytes'] {
  const children = descendants(main);
  const command = (pid: number) => read(`/proc/${pid}/cmdline`);
  const most = (of: string) =>
    Math.max(0, ...children.filter((pid) => command(pid).includes(of)).map(residentMebibytes));
  return {
    main: residentMebibytes(main),
    scoring: most('NodeService'),
    page: most('--type=renderer'),
  };
}

const residentMebibytes = (pid: number): number =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

/** Candidates a minute between two numbers of them. */
function rate(samples: readonly Sample[], from: number, to: number): number {
  const at = (count: number): number => {
    const after = samples.findIndex(({ evaluated }) => evaluated >= count);
    const [a, b] = [samples[after - 1], samples[after] ?? samples[samples.length - 1]!];
    if (!a || a.evaluated === b.evaluated) return b.ms;
    return a.ms + ((b.ms - a.ms) * (count - a.evaluated)) / (b.evaluated - a.evaluated);
  };
  return Math.round((60_000 * (to - from)) / (at(to) - at(from)));
}

function medians(samples: readonly Sample[], width: number): Soak['memory'] {
  const windows = new Map<number, Sample[]>();
  for (const sample of samples) {
    const from = Math.floor(sample.evaluated / width) * width;
    if (sample.mebibytes.scoring === 0 || sample === samples.at(-1)) continue;
    windows.set(from, [...(windows.get(from) ?? []), sample]);
  }
  const median = (of: readonly Sample[], part: Part) =>
    of.map(({ mebibytes }) => mebibytes[part]).sort((a, b) => a - b)[Math.floor(of.length / 2)]!;
  return Object.fromEntries(
    [...windows].map(([from, of]) => [
      from,
      { main: median(of, 'main'), scoring: median(of, 'scoring'), page: median(of, 'page') },
    ]),
  );
}
