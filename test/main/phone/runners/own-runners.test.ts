/** Real arm64 code under qemu: the bundle with its own glibc, as it would go to a phone. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeDeployableOnnx } from '../../../../main/graph/onnx/write.ts';
import type { PhoneModel } from '../../../../main/phone/measurement.ts';
import { chooseRunner } from '../../../../main/phone/runners/choose.ts';
import { runnersFor } from '../../../../main/phone/runners/index.ts';
import { ownRunner } from '../../../../main/phone/runners/own-runners.ts';
import { selfTest, selfTestGraph } from '../../../../main/phone/runners/self-test.ts';
import { LocalDevice } from '../../../support/local-device.ts';

let device: LocalDevice;
let folder: string;
beforeEach(() => {
  device = new LocalDevice();
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-models-'));
});
afterEach(() => {
  device.remove();
  rmSync(folder, { recursive: true });
});

function model(bytes: Uint8Array): PhoneModel {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = path.join(folder, `${sha256}.onnx`);
  writeFileSync(file, bytes);
  return { path: file, sha256 };
}

const small = () => model(writeDeployableOnnx(selfTestGraph(), 1, 'a'));
const asked = { warmUp: 1, runs: 7, threads: 1, mask: 0xc0, limitMs: 60_000 };
const runner = ownRunner('ort-glibc-cpu', 'float32');
const modelsOnPhone = () => {
  const models = path.join(device.root, 'data/local/tmp/zico-workbench/models');
  return existsSync(models) ? readdirSync(models) : [];
};

describe('ONNX Runtime on a phone', () => {
  it('prints every latency, frequencies before and after, memory and outputs', async () => {
    const deployed = await runner.deploy(device);
    const one = small();
    await deployed.load(one);
    const report = await deployed.run({ model: one, ...asked });
    expect(report).toMatchObject({
      engine: 'onnxruntime',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      provider: 'cpu',
      precision: 'float32',
    });
    expect(report.latenciesMs).toHaveLength(7);
    expect(Math.min(...report.latenciesMs)).toBeGreaterThan(0);
    expect(report.firstMs).toBeGreaterThan(0);
    expect(report.loadMs).toBeGreaterThan(0);
    expect(report.maxRssKiB).toBeGreaterThan(1000);
    expect(report.involuntarySwitches).toBeGreaterThanOrEqual(0);
    expect(device.read('masks')).toBe('c0\n');
    await deployed.unload(one);
    expect(modelsOnPhone()).toEqual([]);
  }, 60_000);

  it('neither names the phone nor reports its use', async () => {
    const kept = mkdtempSync(path.join(device.root, 'kept-'));
    for (const name of ['HOME', 'TMPDIR', 'XDG_CACHE_HOME']) vi.stubEnv(name, kept);
    vi.stubEnv('ORT_DISABLE_TELEMETRY', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const deployed = await runner.deploy(device);
    const one = small();
    await deployed.load(one);
    await deployed.run({ model: one, ...asked });
    expect(readdirSync(kept)).toEqual([]);
  }, 60_000);

  it('pushes its runtime once per phone and a model once while it lies there', async () => {
    const deployed = await runner.deploy(device);
    const files = device.pushed.length;
    expect(files).toBeGreaterThan(8);
    await runner.deploy(device);
    expect(device.pushed).toHaveLength(files);
    const one = small();
    await deployed.load(one);
    await deployed.load(one);
    expect(device.pushed).toHaveLength(files + 1);
  }, 60_000);

  it('pushes a file again that was damaged on the phone', async () => {
    await runner.deploy(device);
    const file = device.pushed.find((pushed) => pushed.endsWith('/runner')) ?? '';
    device.write(file, 'damaged');
    device.pushed.length = 0;
    await runner.deploy(device);
    expect(device.pushed).toEqual([file]);
  }, 60_000);

  it('takes the runner that proves itself and says why the one before it did not', async () => {
    // This phone has no Android underneath: its linker is missing.
    const { identity } = await chooseRunner(device, runnersFor(null), {
      mask: 0xc0,
      limitMs: 60_000,
    });
    expect(identity).toMatchObject({ name: 'ort-glibc-cpu', proof: 'output-sum' });
    expect(identity.refused.map(({ name }) => name)).toEqual(['ort-android-cpu']);
    expect(modelsOnPhone()).toEqual([]);
  }, 120_000);

  it('says which stage failed', async () => {
    const deployed = await runner.deploy(device);
    const broken = model(new Uint8Array([1, 2, 3]));
    await deployed.load(broken);
    const failing = deployed.run({ model: broken, ...asked });
    await expect(failing).rejects.toMatchObject({ code: 'model-refused' });
  }, 60_000);

  it('names an operator that the engine lacks', async () => {
    const deployed = await runner.deploy(device);
    const text = Buffer.from(writeDeployableOnnx(selfTestGraph(), 1, 'a')).toString('latin1');
    const unknown = model(Buffer.from(text.replaceAll('Relu', 'Rolu'), 'latin1'));
    await deployed.load(unknown);
    const failing = deployed.run({ model: unknown, ...asked });
    await expect(failing).rejects.toMatchObject({
      code: 'operator-not-supported',
      message: expect.stringContaining('Rolu') as string,
    });
  }, 60_000);

  it('ends by itself at its limit', async () => {
    const deployed = await runner.deploy(device);
    const one = small();
    await deployed.load(one);
    const endless = deployed.run({ model: one, ...asked, runs: 1_000_000, limitMs: 1000 });
    await expect(endless).rejects.toMatchObject({ code: 'runner-timeout' });
  }, 60_000);

  it('says that the phone killed it', async () => {
    const deployed = await runner.deploy(device);
    const one = small();
    await deployed.load(one);
    device.program('taskset', 'kill -9 $$');
    const killed = deployed.run({ model: one, ...asked });
    await expect(killed).rejects.toMatchObject({ code: 'runner-killed' });
  }, 60_000);

  it('refuses a phone of another architecture before pushing anything', async () => {
    device.write('property.ro.product.cpu.abi', 'armeabi-v7a\n');
    await expect(runner.probe(device)).rejects.toMatchObject({ code: 'wrong-architecture' });
    expect(device.pushed).toEqual([]);
  });

  it('refuses a model that is larger than what is free', async () => {
    const deployed = await runner.deploy(device);
    device.program(
      'df',
      'echo "Filesystem 1K-blocks Used Available Use% Mounted on"; echo "x 9 9 100 9% /data"',
    );
    await expect(deployed.load(small())).rejects.toMatchObject({ code: 'phone-storage-full' });
    expect(modelsOnPhone()).toEqual([]);
  }, 60_000);

  it('says how to build what is not there', async () => {
    const nowhere = ownRunner('ort-glibc-cpu', 'float32', path.join(folder, 'nothing'));
    await expect(nowhere.probe(device)).rejects.toMatchObject({
      code: 'runner-not-built',
      hint: expect.stringContaining('npm run build:runner') as string,
    });
  });

  it.each(['float32', 'float16', 'int8'] as const)(
    'TensorFlow Lite runs files of %s, gets their sums right and says where nodes ran',
    async (precision) => {
      const lite = ownRunner('tflite-glibc-cpu', precision);
      await lite.probe(device);
      const { identity, deployed } = await chooseRunner(device, [lite], {
        ...{ mask: 0xc0, limitMs: 60_000 },
      });
      expect(identity).toMatchObject({
        ...{ name: 'tflite-glibc-cpu', engine: 'tensorflow-lite', version: '2.9.0', precision },
        ...{ provider: 'xnnpack', proof: 'output-sum' },
      });
      const own = selfTest(lite.model);
      const file = path.join(folder, `${precision}.tflite`);
      writeFileSync(file, own.bytes);
      const model = { path: file, sha256: own.sha256 };
      await deployed.load(model);
      const report = await deployed.run({ model, ...asked, placement: true });
      await deployed.unload(model);
      expect(report.latenciesMs).toHaveLength(7);
      // XNNPACK of 2.9 has no parts of a value, which a grouped convolution is made of.
      const { nodes, placed, pieces, elsewhere } = report.placement!;
      expect(placed).toBeGreaterThan(nodes / 2);
      expect(pieces).toBeGreaterThan(1);
      expect(elsewhere.map(({ kind }) => kind)).toContain('SPLIT');
      expect(elsewhere.reduce((sum, { count }) => sum + count, 0)).toBe(nodes - placed);
    },
    60_000,
  );

  it.each(['float16', 'int8'] as const)(
    'ONNX Runtime runs files of %s',
    async (precision) => {
      const ort = ownRunner('ort-glibc-cpu', precision);
      const { identity } = await chooseRunner(device, [ort], { mask: 0xc0, limitMs: 60_000 });
      expect(identity).toMatchObject({ precision, proof: 'output-sum' });
    },
    60_000,
  );

  it('ONNX Runtime says where nodes ran when it is asked', async () => {
    const deployed = await runner.deploy(device);
    const one = small();
    await deployed.load(one);
    const report = await deployed.run({ model: one, ...asked, placement: true });
    await deployed.unload(one);
    expect(report.placement).toMatchObject({ on: 'cpu', pieces: 1, elsewhere: [] });
    expect(report.placement!.placed).toBe(report.placement!.nodes);
  }, 60_000);
});
