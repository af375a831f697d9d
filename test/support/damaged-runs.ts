/** Damages runs and opens them in every way, in a child whose time and memory are watched. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRun } from '../../main/store/run-file.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults } from '../../main/common/settings/method.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { damagedCopy } from './damage.ts';
import { searchOn, wayNames, type Opened } from './damaged-run-child.ts';
import { asOfVersion } from './older-run.ts';
import type { Known } from '../../main/common/known.ts';

export interface Trials {
  readonly files: number;
  readonly opened: number;
  readonly refused: number;
  /** Files that opened as if undamaged, because the damage was where nothing is stored. */
  readonly same: number;
  readonly longestMs: number;
  readonly mostBytes: number;
  readonly codes: Readonly<Record<string, number>>;
  /** What happened but must not, in words. */
  readonly faults: readonly string[];
}

const longestMs = 5000;
const mostBytes = 500e6;
/** One file in five is of the version before digests, in which damage to values may go unnoticed. */
const isOld = (number: number): boolean => number % 5 === 4;

type Asked = Opened | { readonly died: string };

/** @param tell called after every hundredth file */
export async function tryDamagedRuns(
  count: number,
  from = 0,
  tell: (done: number) => void = () => undefined,
): Promise<Trials> {
  const folder = mkdtempSync(path.join(tmpdir(), 'zico-damaged-runs-'));
  const trials = { files: count, opened: 0, refused: 0, same: 0, longestMs: 0, mostBytes: 0 };
  const codes: Record<string, number> = {};
  const faults: string[] = [];
  let child: ChildProcess | null = null;
  try {
    const sound = await soundRuns(folder);
    const right = new Map<string, Opened>();
    const ask = async (way: string, file: string): Promise<Asked> => {
      child ??= await started();
      const answer = await answered(child, way, file);
      if ('died' in answer) child = null;
      return answer;
    };
    for (const [i, file] of sound.entries()) {
      for (const way of wayNames) {
        const copy = path.join(folder, 'copy.zico');
        copyFileSync(file, copy);
        const opened = await ask(way, copy);
        if (!('digest' in opened))
          throw new Error(`${way} of a sound run: ${JSON.stringify(opened)}`);
        right.set(`${way} ${i}`, opened);
      }
    }
    for (let number = from; number < from + count; number++) {
      const old = isOld(number) ? 1 : 0;
      const damaged = path.join(folder, 'damaged.zico');
      const how = damagedCopy(sound[old]!, damaged, number);
      for (const way of wayNames) {
        const copy = path.join(folder, 'copy.zico');
        for (const suffix of ['', '-wal', '-journal']) rmSync(copy + suffix, { force: true });
        copyFileSync(damaged, copy);
        const began = performance.now();
        const opened = await ask(way, copy);
        trials.longestMs = Math.max(trials.longestMs, performance.now() - began);
        const where = `${way} of file ${number} (${how}${old ? ', no digests' : ''})`;
        if ('died' in opened) faults.push(`${where}: ${opened.died}`);
        else if ('code' in opened) {
          trials.refused += 1;
          codes[opened.code] = (codes[opened.code] ?? 0) + 1;
          if (opened.code === 'internal') faults.push(`${where}: internal, ${opened.message}`);
        } else {
          trials.opened += 1;
          const asStored = right.get(`${way} ${old}`);
          const same = 'digest' in asStored! && asStored.digest === opened.digest;
          if (same) trials.same += 1;
          else if (old === 0) faults.push(`${where}: other candidates than were stored`);
        }
      }
      const bytes = peakBytes(child);
      trials.mostBytes = Math.max(trials.mostBytes, bytes);
      if (bytes > mostBytes) faults.push(`file ${number} (${how}): ${Math.round(bytes / 1e6)} MB`);
      if ((number - from) % 100 === 99) {
        tell(number - from + 1);
        (child as ChildProcess | null)?.kill('SIGKILL'); // ending the process closes its connections
        child = null;
      }
    }
  } finally {
    (child as ChildProcess | null)?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...trials, codes, faults };
}

/** A run stopped after 60 of 100 candidates, in today's format and in that of the version before digests. */
async function soundRuns(folder: string): Promise<string[]> {
  const [now, before] = ['now.zico', 'before.zico'].map((name) =>
    path.join(folder, name),
  ) as Known<string>;
  const settings = {
    ...defaultSearchSettings,
    ...generationalDefaults,
    ...{ latency: 'macs' as const, population: 20, generations: null, candidates: 60 },
  };
  const store = createRun(now, {
    runId: 'damaged',
    settings: { ...settings, candidates: 100 },
    space: spaceNamed(settings.space).description,
    dataDescription: 'made up',
    productVersion: '1',
    createdAt: '2025-01-01T00:00:00.000Z',
    status: 'running',
    elapsedSeconds: 0,
  });
  const ends = new Error('as many as are wanted');
  const until60 = { ...store, info: () => store.info(), candidates: () => store.candidates() };
  await searchOn({
    ...until60,
    path: store.path,
    candidate: (id) => store.candidate(id),
    counts: () => store.counts(),
    setScoring: (plan) => store.setScoring(plan),
    setStatus: (status) => store.setStatus(status, 1),
    close: () => undefined,
    add(candidate) {
      if (candidate.id > settings.candidates) throw ends;
      store.add(candidate, 1);
    },
  }).catch((error: unknown) => {
    if (error !== ends) throw error;
  });
  store.close();
  copyFileSync(now, before);
  asOfVersion(before, 6);
  return [now, before];
}

/** Waits until the child has loaded, so that loading is not timed. */
async function started(): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'damaged-run-child.ts'), [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

function answered(child: ChildProcess, way: string, file: string): Promise<Asked> {
  return new Promise((resolve) => {
    const end = (asked: Asked): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      resolve(asked);
    };
    const onMessage = (message: unknown): void => end(message as Opened);
    const onExit = (code: number | null, signal: string | null): void =>
      end({ died: `the process ended (${signal ?? code})` });
    const timer = setTimeout(() => {
      end({ died: `no answer within ${longestMs / 1000} s` });
      child.kill('SIGKILL');
    }, longestMs);
    child.on('message', onMessage).on('exit', onExit);
    child.send({ way, file });
  });
}

/** The peak memory of the process; 0 if it has ended or the system does not report it. */
function peakBytes(child: ChildProcess | null): number {
  const status = `/proc/${child?.pid}/status`;
  if (child === null || !existsSync(status)) return 0;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) * 1024;
}
