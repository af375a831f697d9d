/** A phone from a program: the library's search and measurement on the emulated phone. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  exportNetwork,
  measureOnPhone,
  openRun,
  resume,
  search,
  type Progress,
  type SearchOptions,
} from '../../main/library/index.ts';
import { startAdbServer, type AdbServer } from './adb-server.ts';
import { startPhone, type Phone } from './phone.ts';
import { models } from './searches.ts';

const environment = { ...process.env };
let server: AdbServer;
let phone: Phone;
let folder: string;
let run: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'zico-phone-library-'));
  run = path.join(folder, 'phone.zico');
  server = await startAdbServer();
  Object.assign(process.env, server.env);
  phone = await startPhone({ model: 'SM-G973F', server });
}, 300_000);
afterAll(async () => {
  await phone[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  Object.assign(process.env, environment);
  await rm(folder, { recursive: true });
});

/** Latencies under qemu vary by far more than 5 %: one repeat, whose spread is not asked about. */
const few = { runner: 'ort-glibc-cpu', core: 'mid', warmUp: 0, runs: 2, repeats: 1 } as const;
const onThePhone = (): SearchOptions => ({
  ...({ space: 'nats-sss', search: 'nsga2', population: 4, seed: 2, maxMacs: 12e6 } as const),
  ...({ engine: 'onnxruntime', batches: 2, batchSize: 2, threads: 1, workers: 1 } as const),
  ...({ proxies: 'none', latency: 'phone', phone: { ...few, serials: [phone.address] } } as const),
});
const leftOnPhone = async () =>
  (await server.adb('-s', phone.address, 'shell', `ls ${models}`)).stdout.trim();

describe('a program', () => {
  it('searches on a phone that it names, hears what it does, and goes on later', async () => {
    const states = new Set<string>();
    const onProgress = (progress: Progress) => {
      if (progress.kind === 'phones') for (const { state } of progress.phones) states.add(state);
    };
    const found = await search({ ...onThePhone(), candidates: 4, run, onProgress });
    expect(found).toMatchObject({ status: 'finished', evaluated: 4, failed: 0 });
    expect([...states]).toContain('measuring');
    expect(await resume(run, { candidates: 6 })).toMatchObject({ evaluated: 6 });
    const rows = (await openRun(run)).candidates();
    expect(rows).toHaveLength(6);
    for (const { latencyMs, latencyDevice, latencyRunner } of rows) {
      expect(latencyMs).toBeGreaterThan(0);
      expect(latencyDevice).toBe('SM-G973F, Exynos 9820, Android 12');
      expect(latencyRunner).toBe('ort-glibc-cpu');
    }
    expect(await leftOnPhone()).toBe('');
  }, 300_000);

  it('measures a network of the run, and a model, as it asks', async () => {
    const heard: string[] = [];
    const asked = { phone: { ...few, serials: [phone.address] }, intervalPercent: null };
    const [first] = (await openRun(run)).candidates();
    const measured = await measureOnPhone(
      { run, candidate: first!.id! },
      { ...asked, onProgress: ({ kind }) => heard.push(kind) },
    );
    expect(measured.measurement).toMatchObject({ runner: { name: 'ort-glibc-cpu' } });
    expect(measured.measurement.medianMs).toBeGreaterThan(0);
    expect(measured.measurement.repeats).toHaveLength(1);
    expect(heard.length).toBeGreaterThan(0);
    const out = path.join(folder, 'chosen');
    await exportNetwork(run, { candidate: first!.id!, out, formats: ['onnx'] });
    const model = path.join(out, 'model.onnx');
    expect(existsSync(model)).toBe(true);
    const again = await measureOnPhone(model, asked);
    expect(again.macs).toBe(measured.macs);
    expect(await leftOnPhone()).toBe('');
  }, 300_000);

  it('is told what a phone that is not there would be, and stops a measurement', async () => {
    const absent = measureOnPhone({ run, candidate: 1 }, { phone: { ...few, serials: ['NONE'] } });
    await expect(absent).rejects.toMatchObject({
      message: expect.stringContaining('NONE') as string,
      hint: expect.stringMatching(/./) as string,
    });
    const stop = new AbortController();
    const stopped = measureOnPhone(
      { run, candidate: 1 },
      {
        phone: { ...few, runs: 200, serials: [phone.address] },
        signal: stop.signal,
        onProgress: () => stop.abort(),
      },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(await leftOnPhone()).toBe('');
  }, 300_000);
});
