/**
 * Interleaves the repeats of several models, so that whatever a phone does in one minute affects all of them
 * alike.
 */
import type { Placement } from '../../common/placement.ts';
import { reportOf, WorkbenchError, type ErrorReport } from '../../errors.ts';
import type { CoreCluster } from '../../common/phones.ts';
import type { RequeueReason } from '../../common/phone-conditions.ts';
import type { RunnerIdentity } from '../../common/phones.ts';
import type { MeasuringSettings, Repeat } from '../../latency/phone-measurement.ts';
import type { MeasuredModel, MeasuringEvent, PhoneModel } from '../measurement.ts';
import { Repeats } from '../../latency/repeats.ts';
import { isOfPhone } from '../runners/choose.ts';
import type { DeployedRunner } from '../runners/runner.ts';
import { driftOf } from './drift.ts';
import { latencyFigures } from './figures.ts';
import type { Clock, Gatekeeper } from './gatekeeper.ts';
import { faultOf, slowerClock, type HighestLimit } from './steadiness.ts';

export interface RoundsOptions {
  readonly deployed: DeployedRunner;
  readonly gatekeeper: Gatekeeper;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Of the whole session. */
  readonly highestLimit: HighestLimit;
  readonly settings: MeasuringSettings;
  readonly cores: CoreCluster;
  readonly onEvent?: (event: MeasuringEvent) => void;
  readonly signal?: AbortSignal;
}

export class Rounds {
  readonly #options: RoundsOptions;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /**
   * Throws errors that are the phone's fault; a model's own become its result. Either way, models are removed
   * from the phone.
   */
  async measure(models: readonly PhoneModel[]): Promise<readonly ModelInProgress[]> {
    const { settings, cores } = this.#options;
    const all = models.map((model) => new ModelInProgress(model, settings, cores));
    let lost = false;
    try {
      for (let rest: readonly ModelInProgress[] = all; rest.length > 0;) {
        const later = await this.#loadThoseThatFit(rest);
        const loaded = rest.slice(0, rest.length - later.length);
        for (let open = loaded.filter((one) => !one.done); open.length > 0;) {
          for (const one of open) await this.#guarded(one, () => this.#repeat(one));
          open = open.filter((one) => !one.done);
        }
        if (later.length > 0) await this.#unload(loaded);
        rest = later;
      }
      return all;
    } catch (error) {
      lost = isLost(error);
      throw error;
    } finally {
      // Nothing can be removed from a phone that does not answer: its next session cleans up.
      if (!lost) await this.#unload(all);
    }
  }

  /** @returns those that have to wait until there is room again: a phone may hold each, and not all together */
  async #loadThoseThatFit(models: readonly ModelInProgress[]): Promise<readonly ModelInProgress[]> {
    let loaded = 0;
    for (const [place, one] of models.entries()) {
      let full = false;
      await this.#guarded(one, async () => {
        try {
          await this.#load(one.model);
          loaded += 1;
        } catch (error) {
          full = loaded > 0 && error instanceof WorkbenchError && error.code === storageFull;
          if (!full) throw error;
        }
      });
      if (full) return models.slice(place);
    }
    return [];
  }

  async #unload(models: readonly ModelInProgress[]): Promise<void> {
    for (const { model } of models) await this.#options.deployed.unload(model);
  }

  async #guarded(one: ModelInProgress, step: () => Promise<void>): Promise<void> {
    try {
      this.#options.signal?.throwIfAborted();
      await step();
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (!(error instanceof WorkbenchError) || isOfPhone(error)) throw error;
      one.fail(reportOf(error));
    }
  }

  async #load(model: PhoneModel): Promise<void> {
    const { deployed, onEvent, signal } = this.#options;
    const { sha256 } = model;
    const onPush = (share: number) => onEvent?.({ kind: 'pushing', sha256, share });
    await deployed.load(model, { onPush, ...(signal && { signal }) });
  }

  async #repeat(one: ModelInProgress): Promise<void> {
    const { deployed, gatekeeper, settings, cores, onEvent, signal } = this.#options;
    const { sha256 } = one.model;
    const tell = (event: MeasuringEvent) => onEvent?.(event);
    const before = await gatekeeper.pass(tell, signal);
    tell({ kind: 'running', sha256, repeat: one.started, conditions: before });
    const { warmUp, runs, threads, runLimitMs: limitMs } = settings;
    const request = { model: one.model, warmUp, runs, threads, mask: cores.mask, limitMs, signal };
    const report = await deployed.run({ ...request, placement: one.placement === null });
    one.placement ??= report.placement;
    const after = await gatekeeper.read(signal);
    tell({ kind: 'ran', sha256, conditions: after });
    const { latenciesMs, firstMs, loadMs, maxRssKiB, involuntarySwitches } = report;
    const { coreKHzBefore, coreKHzAfter } = report;
    const repeat = {
      ...{ latenciesMs, firstMs, loadMs, maxRssKiB, involuntarySwitches },
      ...{ before, after, coreKHzBefore, coreKHzAfter },
    };
    const { clock, highestLimit } = this.#options;
    highestLimit.note(clock.nowMs(), before);
    highestLimit.note(clock.nowMs(), after);
    const discarded = faultOf(repeat, cores, settings.gates, highestLimit.at(clock.nowMs()));
    const reason = one.add({ ...repeat, discarded });
    if (reason) tell({ kind: 'requeued', sha256, reason });
  }
}

/** What a push, and the check before it, report. */
const storageFull = 'phone-storage-full';

function isLost(error: unknown): boolean {
  return error instanceof WorkbenchError && ['phone-gone', 'phone-timeout'].includes(error.code);
}

/** A model between its first repeat and its figures. */
export class ModelInProgress {
  readonly model: PhoneModel;
  readonly #repeats: Repeats<RequeueReason, Repeat>;
  #failure: ErrorReport | null = null;
  /** Where its nodes run, as soon as a repeat has said so. */
  placement: Placement | null = null;

  constructor(model: PhoneModel, settings: MeasuringSettings, cores: CoreCluster) {
    this.model = model;
    const { repeats, interval, requeues } = settings;
    this.#repeats = new Repeats({ repeats, interval, requeues }, slowerClock(cores));
  }

  get done(): boolean {
    return this.#failure !== null || this.#repeats.done;
  }

  /** Repeats so far. */
  get started(): number {
    return this.#repeats.all.length;
  }

  fail(failure: ErrorReport): void {
    this.#failure = failure;
  }

  /** As `Repeats.add`. */
  add(repeat: Repeat): RequeueReason | null {
    return this.#repeats.add(repeat);
  }

  /** Every run that counts. */
  latencies(): readonly number[] {
    return this.#repeats.counting.flat();
  }

  result(
    runner: RunnerIdentity,
    settings: MeasuringSettings,
    cores: CoreCluster,
    reference: readonly [number, number, number] | null,
  ): MeasuredModel {
    const { sha256 } = this.model;
    if (this.#failure) return { ok: false, sha256, failure: this.#failure };
    const figures = latencyFigures(this.#repeats.counting);
    return {
      ok: true,
      measurement: {
        sha256,
        ...figures,
        unsteady: this.#repeats.unsteady,
        repeats: this.#repeats.all,
        placement: this.placement,
        drift: reference && driftOf(figures.medianMs, reference),
        ...{ runner, settings, cores },
      },
    };
  }
}
