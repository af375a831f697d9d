/** Waits until a phone is fit to be measured on, and says what for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkbenchError } from '../../errors.ts';
import type { PhoneConditions, ReadConditions } from '../conditions-record.ts';
import type { GateSettings, MeasuringEvent } from '../measurement.ts';
import { closedGate, gateHints } from './gates.ts';

export interface Clock {
  nowMs(): number;
  /** Rejects when the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, signal ? { signal } : undefined);
  },
};

/** What was read no longer ago than this, in milliseconds, is not asked for again. */
const freshMs = 2_000;

export class Gatekeeper {
  readonly #settings: GateSettings;
  readonly #read: ReadConditions;
  readonly #clock: Clock;
  #last: { readonly conditions: PhoneConditions; readonly readAtMs: number } | null = null;

  constructor(settings: GateSettings, read: ReadConditions, clock: Clock = systemClock) {
    this.#settings = settings;
    this.#read = read;
    this.#clock = clock;
  }

  async read(signal?: AbortSignal): Promise<PhoneConditions> {
    const conditions = await this.#read(signal);
    this.#last = { conditions, readAtMs: this.#clock.nowMs() };
    return conditions;
  }

  /**
   * @returns the conditions under which the gate stood open
   * @throws WorkbenchError `phone-hot`, `phone-throttled`, `phone-battery-low`, `phone-asleep`,
   *   `phone-locked` after the limit
   */
  async pass(
    onEvent: (event: MeasuringEvent) => void,
    signal?: AbortSignal,
  ): Promise<PhoneConditions> {
    const { limitMs, everyMs } = this.#settings;
    const began = this.#clock.nowMs();
    let conditions = this.#fresh() ?? (await this.read(signal));
    for (;;) {
      const gate = closedGate(conditions, this.#settings);
      if (gate === null) return conditions;
      const waitedMs = this.#clock.nowMs() - began;
      if (waitedMs >= limitMs) {
        throw new WorkbenchError(
          `phone-${gate.reason}`,
          `${gate.message} It did not change in ${Math.round(limitMs / 1000)} s.`,
          gateHints[gate.reason],
        );
      }
      onEvent({ kind: 'waiting', ...gate, waitedMs, limitMs, conditions });
      await this.#clock.wait(Math.min(everyMs, limitMs - waitedMs), signal);
      conditions = await this.read(signal);
    }
  }

  #fresh(): PhoneConditions | null {
    const last = this.#last;
    return last && this.#clock.nowMs() - last.readAtMs < freshMs ? last.conditions : null;
  }
}
