/**
 * The searching side of a farm: candidates go out as jobs and come back as scores, whatever happens to workers, to the
 * Redis and to the network between. What a worker reports is checked before it is believed; what it could not do, the
 * searching computer decides itself, so that a run has the results that one computer alone would have given it.
 */
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  placesOf,
  unfitness,
  type FarmNews,
  type FarmRun,
  type NeededEngine,
  type WorkerRecord,
} from '../common/farm.ts';
import type { EngineIdentity } from '../common/engines.ts';
import type { CandidateScore } from '../run/candidate.ts';
import type { Genotype } from '../space/space.ts';
import type { Farm } from './connect.ts';
import { Gate } from './gate.ts';
import { Heartbeat } from './heartbeat.ts';
import { JobDesk, type ReadAnswer } from './job-desk.ts';
import { jobId, resultIn, type JobResult } from './jobs.ts';
import { farmFormat, lifetimes, limits, scoringQueue, usualHeartbeatMs, workKey } from './keys.ts';
import { announceRun, readWorkers, withdrawRun } from './records.ts';
import { emptyQueue } from './sweep.ts';
import { farmDigest, packWork, type FarmWork } from './work.ts';

export interface FarmScoringOptions {
  readonly farm: Farm;
  readonly product: string;
  /** Identifies the run in every session. */
  readonly runId: string;
  readonly work: FarmWork;
  readonly engine: NeededEngine;
  /** The engine that every score has to name; null accepts any. */
  readonly identity: EngineIdentity | null;
  /** True if the number of threads is part of the identity. */
  readonly threadsCount: boolean;
  /** Scores a network on this computer. */
  readonly decide: (genotype: Genotype, signal: AbortSignal) => Promise<CandidateScore>;
  readonly onNews?: (news: FarmNews) => void;
  /** Between two signs of life. */
  readonly heartbeatMs?: number;
  /** See `JobDeskOptions`. */
  readonly patienceMs?: number;
}

/** After this many invalid answers, this computer scores the network itself. */
const mostBadAnswers = 3;
const closingMs = 3000;

export class FarmScoring {
  readonly run: string;
  readonly #options: FarmScoringOptions;
  readonly #packed: Buffer;
  readonly #record: FarmRun;
  readonly #desk: JobDesk<JobResult>;
  readonly #gate = new Gate(2);
  readonly #heartbeat: Heartbeat;

  constructor(options: FarmScoringOptions) {
    this.#options = options;
    const { farm, product, runId, work, engine, identity } = options;
    this.#packed = packWork(work);
    const digest = farmDigest(this.#packed);
    this.run = `r${farmDigest(runId, digest, JSON.stringify(engine), String(identity === null)).slice(0, 24)}`;
    this.#record = {
      ...{ format: farmFormat, product, run: this.run, space: work.space.name.slice(0, 200) },
      ...{ host: os.hostname().slice(0, 200), since: Math.max(Date.now() + farm.clockOffsetMs, 0) },
      ...{
        engine,
        any: identity === null,
        work: digest,
        workBytes: this.#packed.length,
      },
    };
    this.#desk = new JobDesk({
      ...{ farm, queue: scoringQueue(this.run), kind: 'score', most: limits.result },
      patienceMs: options.patienceMs,
      read: (text) => this.#read(text),
    });
    this.#heartbeat = new Heartbeat({
      farm,
      everyMs: options.heartbeatMs ?? usualHeartbeatMs,
      beat: () => this.#once(),
      onTrouble: (trouble) => options.onNews?.({ workers: 0, places: 0, unfit: [], trouble }),
    });
  }

  /** Throws what `decide` throws, and the signal's reason. */
  async score(genotype: Genotype, signal: AbortSignal): Promise<CandidateScore> {
    for (let bad = 0; bad < mostBadAnswers; bad++) {
      const id = jobId(this.run, 'score', genotype);
      const data = () => ({ format: farmFormat, genotype });
      const result = await this.#gate.through(signal, () => this.#desk.ask(id, data, signal));
      if (result === 'lost' || !result.ok) break;
      if (this.#fits(result.score.engine)) return result.score;
    }
    // A worker's memory, time or health is no reason for a network to fail: what fails, fails here.
    signal.throwIfAborted();
    return await this.#options.decide(genotype, signal);
  }

  /** Gives up waiting jobs. @param finished true if nobody will come back for what is being computed */
  async close(finished: boolean): Promise<void> {
    await this.#heartbeat.stop();
    const { farm } = this.#options;
    const tidy = async (): Promise<void> => {
      await withdrawRun(farm.redis, this.run);
      await emptyQueue(farm, scoringQueue(this.run));
      await this.#desk.clear([]);
      if (finished) await farm.redis.unlink(workKey(this.#record.work));
    };
    await Promise.race([tidy().catch(() => undefined), sleep(closingMs)]);
    await this.#desk.close();
  }

  #read(text: string | null): ReadAnswer<JobResult> {
    const result = text === null ? null : resultIn(text);
    const ours = result !== null && (!result.ok || this.#fits(result.score.engine));
    return { answer: result ?? 'lost', ours };
  }

  #fits(engine: EngineIdentity): boolean {
    const { identity, threadsCount } = this.#options;
    if (identity === null) return true;
    return (
      engine.name === identity.name &&
      engine.version === identity.version &&
      (engine.precision ?? 'float32') === (identity.precision ?? 'float32') &&
      (engine.instructions ?? null) === (identity.instructions ?? null) &&
      (!threadsCount || engine.threads === identity.threads)
    );
  }

  /** Says that it is there, looks who is, and after what was lost on the way. */
  async #once(): Promise<void> {
    const { farm } = this.#options;
    const { redis } = farm;
    const key = workKey(this.#record.work);
    if ((await redis.expire(key, lifetimes.work)) === 0) {
      await redis.set(key, this.#packed, 'EX', lifetimes.work);
    }
    await announceRun(redis, this.#record, Date.now() + farm.clockOffsetMs);
    this.#tell((await readWorkers(redis)).records);
    await this.#desk.lookAfter();
  }

  #tell(workers: readonly WorkerRecord[]): void {
    const judged = workers.map((worker) => ({
      worker,
      why: unfitness(this.#record, worker) ?? worker.unfit[this.run] ?? null,
    }));
    const fitting = judged.filter(({ why, worker }) => why === null && worker.state !== 'draining');
    const places = fitting.reduce(
      (sum, { worker }) => sum + placesOf(worker.offer, this.#record.engine),
      0,
    );
    // Enough that no worker waits for a job, and few enough that jobs do not wait long.
    this.#gate.widen(Math.max(2, 2 * places));
    const unfit = judged.flatMap(({ worker, why }) =>
      why === null ? [] : [{ worker: worker.name, why }],
    );
    this.#options.onNews?.({ workers: fitting.length, places, unfit, trouble: null });
  }
}
