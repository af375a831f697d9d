import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Proofs } from '../../../../main/electron/phones/proofs.ts';
import { PhoneWatch } from '../../../../main/electron/phones/watch.ts';
import { WorkbenchError } from '../../../../main/errors.ts';
import type { AdbChoice } from '../../../../main/phone/adb/find-adb.ts';
import type { RunnerIdentity } from '../../../../main/common/phones.ts';
import type { PhoneActivity } from '../../../../main/common/phone-activity.ts';
import { phonesView } from '../../../../preload/phones.ts';
import { fakePhone, FakePhones, type FakePhone } from './fake-phones.ts';

const runner: RunnerIdentity = {
  ...{ name: 'ort-glibc-cpu', engine: 'onnxruntime', version: '1.30.0', precision: 'float32' },
  ...{ provider: 'cpu', proof: 'output-sum', refused: [] },
};

const activity: PhoneActivity = {
  ...{ serial: 'A1', model: 'SM-G973F', state: 'measuring', message: null, hint: null },
  ...{ waitedMs: null, limitMs: null, queued: 2, measured: 1, failed: 0, lastMs: 12 },
  ...{ recentMs: [12], conditions: null },
};

function pending<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((good, bad) => {
    resolve = good;
    reject = bad;
  });
  return { promise, resolve, reject };
}

let folder: string;
let opened: { phones: FakePhones; choice: AdbChoice }[];
let adb: AdbChoice;
let measuring: Map<string, PhoneActivity>;
let locks: string[];
let checking: ReturnType<typeof pending<RunnerIdentity>>;
let stopped: boolean;
let inUse: boolean;
let watch: PhoneWatch;
let phone: FakePhone;
const latest = () => opened[opened.length - 1]!.phones;
const row = (serial = 'A1', watched = false) => {
  const view = phonesView.parse(watch.view(watched)); // as it has to cross the bridge
  const found = view.phones.find((one) => one.serial === serial);
  if (!found) throw new Error(`There is no ${serial}.`);
  return found;
};

