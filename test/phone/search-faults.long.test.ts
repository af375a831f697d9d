/** A long search on two phones while everything goes wrong that can: nothing is lost, nothing stays behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generatorFor } from '../../main/random.ts';
import { startPhone, type Phone } from './phone.ts';
import { failures, few, SearchBench } from './searches.ts';
import { buildStandIn } from './stand-in.ts';

let bench: SearchBench;
let phones: readonly Phone[];
let benchmark: string;

beforeAll(async () => {
  bench = await SearchBench.start();
  const { server } = bench;
  phones = [await startPhone({ server }), await startPhone({ server })];
  benchmark = await buildStandIn(bench.folder);
}, 300_000);

afterAll(async () => {
  for (const phone of phones) await phone.stop();
  await bench.close();
});

const candidates = 200;
/** Each begins a fault, waits so long and mends it. */
const faults: Readonly<Record<string, (phone: Phone, ms: number) => Promise<unknown>>> = {
  async cut(phone, ms) {
    await phone.unplug();
    await sleep(ms);
    await phone.plug();
  },
  async stall(phone, ms) {
    phone.cable.stall();
    await sleep(ms);
    await phone.plug();
  },
  async 'adb server killed'(_, ms) {
    await bench.server.kill();
    await sleep(ms);
    await bench.server.adb('start-server');
    for (const phone of phones) await phone.plug();
  },
  async reboot(phone, ms) {
    await phone.reboot(ms);
    phone.screen('on'); // the person unlocks it
  },
  async 'disk full'(phone, ms) {
    await phone.fillDisk();
    await sleep(ms);
    await phone.freeDisk();
  },
  async heat(phone, ms) {
    phone.heat(44);
    await sleep(ms);
    phone.cool();
  },
};

it('ends with every candidate measured or failed with a reason after 20 faults', async () => {
  const random = generatorFor('faults', '7');
  const below = (most: number) => (random.next() >>> 0) % most;
  const names = Object.keys(faults);
  // Every kind at least three times, in an order that the seed decides.
  const planned = Array.from({ length: 20 }, (_, i) => ({
    name: names[i % names.length]!,
    order: below(1e9),
    phone: below(2),
    beginMs: below(600),
    lastsMs: 300 + below(2500),
  })).toSorted((a, b) => a.order - b.order);
  let stored = 0;
  let happening: Promise<unknown> = Promise.resolve();
  const happened: string[] = [];
  let over = 0;
  const began = performance.now();
  const { status, error, ...outcome } = await bench.search(
    'faults',
    {
      ...few,
      // So that the search outlasts the faults: nobody can tidy up a phone that is away when it ends.
      repeats: 4,
      runner: 'tflite',
      tflite: {
        ...{
          benchmark,
          converter: ['cp', '{onnx}', '{tflite}'],
          delegate: 'cpu' as const,
          flags: ['--any_model=true'],
        },
        ...{ version: '1', precision: 'float32', conversionLimitMs: 10_000 },
      },
      serials: phones.map(({ address }) => address),
      ...{ awaySeconds: 120, waitSeconds: 120, runSeconds: 5 },
    },
    {
      settings: { population: 20, generations: null, candidates, maxMacs: 30_000_000 },
      onEvent: ({ phase }) => {
        if (phase !== 'stored' || ++stored % 7 !== 0) return;
        const next = planned.at(happened.length);
        if (!next || happened.length >= planned.length) return;
        happened.push(next.name);
        happening = happening.then(async () => {
          await sleep(next.beginMs);
          await faults[next.name]!(phones[next.phone]!, next.lastsMs);
          over++;
        });
      },
    },
  );
  const overWhileSearching = over;
  await happening;
  const seconds = (performance.now() - began) / 1000;
  const failed = failures(outcome.candidates);
  console.log(
    `${outcome.candidates.length} candidates, ${failed.length} failed (${[...new Set(failed)].join(', ')}), ${happened.length} faults, ${seconds.toFixed(0)} s`,
  );
  expect({ status, error }).toEqual({ status: 'finished', error: null });
  expect(happened).toHaveLength(20);
  expect(overWhileSearching).toBe(20);
  expect(new Set(happened)).toEqual(new Set(names));
  expect(outcome.candidates.map(({ id }) => id)).toEqual(
    Array.from({ length: candidates }, (_, i) => i + 1),
  );
  const serials = new Set<string | undefined>();
  for (const one of outcome.candidates) {
    if (one.status === 'failed') {
      expect(one.failure.code).toMatch(/^(phone|runner)-/);
      expect(one.failure.hint).not.toBe('');
    } else {
      expect(one.latency?.latencyMs).toBeGreaterThan(0);
      expect(one.latency?.measurement?.repeats.length).toBeGreaterThan(0);
      serials.add(one.latency?.conditions.phone?.serial);
    }
  }
  expect(serials).toEqual(new Set(phones.map(({ address }) => address)));
  // A full disk is the only fault that a candidate may be blamed for.
  expect(failed.length).toBeLessThan(candidates / 5);
  for (const phone of phones) {
    expect(await bench.leftOn(phone)).toBe('');
    expect(await bench.onPhone(phone, 'pgrep benchmark_model')).toBe('');
  }
}, 600_000);

it('measures 40 networks in int8 with TensorFlow Lite of our own, while things go wrong', async () => {
  const names = ['cut', 'stall', 'reboot', 'heat', 'adb server killed'];
  let stored = 0;
  let happening: Promise<unknown> = Promise.resolve();
  let over = 0;
  const { status, error, ...outcome } = await bench.search(
    'tflite-int8',
    {
      ...{ ...few, runner: 'tflite-glibc-cpu', repeats: 2 },
      serials: phones.map(({ address }) => address),
      ...{ awaySeconds: 120, waitSeconds: 120, runSeconds: 60 },
    },
    {
      settings: {
        ...{ population: 20, generations: null, candidates: 40, maxMacs: 20_000_000 },
        latencyPrecision: 'int8',
      },
      onEvent: ({ phase }) => {
        if (phase !== 'stored' || ++stored % 6 !== 0) return;
        const name = names[stored / 6 - 1];
        const phone = phones[(stored / 6) % 2]!;
        if (name === undefined) return;
        happening = happening.then(() => faults[name]!(phone, 1500)).then(() => over++);
      },
    },
  );
  await happening;
  const failed = failures(outcome.candidates);
  console.log(`${outcome.candidates.length} in int8, ${failed.length} failed, ${over} faults`);
  expect({ status, error, over }).toEqual({ status: 'finished', error: null, over: names.length });
  expect(outcome.candidates).toHaveLength(40);
  for (const one of outcome.candidates) {
    if (one.status === 'failed') expect(one.failure.code).toMatch(/^(phone|runner)-/);
    else {
      const { runner, precision, phone } = one.latency!.conditions;
      expect({ runner, precision }).toEqual({ runner: 'tflite-glibc-cpu', precision: 'int8' });
      const { on, nodes, placed } = phone!.placement!;
      expect(on).toBe('xnnpack');
      expect(placed).toBeGreaterThan(nodes / 2);
    }
  }
  expect(failed.length).toBeLessThan(4);
  for (const phone of phones) expect(await bench.leftOn(phone)).toBe('');
}, 900_000);
