/** Measures, with many workers that only wait, how much of their time a search uses and what that costs its process. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFarm } from '../../main/farm/connect.ts';
import { FarmScoring } from '../../main/farm/scoring.ts';
import { access, engine, genotypes, identity, work } from '../main/farm/farm-work.ts';
import { TestRedis } from './redis.ts';

export interface WaitingFarm {
  readonly workers: number;
  readonly processes: number;
  readonly inFlight: number;
  /** Duration of a job. */
  readonly jobMs: number;
  readonly candidates: number;
}

export interface WaitingFarmOutcome {
  readonly seconds: number;
  /** Share of the workers' time spent on jobs, between the first and the last job. */
  readonly used: number;
  /** Processor time of the searching process, in milliseconds per candidate. */
  readonly processorMs: number;
}

export async function waitingFarm(asked: WaitingFarm): Promise<WaitingFarmOutcome> {
  const { workers, processes, inFlight, jobMs, candidates } = asked;
  const redis = await TestRedis.start('--maxclients', '4000');
  const script = path.join(import.meta.dirname, 'waiting-workers.ts');
  const each = String(workers / processes);
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, [script, redis.url, each, String(jobMs)], { stdio: 'inherit' }),
  );
  const farm = await openFarm(access(redis.url));
  let places = 0;
  const search = new FarmScoring({
    ...{ farm, product: 'test', runId: 'w', work, engine, identity, threadsCount: false },
    decide: () => Promise.reject(new Error('nothing should be decided here')),
    onNews: (news) => (places = news.places),
  });
  try {
    while (places < workers) await sleep(200);
    await sleep(3000); // every worker has seen the run
    const { signal } = new AbortController();
    const waiting = [...genotypes(candidates)];
    const begun = performance.now();
    const before = process.cpuUsage();
    const one = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await search.score(next, signal);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, one));
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(before);
    return {
      seconds,
      used: (candidates * jobMs) / 1000 / (seconds * workers),
      processorMs: (user + system) / 1000 / candidates,
    };
  } finally {
    await search.close(true);
    await farm.close();
    for (const child of children) child.kill('SIGKILL');
    await redis.stop();
  }
}
