/** The protocol over a runner whose latencies, failures and phone a test decides. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../../main/errors.ts';
import type { PhoneConditions } from '../../../../main/common/phone-conditions.ts';
import { leastRepeats } from '../../../../main/latency/interval.ts';
import type { MeasuringSettings } from '../../../../main/latency/phone-measurement.ts';
import type {
  MeasuredModel,
  MeasuringEvent,
  PhoneModel,
} from '../../../../main/phone/measurement.ts';
import type { Clock } from '../../../../main/phone/protocol/gatekeeper.ts';
import { openMeasuringSession } from '../../../../main/phone/protocol/session.ts';
import { defaultMeasuring } from '../../../../main/phone/protocol/settings.ts';
import type { DeployedRunner, PhoneRunner } from '../../../../main/phone/runners/runner.ts';
import { selfTest } from '../../../../main/phone/runners/self-test.ts';
import { LocalDevice } from '../../../support/local-device.ts';
import { goodConditions } from '../../../support/phone-conditions.ts';
import type { Known } from '../../../../main/common/known.ts';

let device: LocalDevice;
let conditions: PhoneConditions;
let now: number;
/** Models in the order in which they were run, and what lies on the phone. */
let ran: string[];
let loaded: Set<string>;
let room: number;
let latencyOf: (sha256: string, run: number) => number;
beforeEach(() => {
  device = new LocalDevice();
  conditions = goodConditions;
  now = 0;
  ran = [];
  loaded = new Set();
  room = Infinity;
  latencyOf = () => 10;
});
afterEach(() => device.remove());

const clock: Clock = {
  nowMs: () => now,
  async wait(ms) {
    now += ms;
  },
};

const fake: PhoneRunner = {
  name: 'fake',
  model: { format: 'onnx', precision: 'float32' },
  probe: async () => undefined,
  async deploy(): Promise<DeployedRunner> {
    return {
      async load({ sha256 }) {
        if (loaded.size < room) loaded.add(sha256);
        else throw new WorkbenchError('phone-storage-full', 'It does not fit.', 'Make room.');
      },
      async run({ model: { sha256 }, runs }) {
        ran.push(sha256);
        now += 100;
        const ms = latencyOf(sha256, ran.filter((one) => one === sha256).length);
        return {
          engine: 'fake',
          version: '1',
          provider: 'cpu',
          precision: 'float32',
          latenciesMs: Array<number>(runs).fill(ms),
          firstMs: null,
          loadMs: null,
          maxRssKiB: null,
          involuntarySwitches: null,
          coreKHzBefore: [],
          coreKHzAfter: [],
          placement: null,
          outputSums: [selfTest().sum],
        };
      },
      unload: async ({ sha256 }) => void loaded.delete(sha256),
    };
  },
};

const model = (sha256: string): PhoneModel => ({ sha256, path: `${sha256}.onnx` });
const models = (...names: string[]) => names.map(model);

async function open(change: Partial<MeasuringSettings> = {}) {
  const fixed = { repeats: 3, interval: null };
  const settings = { ...defaultMeasuring, ...fixed, runs: 5, referenceEvery: 0, ...change };
  const readConditions = async () => conditions;
  const session = await openMeasuringSession(device, {
    runners: [fake],
    settings,
    readConditions,
    clock,
  });
  ran.length = 0;
  return session;
}

function measurement(measured: MeasuredModel) {
  if (measured.ok) return measured.measurement;
  throw new Error(measured.failure.message);
}

