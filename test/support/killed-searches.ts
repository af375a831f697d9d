/**
 * Searches as a person starts them, killed at random moments: the program, a process that scores for it, or
 * both; once or several times; resumed or not. Each outcome is compared with an undisturbed search.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { engineTraits } from '../../main/common/engines.ts';
import { generatorFor, type RandomGenerator } from '../../main/random.ts';
import type { Candidate } from '../../main/run/candidate.ts';
import { openRunReadOnly } from '../../main/store/run-file.ts';

/** How long processes may outlive the search that started them, in milliseconds. */
const orphansEndWithinMs = 5000;

export const tinySpace = path.join(import.meta.dirname, 'spaces/tiny.json');

export interface Layout {
  readonly engine: 'onednn' | 'onnxruntime';
  readonly workers: number;
}

const victims = ['program', 'scorer', 'both', 'scorer again and again'] as const;
type Victim = (typeof victims)[number];

export interface KillTrials {
  readonly trials: number;
  /** Number of processes killed. */
  readonly kills: number;
  readonly resumed: number;
  /** The longest time that a process outlived its killed program. */
  readonly longestOrphanMs: number;
  readonly byVictim: Readonly<Record<string, number>>;
  /** Violated expectations, with the number of the trial. */
  readonly faults: readonly string[];
}

export interface KillOptions {
  readonly count: number;
  readonly layouts: readonly Layout[];
  /** The command line's script. */
  readonly cli: string;
  readonly candidates: number;
  /** Number of the first trial, which seeds it. */
  readonly from?: number;
  readonly told?: (done: number) => void;
}

interface Search {
  readonly folder: string;
  readonly layout: Layout;
  readonly cli: string;
  readonly candidates: number;
}

