/** Measuring through the real adb server and the real adbd, with arm64 programs that the phone itself starts. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { AdbDevice } from '../../main/phone/adb/adb-device.ts';
import { Link } from '../../main/phone/adb/link.ts';
import { readConditions } from '../../main/phone/conditions.ts';
import { measureGraphOnPhone } from '../../main/phone/measure-graph.ts';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import type { MeasuringSettings, PhoneMeasurement } from '../../main/latency/phone-measurement.ts';
import { readClusters } from '../../main/phone/protocol/clusters.ts';
import { defaultMeasuring } from '../../main/phone/protocol/settings.ts';
import { runnersFor } from '../../main/phone/runners/index.ts';
import { selfTestGraph } from '../../main/phone/runners/self-test.ts';
import { startAdbServer, type AdbServer } from './adb-server.ts';
import { startPhone, type Phone } from './phone.ts';

let server: AdbServer;
let phone: Phone;
let link: Link;
let device: AdbDevice;
beforeAll(async () => {
  server = await startAdbServer();
  phone = await startPhone({ model: 'SM-G973F', server });
  const entry = path.join(import.meta.dirname, '../../main/phone/adb/child.ts');
  link = new Link({ processes: nodeProcesses, entry, name: 'test' });
  device = new AdbDevice(phone.address, { file: 'adb', port: server.port }, link);
}, 300_000);
afterAll(async () => {
  link.close();
  await phone[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

// Latencies under qemu vary by far more than 5 %: one repeat, whose spread is not asked about.
const settings: MeasuringSettings = {
  ...defaultMeasuring,
  warmUp: 1,
  runs: 5,
  repeats: 1,
  referenceEvery: 0,
};
const options = {
  runners: runnersFor(null),
  settings,
  readConditions: (signal?: AbortSignal) => readConditions(device, { ...(signal && { signal }) }),
};
const onPhone = async (command: string) => (await device.shell(command)).stdout.trim();
const models = '/data/local/tmp/zico-workbench/models';

describe('measuring on the emulated phone', () => {
  it('finds the clusters of an Exynos S10', async () => {
    expect((await readClusters(device)).map(({ mask }) => mask)).toEqual([0x0f, 0x30, 0xc0]);
  });

  it('deploys, proves a runner, measures pinned to the big cores, and tidies up', async () => {
    const measured = await measureGraphOnPhone(device, selfTestGraph(), options);
    expect(measured.runner).toMatchObject({ name: 'ort-glibc-cpu', proof: 'output-sum' });
    expect(measured.runner.refused.map(({ name }) => name)).toEqual(['ort-android-cpu']);
    expect(measured.repeats[0]!.latenciesMs).toHaveLength(5);
    expect(measured.repeats[0]!.coreKHzBefore).toHaveLength(8);
    expect(measured.medianMs).toBeGreaterThan(0);
    expect(measured.repeats[0]!.before).toMatchObject({ thermalStatus: 0, screen: 'awake' });
    expect(await onPhone(`ls ${models}`)).toBe('');
    expect(await onPhone('tail -n 1 /system/emulator/taskset.log')).toContain('c0');
  }, 300_000);

  it('is what zico measure does, from a file to a latency', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-measure-'));
    const file = path.join(folder, 'model.onnx');
    writeFileSync(file, writeDeployableOnnx(selfTestGraph(), 4, ''));
    const args = ['--latency', `phone:${phone.address}`, '--runner', 'ort-glibc-cpu'];
    const few = ['--runs', '4', '--warm-up', '1', '--core', 'mid', '--json'];
    const cli = path.join(import.meta.dirname, '../../main/cli.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, 'measure', file, ...args, ...few],
      { env: server.env },
    );
    rmSync(folder, { recursive: true });
    const value = JSON.parse(stdout) as { measurement: PhoneMeasurement };
    expect(value).toMatchObject({
      serial: phone.address,
      input: [1, 3, 12, 12],
      measurement: { runner: { name: 'ort-glibc-cpu' }, cores: { mask: 0x30 } },
    });
    expect(value.measurement.repeats.length).toBeGreaterThanOrEqual(3);
    expect(value.measurement.repeats[0]!.latenciesMs).toHaveLength(4);
    expect(await onPhone(`ls ${models}`)).toBe('');
  }, 300_000);

  it('names a full phone, and leaves nothing of the model there', async () => {
    await phone.fillDisk();
    try {
      const measuring = measureGraphOnPhone(device, selfTestGraph(), options);
      await expect(measuring).rejects.toMatchObject({ code: 'phone-storage-full' });
      expect(await onPhone(`ls ${models} 2>/dev/null`)).toBe('');
    } finally {
      await phone.freeDisk();
    }
  }, 300_000);
});
