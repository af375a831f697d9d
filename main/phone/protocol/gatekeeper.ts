/** Waits until a phone is fit to be measured on, and says what it is waiting for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkbenchError } from '../../errors.ts';
import type { PhoneConditions } from '../../common/phone-conditions.ts';
import type { ReadConditions } from '../conditions.ts';
import type { GateSettings } from '../../latency/phone-measurement.ts';
import type { MeasuringEvent } from '../measurement.ts';
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

/** Readings that are no older than this, in milliseconds, are not repeated. */
const freshMs = 2_000;
/** The same for the screen, which takes longer to read and is not changed by measuring. */
const screenFreshMs = 10_000;

export class Gatekeeper {
  readonly #settings: GateSettings;
  readonly #read: ReadConditions;
  readonly #clock: Clock;
  #last: { readonly conditions: PhoneConditions; readonly readAtMs: number } | null = null;
  #screen: Pick<PhoneConditions, 'screen'> & { readonly readAtMs: number } = unseen;

  constructor(settings: GateSettings, read: ReadConditions, clock: Clock = systemClock) {
    this.#settings = settings;
    this.#read = read;
    this.#clock = clock;
  }

  /** After a run: the screen's state is the one seen last. */
  async read(signal?: AbortSignal): Promise<PhoneConditions> {
    const { screen } = this.#screen;
    return this.#keep({ ...(await this.#read(signal, true)), screen });
  }

  async #readAll(signal?: AbortSignal): Promise<PhoneConditions> {
    const conditions = await this.#read(signal);
    this.#screen = { screen: conditions.screen, readAtMs: this.#clock.nowMs() };
    return this.#keep(conditions);
  }

  #keep(conditions: PhoneConditions): PhoneConditions {
    this.#last = { conditions, readAtMs: this.#clock.nowMs() };
    return conditions;
  }

  /**
   * @returns the conditions under which the gate was open
   * @throws WorkbenchError `phone-hot`, `phone-throttled`, `phone-battery-low`, `phone-asleep`,
   * `phone-locked` after the limit
   */
  async pass(
    onEvent: (event: MeasuringEvent) => void,
    signal?: AbortSignal,
  ): Promise<PhoneConditions> {
    const { limitMs, everyMs } = this.#settings;
    const began = this.#clock.nowMs();
    let conditions = this.#fresh() ?? (await this.#readAll(signal));
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
      conditions = await this.#readAll(signal);
    }
  }

  #fresh(): PhoneConditions | null {
    const now = this.#clock.nowMs();
    if (this.#last === null || now - this.#last.readAtMs >= freshMs) return null;
    return now - this.#screen.readAtMs < screenFreshMs ? this.#last.conditions : null;
  }
}

const unseen = { screen: null, readAtMs: -Infinity };
