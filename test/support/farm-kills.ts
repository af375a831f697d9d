/**
 * A search on worker processes that are killed at random, as are its Redis and the search itself, compared with the
 * same search on one computer.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { generatorFor } from '../../main/random.ts';
import type { Candidate } from '../../main/run/candidate.ts';
import { openRunReadOnly } from '../../main/store/run-file.ts';
import { TestRedis } from './redis.ts';

export interface FarmKills {
  readonly candidates: number;
  readonly workers: number;
  /** The number of kills: of workers, of the Redis, of the search. */
  readonly kills: { readonly worker: number; readonly redis: number; readonly search: number };
  readonly seed: number;
  readonly say?: (line: string) => void;
}

export interface FarmKillsOutcome {
  /** Differences in words; empty if both runs hold the same. */
  readonly differences: readonly string[];
  readonly kills: { worker: number; redis: number; search: number };
  readonly candidates: number;
  readonly secondsAlone: number;
  readonly secondsOnFarm: number;
}

const root = path.join(import.meta.dirname, '../..');
/** Small batches: what is tested is how scores travel, not how good they are. */
const search = '--preset custom --batches 2 --batch-size 4 --in-flight 8 --seed 11 --json'.split(
  ' ',
);

export async function farmKills(asked: FarmKills): Promise<FarmKillsOutcome> {
  const { candidates, workers, seed, say = () => undefined } = asked;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-farm-kills-'));
  const random = generatorFor('farm kills', seed);
  const between = (least: number, most: number) => uniformInt(random, least, most);
  const running = new Set<ChildProcess>();
  /** True once the run on the farm has a candidate: before that there is nothing to resume. */
  let stored = false;
  const zico = (...args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [path.join(root, 'main/cli.ts'), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running.add(child);
    child.stderr.on('data', (data: Buffer) => {
      const line = data.toString().trimEnd();
      if (/ [1-9]\d*\/\d+ candidates/.test(line) && args.includes('--farm-only')) stored = true;
      say(line);
    });
    child.once('exit', () => running.delete(child));
    return child;
  };
  const ended = (child: ChildProcess) =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
  };
  const redis = await TestRedis.start();
  try {
    const budget = ['--candidates', String(candidates)];
    const begun = performance.now();
    await ended(zico('search', ...search, ...budget, '--run', path.join(folder, 'one.zico')));
    const alone = performance.now();
    const run = path.join(folder, 'farm.zico');
    const work = () => zico('worker', '--farm', redis.url, '--threads', '1', '--lease', '3s');
    const onFarm = ['--farm', redis.url, '--farm-only', '--run', run];
    const crew = Array.from({ length: workers }, work);
    // If it is started while the Redis is down, it says so and ends.
    const searchOn = () =>
      existsSync(run)
        ? zico('search', '--resume', '--json', ...onFarm)
        : zico('search', ...search, ...budget, ...onFarm);
    let searching = searchOn();
    const left = { ...asked.kills, worker: asked.kills.worker * workers };
    const kills = { worker: 0, redis: 0, search: 0 };
    for (;;) {
      await Promise.race([sleep(between(1000, 6000)), ended(searching)]);
      if (searching.exitCode === 0) break;
      if (searching.exitCode !== null) searching = searchOn();
      // Kinds with few kills are spread over the whole duration.
      const all = left.worker + left.redis + left.search;
      if (all === 0) continue;
      const drawn = between(1, stored ? all : left.worker + left.redis);
      if (drawn < 1) continue;
      if (drawn <= left.worker) {
        const i = between(0, workers - 1);
        await kill(crew[i]!);
        crew[i] = work();
        left.worker--;
        kills.worker++;
      } else if (drawn <= left.worker + left.redis) {
        await redis.kill();
        await sleep(between(100, 2000));
        await redis.begin();
        left.redis--;
        kills.redis++;
      } else {
        await kill(searching);
        searching = searchOn();
        left.search--;
        kills.search++;
      }
      say(`kills: ${JSON.stringify(kills)}`);
    }
    const over = performance.now();
    const [one, farm] = [contents(path.join(folder, 'one.zico')), contents(run)];
    return {
      ...{ differences: differences(one, farm), kills, candidates: farm.length },
      secondsAlone: (alone - begun) / 1000,
      secondsOnFarm: (over - alone) / 1000,
    };
  } finally {
    await Promise.all([...running].map(kill));
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function contents(file: string): readonly Candidate[] {
  const run = openRunReadOnly(file);
  try {
    return run.candidates().map(({ id }) => run.candidate(id)!);
  } finally {
    run.close();
  }
}

/** Differences in anything but durations, and the threads that onnxruntime reports although no bit depends on them. */
function differences(one: readonly Candidate[], other: readonly Candidate[]): string[] {
  const plain = (candidate: Candidate | undefined) =>
    JSON.stringify(candidate, (key, value: unknown) =>
      key === 'seconds' || key === 'threads' ? undefined : value,
    );
  const length = Math.max(one.length, other.length);
  return Array.from({ length }, (_, i) => i).flatMap((i) =>
    plain(one[i]) === plain(other[i])
      ? []
      : [`candidate ${i + 1}: ${plain(one[i])} and ${plain(other[i])}`],
  );
}