describe('measuring on a phone', () => {
  it('interleaves the repeats of models and takes them off the phone', async () => {
    const session = await open();
    const measured = await session.measure(models('a', 'b'));
    expect(ran).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(loaded.size).toBe(0);
    expect(measurement(measured[0]!)).toMatchObject({
      sha256: 'a',
      medianMs: 10,
      unsteady: [],
      drift: null,
      runner: { name: 'fake', proof: 'output-sum' },
      cores: { cores: [6, 7], mask: 0xc0 },
    });
    expect(measurement(measured[0]!).repeats).toHaveLength(3);
    await session.close();
  });

  it('measures again what drifts, keeps the record of it, and is steady then', async () => {
    latencyOf = (_, run) => (run === 2 ? 14 : 10);
    const session = await open();
    const events: MeasuringEvent[] = [];
    const [one] = (await session.measure(models('a'), {
      onEvent: (event) => events.push(event),
    })) as Known<MeasuredModel>;
    const { medianMs, unsteady, repeats } = measurement(one);
    expect(ran).toHaveLength(4);
    expect(medianMs).toBe(10);
    expect(unsteady).toEqual([]);
    expect(repeats.map(({ discarded }) => discarded)).toEqual([null, 'medians-drift', null, null]);
    expect(events).toContainEqual({ kind: 'requeued', sha256: 'a', reason: 'medians-drift' });
    await session.close();
  });

  it('marks what never becomes steady, with every run counted', async () => {
    latencyOf = (_, run) => 10 * 1.2 ** run;
    const session = await open();
    const [one] = (await session.measure(models('a'))) as Known<MeasuredModel>;
    const { unsteady, repeats, minMs } = measurement(one);
    expect(unsteady).toEqual(['medians-drift']);
    expect(repeats).toHaveLength(3 + 4);
    expect(repeats.every(({ discarded }) => discarded === null)).toBe(true);
    expect(minMs).toBeCloseTo(12, 9);
    await session.close();
  });

  it('takes as many repeats as the interval asks for, and interleaves them', async () => {
    latencyOf = (sha256, run) => (sha256 === 'b' ? 10 + (run % 2) * 0.5 : 10);
    const session = await open({ repeats: 12, interval: 0.05 });
    const [steady, scattered] = (await session.measure(models('a', 'b'))) as Known<MeasuredModel>;
    const [a, b] = [measurement(steady), measurement(scattered)];
    expect(a.repeats).toHaveLength(leastRepeats);
    expect(b.repeats.length).toBeGreaterThan(leastRepeats);
    expect(ran.slice(0, 4)).toEqual(['a', 'b', 'a', 'b']);
    for (const { intervalMs, medianMs, unsteady } of [a, b]) {
      expect((intervalMs![1] - intervalMs![0]) / 2).toBeLessThanOrEqual(0.05 * medianMs);
      expect(unsteady).toEqual([]);
    }
    await session.close();
  });

  it('says where the most repeats did not suffice for the interval', async () => {
    latencyOf = (_, run) => 10 + (run % 2) * 4;
    const session = await open({ repeats: 6, interval: 0.05 });
    const [one] = (await session.measure(models('a'))) as Known<MeasuredModel>;
    const { unsteady, repeats } = measurement(one);
    expect(repeats).toHaveLength(6);
    expect(unsteady).toEqual(['interval-not-reached']);
    await session.close();
  });

  it.each([0, -1, NaN])('fails a model whose runner says that a run took %d ms', async (odd) => {
    latencyOf = (sha256) => (sha256 === 'b' ? odd : 10);
    const session = await open();
    const measured = await session.measure(models('a', 'b'));
    expect(measured[0]).toMatchObject({ ok: true });
    expect(measured[1]).toMatchObject({ ok: false, failure: { code: 'latency-not-positive' } });
    await session.close();
  });

  it('waits for a hot phone and says so, then measures', async () => {
    const session = await open();
    conditions = { ...goodConditions, batteryC: 41 };
    const events: MeasuringEvent[] = [];
    const [one] = (await session.measure(models('a'), {
      onEvent(event) {
        events.push(event);
        if (now > 9000) conditions = goodConditions;
      },
    })) as Known<MeasuredModel>;
    expect(measurement(one).medianMs).toBe(10);
    const waits = events.filter((event) => event.kind === 'waiting');
    expect(waits.length).toBeGreaterThan(2);
    expect(waits[0]).toMatchObject({ reason: 'hot', waitedMs: 0, limitMs: 600_000 });
    expect(waits[0]).toHaveProperty('message', expect.stringContaining('41.0'));
    await session.close();
  });

  it.each([
    ['phone-hot', { batteryC: 41 }],
    ['phone-throttled', { thermalStatus: 2 }],
    ['phone-battery-low', { batteryLevel: 9 }],
    ['phone-asleep', { screen: 'asleep' }],
  ] as const)('gives the models back after the limit: %s', async (code, change) => {
    const session = await open({ gates: { ...defaultMeasuring.gates, limitMs: 10_000 } });
    conditions = { ...goodConditions, ...change };
    await expect(session.measure(models('a'))).rejects.toMatchObject({ code });
    expect(ran).toEqual([]);
    expect(loaded.size).toBe(0);
    await session.close();
  });

  it('fails one model without the others', async () => {
    latencyOf = (sha256) => {
      if (sha256 === 'b') throw new WorkbenchError('runner-killed', 'Killed.', 'Free memory.');
      return 10;
    };
    const session = await open();
    const measured = await session.measure(models('a', 'b', 'c'));
    expect(measured.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(measured[1]).toMatchObject({ sha256: 'b', failure: { code: 'runner-killed' } });
    expect(loaded.size).toBe(0);
    await session.close();
  });

  it('measures one after another what does not fit on the phone together', async () => {
    let most = 0;
    room = 2;
    const session = await open({ repeats: 2 });
    const measured = await session.measure(models('a', 'b', 'c', 'd', 'e'), {
      onEvent: () => (most = Math.max(most, loaded.size)),
    });
    expect(measured.map(({ ok }) => ok)).toEqual(Array(5).fill(true));
    expect(measured.map((one) => measurement(one).sha256)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(ran).toEqual(['a', 'b', 'a', 'b', 'c', 'd', 'c', 'd', 'e', 'e']);
    expect(most).toBe(2);
    room = 0;
    const [none] = await session.measure(models('f'));
    expect(none).toMatchObject({ ok: false, failure: { code: 'phone-storage-full' } });
    expect(loaded.size).toBe(0);
  });

  it('passes on that the phone is gone', async () => {
    const session = await open();
    latencyOf = () => {
      throw new WorkbenchError('phone-gone', 'Gone.', 'Plug it in.');
    };
    await expect(session.measure(models('a'))).rejects.toMatchObject({ code: 'phone-gone' });
    await session.close();
  });

  it('stops when it is told to, and tidies up', async () => {
    const session = await open();
    const stop = new AbortController();
    latencyOf = () => {
      stop.abort();
      return 10;
    };
    const measuring = session.measure(models('a'), { signal: stop.signal });
    await expect(measuring).rejects.toHaveProperty('name', 'AbortError');
    expect(loaded.size).toBe(0);
    await session.close();
  });

  it('shows by a reference model how the phone became slower, beside the raw figure', async () => {
    const session = await open({ referenceEvery: 2 });
    let slowness = 1;
    latencyOf = () => 10 * slowness;
    const events: MeasuringEvent[] = [];
    const onEvent = (event: MeasuringEvent) => events.push(event);
    const [first] = (await session.measure(models('a'), { onEvent })) as Known<MeasuredModel>;
    slowness = 1.1;
    const [second] = (await session.measure(models('b'), { onEvent })) as Known<MeasuredModel>;
    const [third] = (await session.measure(models('c'), { onEvent })) as Known<MeasuredModel>;
    expect(measurement(first).drift).toMatchObject({ factor: 1, correctedMs: 10 });
    // Before b the reference took 10 ms, after it 11.
    expect(measurement(second).medianMs).toBeCloseTo(11, 9);
    expect(measurement(second).drift?.correctedMs).toBeCloseTo((11 * 10) / 10.5, 9);
    expect(measurement(third).drift?.correctedMs).toBeCloseTo(10, 9);
    expect(events.filter(({ kind }) => kind === 'reference')).toHaveLength(2);
    await session.close();
  });

  it('puts a repeat aside during which the phone slowed down', async () => {
    const session = await open();
    latencyOf = (_, run) => {
      const limit = run === 1 ? 1_000_000 : 2_730_000;
      conditions = { ...goodConditions, coreLimitKHz: Array<number>(8).fill(limit) };
      return run === 1 ? 30 : 10;
    };
    const [one] = (await session.measure(models('a'))) as Known<MeasuredModel>;
    const { repeats, medianMs, unsteady } = measurement(one);
    expect(repeats.map(({ discarded }) => discarded)).toEqual(['frequency-fell', null, null, null]);
    expect([medianMs, unsteady]).toEqual([10, []]);
    await session.close();
  });

  it('marks what was measured while the phone was throttled, though its repeats agree', async () => {
    const session = await open({ requeues: 2 });
    await session.measure(models('a'));
    conditions = { ...goodConditions, coreLimitKHz: Array<number>(8).fill(1_000_000) };
    latencyOf = () => 27;
    const [throttled] = (await session.measure(models('b'))) as Known<MeasuredModel>;
    expect(measurement(throttled)).toMatchObject({ medianMs: 27, unsteady: ['frequency-fell'] });
    conditions = goodConditions;
    latencyOf = () => 10;
    const [cool] = (await session.measure(models('c'))) as Known<MeasuredModel>;
    expect(measurement(cool)).toMatchObject({ medianMs: 10, unsteady: [] });
    await session.close();
  });
});