export async function tryKilledSearches(options: KillOptions): Promise<KillTrials> {
  const { count, layouts, from = 0, told } = options;
  const counts = { kills: 0, resumed: 0, longestOrphanMs: 0 };
  const byVictim: Record<string, number> = {};
  const faults: string[] = [];
  const undisturbed: Awaited<ReturnType<typeof reference>>[] = [];
  for (const layout of layouts) undisturbed.push(await reference({ ...options, layout }));
  for (let trial = from; trial < from + count; trial++) {
    const random = generatorFor('killed searches', trial);
    const { expected, ms, layout } = undisturbed[uniformInt(random, 0, layouts.length - 1)]!;
    const victim = victims[uniformInt(random, 0, victims.length - 1)]!;
    byVictim[victim] = (byVictim[victim] ?? 0) + 1;
    const folder = mkdtempSync(path.join(tmpdir(), 'zico-killed-'));
    const report = (what: string) =>
      faults.push(`trial ${trial} (${victim}, ${layout.engine} x ${layout.workers}): ${what}`);
    try {
      const outcome = await disturbed({ ...options, folder, layout }, victim, ms, random);
      counts.kills += outcome.kills;
      counts.resumed += outcome.resumed;
      counts.longestOrphanMs = Math.max(counts.longestOrphanMs, outcome.orphanMs);
      if (outcome.orphanMs > orphansEndWithinMs) report(`orphans for ${outcome.orphanMs} ms`);
      const found = candidatesOf(folder);
      const differing = found.findIndex(
        (text: string | undefined, id) => text !== undefined && text !== expected[id],
      );
      if (outcome.complete && Object.keys(found).length !== Object.keys(expected).length) {
        report(`${Object.keys(found).length} of ${Object.keys(expected).length} candidates`);
      } else if (differing >= 0) report(`candidate ${differing}: ${found[differing]}`);
      const left = readdirSync(path.join(folder, 'tmp'));
      if (left.length > 0) report(`left in the temporary folder: ${left.join(', ')}`);
      if (outcome.failure) report(outcome.failure);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    told?.(trial - from + 1);
  }
  return { trials: count, ...counts, byVictim, faults };
}

/** An undisturbed search: what it finds, and how long it takes. */
async function reference(options: Omit<Search, 'folder'>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'zico-undisturbed-'));
  try {
    const start = performance.now();
    const search = begin({ ...options, folder }, false);
    const [code] = (await once(search.process, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the undisturbed search ended with ${code}: ${search.said()}`);
    const ms = performance.now() - start;
    return { layout: options.layout, expected: candidatesOf(folder), ms };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills and resumes a search until it is finished, or leaves it where it was killed. */
async function disturbed(search: Search, victim: Victim, ms: number, random: RandomGenerator) {
  const outcome = { kills: 0, resumed: 0, orphanMs: 0, complete: false, failure: '' };
  const killings = uniformInt(random, 1, 3);
  const mayResume = uniformInt(random, 0, 3) > 0;
  for (let round = 1; ; round++) {
    const resume = isBegun(search.folder);
    if (resume && round > 1) outcome.resumed++;
    const running = begin(search, resume);
    const ended = once(running.process, 'exit') as Promise<[number | null, string | null]>;
    if (round <= killings) {
      await wait(uniformFloat64(random) * ms);
      const scorers = descendants(running.process.pid as number);
      if (victim !== 'program') {
        const times = victim === 'scorer again and again' ? 4 : 1;
        for (let time = 0; time < times; time++) {
          const now = descendants(running.process.pid as number);
          const one = now[uniformInt(random, 0, Math.max(0, now.length - 1))];
          if (one !== undefined && kill(one)) outcome.kills++;
          if (time + 1 < times) await wait(uniformFloat64(random) * 150);
        }
      }
      if ((victim === 'program' || victim === 'both') && kill(running.process.pid as number)) {
        outcome.kills++;
        await ended;
        outcome.orphanMs = Math.max(outcome.orphanMs, await untilGone(scorers));
        if (mayResume) continue;
        return outcome;
      }
    }
    const [code, signal] = await ended;
    if (signal !== null) continue;
    outcome.complete = code === 0;
    if (code !== 0) outcome.failure = `ended with ${code}: ${running.said()}`;
    return outcome;
  }
}

function begin({ folder, layout, cli, candidates }: Search, resume: boolean) {
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const run = ['--run', path.join(folder, 'run.zico'), '--workers', `${layout.workers}`];
  const fresh = [
    ...['--space', tinySpace, '--latency', 'macs', '--population', '10', '--seed', '11'],
    ...['--candidates', `${candidates}`, '--batches', '2', '--batch-size', '8'],
    ...['--engine', layout.engine, '--threads', `${layout.workers}`],
  ];
  const rest = resume ? ['--resume', '--threads', `${layout.workers}`] : fresh;
  const child: ChildProcess = spawn(process.execPath, [cli, 'search', ...run, ...rest], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: temporary },
  });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said = (said + String(text)).slice(-600)));
  return { process: child, said: () => said };
}

/** Whether a run has started: a search killed while creating its file leaves an empty one, and has to start anew. */
function isBegun(folder: string): boolean {
  const file = path.join(folder, 'run.zico');
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Everything that defines each candidate, as text, by id. */
function candidatesOf(folder: string): string[] {
  const texts: string[] = [];
  const file = path.join(folder, 'run.zico');
  if (!isBegun(folder)) return texts;
  const run = openRunReadOnly(file);
  for (const { id } of run.candidates()) texts[id] = decided(run.candidate(id));
  run.close();
  return texts;
}

function decided(candidate: Candidate | null): string {
  if (candidate?.status !== 'evaluated') return JSON.stringify(candidate);
  const { score, ...proposal } = candidate;
  const { zico, zicoCapped, bias, losses, layers, engine } = score;
  // A candidate that is scored alone gets all threads; onnxruntime's numbers do not depend on them.
  const who = engineTraits[engine.name].threadsDecideBits ? engine : { ...engine, threads: 0 };
  return JSON.stringify({ ...proposal, zico, zicoCapped, bias, losses, layers, engine: who });
}

/** All descendants of a process. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/stat`, 'utf8');
      // State and parent follow the name, which is in brackets and may contain anything.
      parents.set(Number(name), Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // The process has ended meanwhile.
    }
  }
  const found: number[] = [];
  for (const [child] of parents) {
    for (let at = parents.get(child); at; at = parents.get(at)) {
      if (at !== pid) continue;
      found.push(child);
      break;
    }
  }
  return found;
}

/** Kills a process; false if it has already ended. */
function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds until none of them is running; twice the limit if some go on. */
async function untilGone(pids: readonly number[]): Promise<number> {
  const start = performance.now();
  const runs = (pid: number): boolean => {
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  while (pids.some(runs)) {
    if (performance.now() - start > 2 * orphansEndWithinMs) break;
    await wait(20);
  }
  return Math.round(performance.now() - start);
}
