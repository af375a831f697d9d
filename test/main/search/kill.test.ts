/** Runs survive kill -9 at any moment: a resumed search ends as one that was never interrupted. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Candidate } from '../../../main/run/candidate.ts';
import { frontOf, rankingOf } from '../../../main/run/ranking.ts';
import { runSearch } from '../../../main/search/search.ts';
import { createRun, openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { createToySpace } from '../../support/toy-space.ts';
import {
  createMemoryStore,
  toyCandidate,
  toyRunInfo,
  toyScore,
  toySettings,
  toySize,
} from '../../support/toy-search.ts';
import type { RunStore } from '../../../main/run/run-store.ts';
import type { Act } from './search-process.ts';

// 5 generations of 8.
const settings = toySettings;
const script = path.join(import.meta.dirname, 'search-process.ts');
let folder: string;
let file: string;
let uninterrupted: readonly Candidate[];

beforeAll(async () => {
  const store = createMemoryStore(settings);
  await search(store);
  uninterrupted = store.candidates();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-kill-'));
  file = path.join(folder, 'run.zico');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function search(store: RunStore): Promise<number> {
  let scored = 0;
  await runSearch({
    space: createToySpace(),
    settings,
    store,
    latency: null,
    summarise: toySize,
    score: (genotype) => {
      scored++;
      return Promise.resolve(toyScore(genotype));
    },
  });
  return scored;
}

const commandOf = (act: Act): [string, string[]] => [
  process.execPath,
  [script, file, JSON.stringify(settings), JSON.stringify(act)],
];

function runUntilKilled(act: Act): void {
  const [command, parameters] = commandOf(act);
  const { signal, stderr } = spawnSync(command, parameters, { encoding: 'utf8' });
  expect({ signal, stderr }).toMatchObject({ signal: 'SIGKILL' });
}

/** Resumes the run here and holds it against the uninterrupted one. Returns how many were scored anew. */
async function resumed(): Promise<number> {
  const store = openRunForWriting(file);
  const scored = await search(store);
  const candidates = store.candidates().map(({ id }) => store.candidate(id)!);
  expect(candidates).toEqual(uninterrupted);
  const ranking = rankingOf(settings);
  expect(frontOf(candidates, ranking)).toEqual(frontOf(uninterrupted, ranking));
  expect(store.info().status).toBe('finished');
  store.close();
  expect(readdirSync(folder)).toEqual(['run.zico']);
  return scored;
}

// Each starts processes, and a computer that is busy takes a second for one.
describe('a search that is killed', { timeout: 60_000 }, () => {
  // The first, within and at the end of generations, before the last, and the last.
  it.each([1, 8, 13, 29, 40])(
    'after %d commits is resumed to the same end, and scores only what is missing',
    async (candidates) => {
      runUntilKilled({ kind: 'kill-after-commit', candidates });
      expect(existsSync(`${file}-wal`)).toBe(true);
      expect(await resumed()).toBe(40 - candidates);
    },
  );

  it.each([0, 11])('while it scores after %d candidates does too', async (candidates) => {
    runUntilKilled({ kind: 'kill-while-scoring', candidates });
    // Two are scored at once: one that began before may not have been committed.
    const missing = await resumed();
    expect(missing).toBeGreaterThanOrEqual(40 - candidates);
    expect(missing).toBeLessThanOrEqual(40 - candidates + 1);
  });

  it('again and again, from outside, gets there', async () => {
    let kills = 0;
    for (const afterLines of [3, 9, 5]) {
      const child = start({ kind: 'slow' });
      const ended = once(child, 'exit');
      let lines = 0;
      createInterface({ input: child.stdout! }).on('line', () => {
        if (++lines === afterLines) child.kill('SIGKILL');
      });
      const [, signal] = (await ended) as [number | null, string | null];
      if (signal === 'SIGKILL') kills++;
    }
    expect(kills).toBeGreaterThan(0); // on a busy computer a search may end before it is killed
    expect(await resumed()).toBeLessThanOrEqual(40 - 17);
  });

  it('can be looked at before it is resumed, and stays resumable', async () => {
    runUntilKilled({ kind: 'kill-after-commit', candidates: 13 });
    const viewer = openRunReadOnly(file);
    expect(viewer.info().status).toBe('running');
    expect(viewer.candidates()).toHaveLength(13);
    viewer.close();
    expect(readdirSync(folder)).toEqual(['run.zico']);
    await resumed();
  });

  it('is whole in a copy that includes its log', async () => {
    runUntilKilled({ kind: 'kill-after-commit', candidates: 13 });
    const copy = path.join(folder, 'copy.zico');
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
    const viewer = openRunReadOnly(copy);
    expect(viewer.candidates()).toHaveLength(13);
    viewer.close();
    rmSync(copy);
    await resumed();
  });

  it('in the middle of a commit loses that candidate only', () => {
    runUntilKilled({ kind: 'kill-within-transaction', candidates: 4 });
    const store = openRunForWriting(file);
    expect(store.candidates().map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    store.add(toyCandidate(5), 5);
    store.close();
  });
});

describe('a second process on the same run', { timeout: 60_000 }, () => {
  it('is refused while the first writes, and welcome afterwards', async () => {
    const store = createRun(file, toyRunInfo(settings));
    expect(await opened()).toBe('run-in-use');
    store.add(toyCandidate(1), 1); // the lock has outlived the attempt, and the writer works on
    expect(await opened()).toBe('run-in-use');
    store.close();
    expect(await opened()).toBe('open');
  });

  it('keeps the first one out, writing or viewing', async () => {
    createRun(file, toyRunInfo(settings)).close();
    const child = start({ kind: 'hold' });
    const ended = once(child, 'exit');
    await once(child.stdout!, 'data');
    for (const open of [openRunForWriting, openRunReadOnly]) {
      expect(() => open(file)).toThrow(expect.objectContaining({ code: 'run-in-use' }));
    }
    child.stdin!.end();
    await ended;
    openRunReadOnly(file).close();
    openRunForWriting(file).close();
  });

  function opened(): Promise<string> {
    const [command, parameters] = commandOf({ kind: 'hold' });
    const { stdout } = spawnSync(command, parameters, { encoding: 'utf8', input: '' });
    return Promise.resolve(stdout.trim());
  }
});

function start(act: Act): ChildProcess {
  return spawn(...commandOf(act), { stdio: ['pipe', 'pipe', 'inherit'] });
}