function start(): PhoneWatch {
  return new PhoneWatch({
    open: (choice) => {
      const phones = new FakePhones();
      opened.push({ phones, choice });
      return phones;
    },
    adb: () => adb,
    preferred: () => null,
    version: async () => '1.0.41',
    check: (_device, { onTry, onPush, signal }) => {
      onTry?.('ort-glibc-cpu');
      onPush?.(0.25);
      signal?.addEventListener('abort', () => {
        stopped = true;
        checking.reject(new Error('stopped'));
      });
      return checking.promise;
    },
    proofs: new Proofs(path.join(folder, 'phones.json'), '1.0.0'),
    measuring: (serial) => measuring.get(serial) ?? null,
    lock: (number) => {
      if (inUse) throw new WorkbenchError('phone-in-use', 'Somebody measures.', 'Wait.');
      locks.push(number);
      return { release: () => void locks.splice(locks.indexOf(number), 1) };
    },
    firstWatched: () => undefined,
    changed: () => undefined,
    environment: { ANDROID_ADB_SERVER_PORT: '5099' },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-watch-'));
  opened = [];
  adb = { file: null, port: null };
  measuring = new Map();
  locks = [];
  inUse = false;
  checking = pending();
  checking.promise.catch(() => undefined);
  stopped = false;
  watch = start();
  phone = fakePhone('A1');
});
afterEach(async () => {
  await watch.close();
  rmSync(folder, { recursive: true });
  vi.useRealTimers();
});

/** Plugged in, seen and asked once. */
async function plugged(): Promise<void> {
  watch.begin();
  latest().tell({ adbFile: '/usr/bin/adb' });
  latest().plug(phone);
  await vi.advanceTimersByTimeAsync(1);
}

describe('phones in the window', () => {
  it('are not followed, and no adb server is started, until somebody looks', () => {
    expect(watch.view(false)).toMatchObject({ phones: [], looking: false });
    expect(opened).toEqual([]);
    expect(watch.view(true).looking).toBe(true);
    watch.view(true);
    expect(opened).toHaveLength(1);
  });

  it('tell which adb it is and why there is no list', async () => {
    watch.begin();
    const trouble = { code: 'adb-missing', message: 'None.', hint: 'Install it.' };
    latest().tell({ trouble });
    expect(watch.view(false)).toMatchObject({ trouble, looking: false });
    latest().tell({ adbFile: '/usr/bin/adb', trouble: null });
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.view(false)).toMatchObject({
      adb: { file: '/usr/bin/adb', version: '1.0.41', port: 5099, chosen: false },
      trouble: null,
    });
  });

  it('are asked what they are and how they do once they are ready', async () => {
    await plugged();
    expect(row()).toMatchObject({
      state: 'ready',
      problem: null,
      identity: { model: 'SM-G973F', clusters: [{ cores: [0] }, { cores: [1], maxKHz: 2730000 }] },
      conditions: { batteryC: 29.5, batteryLevel: 84, powered: 'usb', screen: 'awake' },
      storage: { freeBytes: 600 * 1024, totalBytes: 1000 * 1024 },
      gate: null,
      history: [{ batteryC: 29.5, bigKHz: 2730000 }],
    });
  });

  it('say what the person has to do while they cannot be asked', () => {
    watch.begin();
    latest().plug(phone, 'unauthorized');
    expect(row()).toMatchObject({ problem: { code: 'phone-unauthorized' }, identity: null });
    expect(phone.asked).toBe(0);
  });

  it('are asked often while somebody looks, seldom otherwise, never while they measure', async () => {
    await plugged();
    await vi.advanceTimersByTimeAsync(60_000);
    const unwatched = phone.asked;
    expect(unwatched).toBeGreaterThanOrEqual(4);
    expect(unwatched).toBeLessThanOrEqual(6);
    for (let seconds = 0; seconds < 60; seconds++) {
      watch.view(true);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(phone.asked - unwatched).toBeGreaterThanOrEqual(20);
    measuring.set('A1', activity);
    const before = phone.asked;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(phone.asked).toBe(before);
    const read = { ...row().conditions!, readAtMs: Date.now(), batteryC: 33 };
    watch.observe([{ ...activity, conditions: read }]);
    expect(row()).toMatchObject({
      conditions: { batteryC: 33 },
      measuring: { state: 'measuring', lastMs: 12 },
    });
    expect(row().history.at(-1)).toMatchObject({ batteryC: 33 });
  });

  it('are too warm to measure on above the limit, with the reason', async () => {
    await plugged();
    phone.celsius = 41;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(row().gate).toMatchObject({ code: 'phone-hot' });
    expect(row().history.map(({ batteryC }) => batteryC)).toEqual([29.5, 41]);
  });

  it('are forgotten when they are pulled and asked anew when they come back', async () => {
    await plugged();
    latest().unplug(phone);
    expect(watch.view(false).phones).toEqual([]);
    latest().plug(phone);
    await vi.advanceTimersByTimeAsync(1);
    expect(phone.asked).toBe(2);
  });

  it('that fail to answer keep the failure until they answer again', async () => {
    phone.failure = new WorkbenchError('phone-timeout', 'It did not answer.', 'Wait.');
    await plugged();
    expect(row().problem).toMatchObject({ code: 'phone-timeout' });
    phone.failure = null;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(row()).toMatchObject({ problem: null, conditions: { batteryC: 29.5 } });
  });

  it('are looked for anew with another adb', async () => {
    await plugged();
    adb = { file: '/opt/adb', port: 6000 };
    await watch.reopen();
    expect(opened.map(({ choice }) => choice)).toEqual([{ file: null, port: null }, adb]);
    expect(opened[0]!.phones.closed).toBe(true);
    expect(watch.view(false)).toMatchObject({ phones: [], adb: { port: 6000, chosen: true } });
    opened[0]!.phones.plug(phone); // a late word of the old one
    expect(watch.view(false).phones).toEqual([]);
  });
});

describe('the self-test', () => {
  it('shows how far it is, and the runner is remembered by the number on the phone', async () => {
    await plugged();
    watch.check('A1');
    await vi.advanceTimersByTimeAsync(1);
    expect(row().check).toEqual({
      ...{ running: true, step: 'pushing', runner: 'ort-glibc-cpu', share: 0.25, error: null },
    });
    const asked = phone.asked;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(phone.asked).toBe(asked); // it would disturb the test
    expect(locks).toEqual(['no-A1']); // nobody else measures meanwhile
    checking.resolve(runner);
    await vi.advanceTimersByTimeAsync(1);
    expect(locks).toEqual([]);
    expect(row()).toMatchObject({ check: null, proof: { runner } });
    await watch.close();
    watch = start();
    await plugged();
    expect(row().proof).toMatchObject({ runner });
    expect(new Proofs(path.join(folder, 'phones.json'), '2.0.0').of('no-A1')).toBeNull();
  });

  it('that fails says why, and nothing counts as proven any more', async () => {
    new Proofs(path.join(folder, 'phones.json'), '1.0.0').remember('no-A1', runner, 1);
    await watch.close();
    watch = start();
    await plugged();
    watch.check('A1');
    checking.reject(new WorkbenchError('no-runner', 'None works.', 'Remove the cause.'));
    await vi.advanceTimersByTimeAsync(1);
    expect(row()).toMatchObject({
      check: { running: false, error: { code: 'no-runner' } },
      proof: null,
    });
  });

  it('ends when the phone is pulled, or when it is stopped', async () => {
    await plugged();
    watch.check('A1');
    await vi.advanceTimersByTimeAsync(1);
    latest().unplug(phone);
    expect(stopped).toBe(true);
    latest().plug(phone);
    checking = pending();
    watch.check('A1');
    await vi.advanceTimersByTimeAsync(1);
    watch.stopCheck('A1');
    await vi.advanceTimersByTimeAsync(1);
    expect(row()).toMatchObject({ check: null, proof: null });
  });

  it('is refused for a phone that is not ready, or that measures', async () => {
    watch.begin();
    expect(() => watch.check('A1')).toThrow(expect.objectContaining({ code: 'phone-not-seen' }));
    await plugged();
    measuring.set('A1', activity);
    expect(() => watch.check('A1')).toThrow(expect.objectContaining({ code: 'phone-busy' }));
  });

  it('is refused, with the reason, while another program measures on the phone', async () => {
    await plugged();
    inUse = true;
    watch.check('A1');
    await vi.advanceTimersByTimeAsync(1);
    expect(row().check).toMatchObject({ running: false, error: { code: 'phone-in-use' } });
    expect(phone.asked).toBe(1);
  });
});
