/** Latencies measured on phones for a search: one queue, one worker per phone, and one runner for all. */
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { LatencySourceLost, type Latency, type LatencySource } from '../../latency/latency.ts';
import type { PhoneIdentity } from '../../common/phones.ts';
import type { RunnerIdentity } from '../../common/phones.ts';
import type { MeasuringSession } from '../measurement.ts';
import type { ModelKind, PhoneRunner } from '../runners/runner.ts';
import type { PhoneActivity } from '../../common/phone-activity.ts';
import { waitingModel } from './model-files.ts';
import { MeasuringQueue, type Measured } from './queue.ts';
import { PhoneWorker, type WorkerOptions } from './worker.ts';

/** What latencies of one run have in common. */
export type KeptRunner = Pick<RunnerIdentity, 'name' | 'engine' | 'version' | 'precision'>;

export interface PooledPhone extends Pick<WorkerOptions, 'serial' | 'identity' | 'ready'> {
  /** Opens a session with the first runner that passes the self-test. */
  readonly open: (
    runners: readonly PhoneRunner[],
    ...rest: Parameters<WorkerOptions['open']>
  ) => Promise<MeasuringSession>;
}

export interface PhoneLatencyOptions {
  readonly phones: readonly PooledPhone[];
  /** The files that the run's runners take. */
  readonly model: ModelKind;
  /** The runners to choose from; only the named one where a run keeps to it. */
  readonly runners: (name: string | null) => readonly PhoneRunner[];
  /** What the run has been measured with so far; null in a new one. */
  readonly kept: KeptRunner | null;
  /** Latencies of earlier sessions by the digest of their model; absent in a new run. */
  readonly earlier?: (() => Promise<ReadonlyMap<string, Latency>>) | undefined;
  readonly together?: number;
  readonly awayMs: number;
  readonly pauseMs?: number;
  readonly onActivity?: ((phones: readonly PhoneActivity[]) => void) | undefined;
  /** Closes the parts that the source was made from. */
  readonly onClose?: () => Promise<void>;
}

export class PhoneLatencySource implements LatencySource {
  readonly kind = 'phone';
  readonly exclusive = false;
  readonly queued = true;
  readonly #options: PhoneLatencyOptions;
  readonly #queue = new MeasuringQueue();
  readonly #end = new AbortController();
  readonly #activities = new Map<string, PhoneActivity>();
  readonly #workers: readonly PhoneWorker[];
  readonly #running: Promise<unknown>;
  #kept: KeptRunner | null;
  /** Read when the first model comes, since most sessions of a window never measure. */
  #earlier: Promise<ReadonlyMap<string, Latency>> | null = null;
  /** The first phone to try the runners decides for all which one is used. */
  #settling: Promise<unknown> = Promise.resolve();

