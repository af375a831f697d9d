/** `zico measure` on the emulated phone, of models that cannot be scored, or not as they stand. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PhoneMeasurement } from '../../main/latency/phone-measurement.ts';
import { encodeForeign } from '../support/foreign-onnx.ts';
import {
  halves,
  norm,
  quantised,
  quantisedOperator,
  unknownOperators,
} from '../support/measured-models.ts';
import { startAdbServer, type AdbServer } from './adb-server.ts';
import { startPhone, type Phone } from './phone.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-phone-models-'));
const cli = path.join(import.meta.dirname, '../../main/cli.ts');
let server: AdbServer;
let phone: Phone;
beforeAll(async () => {
  server = await startAdbServer();
  phone = await startPhone({ model: 'SM-G973F', server });
}, 300_000);
afterAll(async () => {
  await phone[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Measured {
  readonly input: readonly number[];
  readonly macs: number | null;
  readonly asStored?: string;
  readonly measurement: PhoneMeasurement;
}

async function measure(model: Uint8Array, ...more: readonly string[]): Promise<Measured> {
  const file = path.join(folder, 'model.onnx');
  writeFileSync(file, model);
  const on = ['--latency', `phone:${phone.address}`, '--runner', 'ort-glibc-cpu'];
  const few = ['--runs', '2', '--warm-up', '1', '--repeats', '3', '--interval', 'none', '--json'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, 'measure', file, ...on, ...few, ...more],
    { env: server.env },
  );
  return JSON.parse(stdout) as Measured;
}

describe('a phone measures what its runner runs', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['weights in bytes, with quantising nodes', quantised, /int8/],
    ['operators on bytes', quantisedOperator, /int8/],
    ['half precision', halves, /float16/],
  ])(
    '%s, as the file has it',
    async (_what, model, why) => {
      const { measurement, macs, asStored, input } = await measure(model());
      expect(measurement.medianMs).toBeGreaterThan(0);
      expect([macs, input]).toEqual([null, [1, 3, 8, 8]]);
      expect(asStored).toMatch(why);
    },
    300_000,
  );

  it('operators that cannot be scored, at the size that is asked for', async () => {
    const { measurement, asStored, input } = await measure(unknownOperators(), '--size', '16x24');
    expect(measurement.medianMs).toBeGreaterThan(0);
    expect(input).toEqual([1, 3, 16, 24]);
    expect(asStored).toContain('NonZero');
  }, 300_000);

  it('a network in training mode in its inference form', async () => {
    const { measurement, macs, asStored } = await measure(encodeForeign(norm(8)));
    expect(measurement.medianMs).toBeGreaterThan(0);
    expect([typeof macs, asStored]).toEqual(['number', undefined]);
  }, 300_000);
});
