/** Phones of a farm that only exist in tests: what happens to them is decided there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FarmRunner } from '../../main/common/farm.ts';
import { WorkbenchError, type ErrorReport } from '../../main/errors.ts';
import type { OfferedPhone } from '../../main/farm/offered-phone.ts';
import type { Latency } from '../../main/latency/latency.ts';
import { latencyOf } from '../../main/phone/pool/phone-latency.ts';
import { identity, measurementOf, runner } from './fake-measuring.ts';

export const model = identity.model!;

export class FakePhone {
  readonly serial: string;
  /** Digests of models, in the order in which they were finished. */
  readonly measured: string[] = [];
  /** How often it was asked whether it is cool. */
  asked = 0;
  /** How often it was opened for a run. */
  opened = 0;
  away = false;
  taken = false;
  hot = false;
  /** What it waits for before it takes networks. */
  cool: Promise<void> = Promise.resolve();
  ms = 2;
  runner: FarmRunner = {
    ...{ name: runner.name, engine: runner.engine },
    ...{ version: runner.version, precision: runner.precision },
  };
  /** A model with which it is always lost. */
  lostWith: string | null = null;
  /** What becomes of a model in place of its latency. */
  fails: (sha256: string) => ErrorReport | null = () => null;

  constructor(serial: string) {
    this.serial = serial;
  }

  /** @param digestOf of the model that a genotype's network becomes */
  offered(digestOf: (genotype: string) => string): OfferedPhone {
    const { serial } = this;
    const gone = () => new WorkbenchError('phone-gone', `${serial} is gone.`, 'Plug it in.');
    return {
      ...{ serial, model, chip: identity.chip, android: identity.android, runners: ['fake'] },
      ready: async () =>
        this.away ? { message: 'adb does not see it', hint: 'Plug it in.' } : null,
      take: () => {
        if (this.taken) throw new WorkbenchError('phone-in-use', 'It measures.', 'Wait.');
        return { release: () => undefined };
      },
      pass: async () => {
        this.asked++;
        await this.cool;
        if (this.hot) throw new WorkbenchError('phone-hot', 'It is 44 °C.', 'Let it cool.');
      },
      open: async () => {
        this.opened++;
        return {
          runner: this.runner,
          digestOf,
          measure: async (genotypes, { onBegun }, signal) => {
            const outcomes: (Latency | ErrorReport)[] = [];
            for (const sha256 of genotypes.map(digestOf)) {
              onBegun(sha256);
              await sleep(this.ms, undefined, { signal });
              if (this.away || sha256 === this.lostWith) throw gone();
              outcomes.push(this.fails(sha256) ?? this.#latency(sha256));
            }
            // What was not answered is measured again.
            this.measured.push(...genotypes.map(digestOf));
            return outcomes;
          },
          close: () => Promise.resolve(),
          abandon: () => undefined,
        };
      },
      blames: (error) => {
        const code = error instanceof WorkbenchError ? error.code : '';
        const says = { 'phone-gone': 'away', 'phone-in-use': 'taken', 'phone-hot': 'waiting' };
        return (says[code as keyof typeof says] as 'away' | undefined) ?? null;
      },
    };
  }

  #latency(sha256: string): Latency {
    const measured = measurementOf(sha256, 1 + (parseInt(sha256.slice(0, 4), 16) % 100));
    if (!measured.ok) throw new Error('measurements that are made up do not fail');
    const { measurement } = measured;
    const { version, precision } = this.runner;
    return latencyOf({
      measurement: { ...measurement, runner: { ...measurement.runner, version, precision } },
      ...{ serial: this.serial, identity },
    });
  }
}