  constructor(options: PhoneLatencyOptions) {
    this.#options = options;
    this.#kept = options.kept;
    const { together = 4, awayMs, pauseMs } = options;
    this.#workers = options.phones.map(
      (phone) =>
        new PhoneWorker({
          serial: phone.serial,
          identity: phone.identity,
          ready: phone.ready,
          queue: this.#queue,
          ...{ together, awayMs, ...(pauseMs !== undefined && { pauseMs }) },
          open: (keep, signal) => this.#open(phone, keep, signal),
          onActivity: (activity) => this.#hear(activity),
          onGivenUp: (error) => this.#givenUp(error),
          signal: this.#end.signal,
        }),
    );
    this.#running = Promise.all(this.#workers.map((worker) => worker.run()));
  }

  /** Throws the network's own failure; LatencySourceLost where no phone is left. */
  async measure(graph: Graph, signal?: AbortSignal): Promise<Latency> {
    signal?.throwIfAborted();
    const model = waitingModel(graph, this.#options.model);
    this.#earlier ??= this.#options.earlier?.() ?? Promise.resolve(new Map<string, Latency>());
    const known = (await this.#earlier).get(model.sha256);
    if (known) return known;
    signal?.throwIfAborted();
    const measuring = this.#queue.measure(model);
    let refuse: (reason: Error) => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => (refuse = reject));
    const onAbort = () => {
      this.#queue.forget(model.sha256, signal?.reason as Error);
      refuse(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return latencyOf(await Promise.race([measuring, aborted]));
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    this.#end.abort(new Error('the search ended'));
    this.#queue.lose(new Error('the search ended'));
    await this.#running;
    await this.#options.onClose?.();
  }

  #open(phone: PooledPhone, ...rest: Parameters<WorkerOptions['open']>): Promise<MeasuringSession> {
    if (this.#kept) return this.#openKept(phone, ...rest);
    const opening = this.#settling
      .catch(() => undefined)
      .then(() => this.#openKept(phone, ...rest));
    this.#settling = opening;
    return opening;
  }

  async #openKept(
    phone: PooledPhone,
    ...rest: Parameters<WorkerOptions['open']>
  ): Promise<MeasuringSession> {
    const session = await phone.open(this.#options.runners(this.#kept?.name ?? null), ...rest);
    const { name, engine, version, precision } = session.runner;
    const kept = (this.#kept ??= { name, engine, version, precision });
    try {
      assertSameRunner(kept, session.runner);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** The search continues as long as one phone may still come back. */
  #givenUp(error: WorkbenchError): void {
    if (this.#workers.every((worker) => worker.givenUp)) {
      const { code, message, hint } = error;
      this.#queue.lose(new LatencySourceLost(code, message, hint, { cause: error }));
    }
  }

  #hear(activity: PhoneActivity): void {
    this.#activities.set(activity.serial, activity);
    this.#options.onActivity?.([...this.#activities.values()]);
  }
}

export function latencyOf({ measurement, serial, identity }: Measured): Latency {
  const { medianMs, p90Ms, minMs, intervalMs, repeats, runner, settings, cores } = measurement;
  const runsMs = repeats.flatMap(({ discarded, latenciesMs }) =>
    discarded === null ? latenciesMs : [],
  );
  return {
    latencyMs: medianMs,
    p90Ms,
    minMs,
    runsMs,
    measurement,
    conditions: {
      source: 'phone',
      device: deviceName(serial, identity),
      runner: runner.name,
      engineVersion: runner.version,
      precision: runner.precision,
      threads: settings.threads,
      warmUp: settings.warmUp,
      runs: runsMs.length,
      interval: {
        ms: intervalMs,
        asked: settings.interval,
        reached:
          settings.interval === null ||
          (intervalMs !== null &&
            (intervalMs[1] - intervalMs[0]) / 2 <= settings.interval * medianMs),
      },
      phone: {
        serial,
        serialNumber: identity.serialNumber,
        model: identity.model,
        chip: identity.chip,
        android: identity.android,
        engine: runner.engine,
        provider: runner.provider,
        mask: cores.mask,
        intervalMs,
        unsteady: measurement.unsteady,
        placement: measurement.placement ?? null,
        correctedMs: measurement.drift?.correctedMs ?? null,
      },
    },
  };
}

function deviceName(serial: string, { model, chip, android }: PhoneIdentity): string {
  const details = [chip, android === null ? null : `Android ${android}`].filter(
    (word) => word !== null,
  );
  return `${model ?? `phone ${serial}`}${details.length > 0 ? `, ${details.join(', ')}` : ''}`;
}

/** Throws `runner-contradicts` where a session's runner is not the one that the run was measured with. */
export function assertSameRunner(kept: KeptRunner, used: KeptRunner): void {
  const { engine, version, precision } = kept;
  const same = engine === used.engine && version === used.version && precision === used.precision;
  if (!same) throw runnerChanged(kept, used);
}

function runnerChanged(
  kept: KeptRunner,
  { engine, version, precision }: KeptRunner,
): WorkbenchError {
  return new WorkbenchError(
    'runner-contradicts',
    `The run was measured with ${kept.name}, ${kept.engine} ${kept.version} ${kept.precision}; this is ${engine} ${version} ${precision}, whose latencies could not be compared.`,
    'Continue it with the version of the program that started it, or start a new run.',
  );
}
