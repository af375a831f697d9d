/** Measuring on one phone: opened once, used for many models. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { percentile } from '../../latency/percentiles.ts';
import type { CoreCluster } from '../../common/phones.ts';
import type { ReadConditions } from '../conditions.ts';
import type { Device } from '../device.ts';
import type { MeasuringSettings } from '../../latency/phone-measurement.ts';
import type { MeasuringEvent, MeasuringSession, PhoneModel } from '../measurement.ts';
import { chooseRunner, type ChooseOptions } from '../runners/choose.ts';
import { clearModels } from '../runners/models-on-phone.ts';
import type { PhoneRunner, ProvenRunner } from '../runners/runner.ts';
import { chooseCores, readClusters } from './clusters.ts';
import { Gatekeeper, systemClock, type Clock } from './gatekeeper.ts';
import { timedFile } from '../../tflite/timed-file.ts';
import { referenceModel } from './reference-model.ts';
import { Rounds } from './rounds.ts';
import { HighestLimit } from './steadiness.ts';

export interface MeasuringSessionOptions extends Pick<
  ChooseOptions,
  'onTry' | 'onPush' | 'signal'
> {
  readonly runners: readonly PhoneRunner[];
  readonly settings: MeasuringSettings;
  readonly readConditions: ReadConditions;
  readonly clock?: Clock;
  /** Digests of models on the phone that are still wanted; others are removed. */
  readonly keep?: readonly string[];
}

/**
 * Cleans up after sessions that ended badly, then finds the cores and the runner that passes the self-test. The
 * caller must have the phone to itself (lock.ts).
 * @throws WorkbenchError `no-runner`, `no-such-cores`, what `Device` throws
 */
export async function openMeasuringSession(
  device: Device,
  {
    runners,
    settings,
    readConditions,
    clock = systemClock,
    keep = [],
    ...options
  }: MeasuringSessionOptions,
): Promise<MeasuringSession> {
  await clearModels(device, keep, options.signal);
  const cores = chooseCores(await readClusters(device, options.signal), settings.core);
  const limitMs = settings.runLimitMs;
  const proven = await chooseRunner(device, runners, { ...options, mask: cores.mask, limitMs });
  const gatekeeper = new Gatekeeper(settings.gates, readConditions, clock);
  return new PhoneSession(proven, settings, cores, { gatekeeper, clock });
}

class PhoneSession implements MeasuringSession {
  readonly runner;
  readonly settings;
  readonly cores;
  readonly #deployed;
  readonly #watching: { readonly gatekeeper: Gatekeeper; readonly clock: Clock };
  readonly #highestLimit: HighestLimit;
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'zico-reference-'));
  readonly #reference: PhoneModel;
  /** Medians of the reference model so far, beginning with the session's first. */
  readonly #referenceMs: number[] = [];
  #sinceReference = 0;

  constructor(
    { identity, deployed, model }: ProvenRunner,
    settings: MeasuringSettings,
    cores: CoreCluster,
    watching: { readonly gatekeeper: Gatekeeper; readonly clock: Clock },
  ) {
    this.runner = identity;
    this.settings = settings;
    this.cores = cores;
    this.#deployed = deployed;
    this.#watching = watching;
    this.#highestLimit = new HighestLimit(cores);
    const bytes = timedFile(referenceModel(), model.format, model.precision);
    this.#reference = {
      path: path.join(this.#folder, `reference.${model.format}`),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    writeFileSync(this.#reference.path, bytes);
  }

  async measure(
    models: readonly PhoneModel[],
    options: {
      readonly onEvent?: (event: MeasuringEvent) => void;
      readonly signal?: AbortSignal;
    } = {},
  ) {
    if (this.#referenceMs.length === 0) await this.#measureReference(options);
    const before = this.#referenceMs.at(-1);
    const rounds = this.#rounds(this.settings, options);
    const finished = await rounds.measure(models);
    this.#sinceReference += models.length;
    const { referenceEvery } = this.settings;
    if (this.#sinceReference >= referenceEvery) await this.#measureReference(options);
    const after = this.#referenceMs.at(-1);
    const first = this.#referenceMs.at(0);
    const reference =
      first === undefined || before === undefined || after === undefined
        ? null
        : ([first, before, after] as const);
    return finished.map((one) => one.result(this.runner, this.settings, this.cores, reference));
  }

  abandon(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    this.abandon();
    await this.#deployed.unload(this.#reference);
  }

  /** One repeat: it shows drift over many models. Its own faults are no reason to end a search. */
  async #measureReference(options: Parameters<MeasuringSession['measure']>[1]): Promise<void> {
    this.#sinceReference = 0;
    if (this.settings.referenceEvery === 0) return;
    const once = { ...this.settings, repeats: 1, interval: null, requeues: 1 };
    const [measured] = await this.#rounds(once, {
      // Its pushes and runs need not be reported, but waiting for the phone does.
      onEvent: (event) => {
        if (event.kind === 'waiting') options?.onEvent?.(event);
      },
      ...(options?.signal && { signal: options.signal }),
    }).measure([this.#reference]);
    const latencies = measured!.latencies();
    if (latencies.length === 0) return;
    const medianMs = percentile(latencies, 0.5);
    this.#referenceMs.push(medianMs);
    options?.onEvent?.({ kind: 'reference', medianMs });
  }

  #rounds(settings: MeasuringSettings, options: Parameters<MeasuringSession['measure']>[1] = {}) {
    return new Rounds({
      deployed: this.#deployed,
      ...this.#watching,
      highestLimit: this.#highestLimit,
      settings,
      cores: this.cores,
      ...options,
    });
  }
}
