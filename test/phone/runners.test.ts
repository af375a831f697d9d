/**
 * Runners beside the usual one, on the emulated phone: TensorFlow Lite's benchmark program (a stand-in that
 * speaks like it), a command of the person's own, and what the product's own runner says of bad models.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { readConditions } from '../../main/phone/conditions.ts';
import type { PhoneMeasurement } from '../../main/latency/phone-measurement.ts';
import type { MeasuredModel, PhoneModel } from '../../main/phone/measurement.ts';
import type { Phones } from '../../main/phone/phones.ts';
import { openMeasuringSession } from '../../main/phone/protocol/session.ts';
import type { PhoneSettings } from '../../main/common/phone-settings.ts';
import { measuringSettings } from '../../main/phone/run-settings.ts';
import { runnersFor } from '../../main/phone/runners/index.ts';
import { selfTestGraph } from '../../main/phone/runners/self-test.ts';
import { startPhone, type Phone } from './phone.ts';
import { few, SearchBench, standIn } from './searches.ts';
import { buildStandIn } from './stand-in.ts';
import type { Known } from '../../main/common/known.ts';

const run = promisify(execFile);
const cli = path.join(import.meta.dirname, '../../main/cli.ts');

let bench: SearchBench;
let phone: Phone;
let phones: Phones;
let benchmark: string;
let converter: string;
let model: string;

beforeAll(async () => {
  bench = await SearchBench.start();
  phone = await startPhone({ model: 'SM-G973F', server: bench.server });
  phones = bench.workbench.openPhones({ file: null, port: bench.server.port });
  benchmark = await buildStandIn(bench.folder);
  converter = path.join(bench.folder, 'convert.mjs');
  writeFileSync(
    converter,
    `import { readFileSync, writeFileSync } from 'node:fs';
const [onnx, tflite] = process.argv.slice(2);
writeFileSync(tflite, Buffer.concat([Buffer.from('\\0\\0\\0\\0TFL3'), readFileSync(onnx)]));
`,
  );
  model = path.join(bench.folder, 'model.onnx');
  writeFileSync(model, writeDeployableOnnx(selfTestGraph(), 1, ''));
}, 300_000);

afterAll(async () => {
  await phones.close();
  await phone.stop();
  await bench.close();
});

/** @returns what `zico` printed, read as JSON */
async function zico(...words: readonly string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [cli, ...words, '--json'], {
    env: bench.server.env,
  });
  return JSON.parse(stdout);
}

const tflite = () => ({
  ...{ benchmark, converter: [process.execPath, converter, '{onnx}', '{tflite}'] },
  ...{ delegate: 'cpu' as const, flags: ['--use_xnnpack=true'], version: '2.17' },
  precision: 'float32',
  conversionLimitMs: 30_000,
});

describe('benchmark_model of TensorFlow Lite', () => {
  it('measures in a search: converted here, pushed once, pinned, one average a repeat', async () => {
    const settings: PhoneSettings = {
      ...{ ...few, runner: 'tflite', tflite: tflite(), runs: 5, repeats: 2 },
    };
    const { status, candidates } = await bench.search('tflite', settings);
    expect(status).toBe('finished');
    expect(candidates).toHaveLength(8);
    for (const one of candidates) {
      if (one.status !== 'evaluated') throw new Error(one.failure.message);
      expect(one.latency?.conditions).toMatchObject({
        ...{ source: 'phone', runner: 'tflite', engineVersion: '2.17', precision: 'float32' },
        phone: { engine: 'tensorflow-lite', provider: '--use_xnnpack=true', mask: 0xc0 },
      });
      const { repeats } = one.latency!.measurement!;
      for (const repeat of repeats) {
        expect(repeat.latenciesMs).toHaveLength(1);
        expect(repeat.latenciesMs[0]).toBeGreaterThan(0);
        expect(repeat.firstMs).toBeGreaterThan(0);
        expect(repeat.loadMs).toBeGreaterThan(0);
      }
    }
    expect(await bench.leftOn(phone)).toBe('');
    const runtime = '/data/local/tmp/zico-workbench/runtime';
    expect(await bench.onPhone(phone, `ls ${runtime}/tflite-*`)).toBe('benchmark_model');
  }, 120_000);

  it('measures one model for zico measure', async () => {
    const words = ['--runner', 'tflite', '--benchmark-model', benchmark, '--runs', '5'];
    const own = ['--converter', `${process.execPath} ${converter} {onnx} {tflite}`];
    const value = (await zico(
      ...['measure', model, '--latency', `phone:${phone.address}`, ...words, ...own],
      ...['--runner-version', '2.17', '--benchmark-flag=--use_gpu=true', '--repeats', '1'],
    )) as { measurement: PhoneMeasurement };
    expect(value.measurement).toMatchObject({
      runner: { name: 'tflite', version: '2.17', provider: '--use_gpu=true', proof: 'ran' },
    });
    expect(value.measurement.medianMs).toBeGreaterThan(0);
  }, 60_000);

  it('needs no converter: int8 and float16 files of the Workbench, and the newer lines', async () => {
    const own = { ...tflite(), converter: null, flags: ['--newer_lines=true'] };
    const settings: PhoneSettings = {
      ...{ ...few, runner: 'tflite', tflite: own, runs: 5, repeats: 2 },
    };
    for (const latencyPrecision of ['int8', 'float16'] as const) {
      const name = `written-${latencyPrecision}`;
      const { status, candidates } = await bench.search(name, settings, {
        settings: { latencyPrecision },
      });
      expect(status).toBe('finished');
      for (const one of candidates) {
        if (one.status !== 'evaluated') throw new Error(one.failure.message);
        const { latency } = one;
        expect(latency?.conditions).toMatchObject({
          runner: 'tflite',
          precision: latencyPrecision,
        });
        const { repeats } = latency!.measurement!;
        expect(repeats.every(({ loadMs }) => loadMs === null)).toBe(true);
      }
    }
    expect(await bench.leftOn(phone)).toBe('');
  }, 180_000);

  it('says how much its delegate took, and is refused where that took nothing', async () => {
    const words = ['--runner', 'tflite', '--benchmark-model', benchmark, '--runs', '5'];
    const asked = (...more: readonly string[]) =>
      zico(
        ...['measure', model, '--latency', `phone:${phone.address}`, ...words],
        ...['--runner-version', '2.17', '--repeats', '1', ...more],
      );
    const { measurement } = (await asked('--delegate', 'gpu')) as { measurement: PhoneMeasurement };
    expect(measurement.runner.provider).toBe('gpu');
    expect(measurement.placement).toMatchObject({ on: 'gpu', nodes: 20, placed: 18, pieces: 2 });
    for (const delegate of ['nnapi', 'hexagon']) {
      await expect(asked('--delegate', delegate)).rejects.toMatchObject({
        stdout: expect.stringContaining(`The delegate ${delegate} did not take`) as string,
      });
    }
  }, 120_000);

  it('whose converter fails is refused with what the converter said', async () => {
    const broken = path.join(bench.folder, 'broken.mjs');
    writeFileSync(broken, "console.error('no such layer: Hardswish'); process.exit(3);\n");
    const settings: PhoneSettings = {
      ...few,
      runner: 'tflite',
      tflite: { ...tflite(), converter: [process.execPath, broken, '{onnx}', '{tflite}'] },
    };
    const { code, error, candidates } = await bench.search('unconverted', settings);
    expect({ code, candidates }).toEqual({ code: 'conversion-failed', candidates: [] });
    expect(error?.message).toContain('no such layer: Hardswish');
    expect(await bench.leftOn(phone)).toBe('');
  }, 60_000);
});

describe("a command of the person's own", () => {
  it('measures in a search from the command line, and is part of every latency', async () => {
    await bench.server.adb('-s', phone.address, 'push', benchmark, '/data/local/tmp/bench');
    const line =
      'cp {model} {model}.t && (printf "\\0\\0\\0\\0TFL3" >{model}.t; cat {model} >>{model}.t;' +
      ' /data/local/tmp/bench --graph={model}.t --num_runs={runs} --warmup_runs={warmup});' +
      ' rm {model}.t';
    const run = bench.run('command');
    const value = await zico(
      ...['search', '--latency', `phone:${phone.address}`, '--run', run, '--batch-size', '4'],
      ...['--population', '4', '--candidates', '4', '--max-macs', '20M', '--runs', '3'],
      ...['--repeats', '1', '--runner', 'command', '--command', line, '--unit', 'us'],
      ...['--pattern', 'Inference \\(avg\\): ([0-9.e+]+)', '--runner-engine', 'own'],
      ...['--runner-version', '7', '--runner-precision', 'int8'],
    );
    expect(value).toMatchObject({ evaluated: 4, failed: 0 });
    const stored = bench.workbench.openRunReadOnly(run);
    for (const one of stored.candidates()) {
      if (one.status !== 'evaluated') throw new Error(one.failure.message);
      expect(one.latency?.latencyMs).toBeGreaterThan(0);
      expect(one.latency?.conditions).toMatchObject({
        ...{ runner: 'command', engineVersion: '7', precision: 'int8', phone: { engine: 'own' } },
      });
    }
    stored.close();
    expect(await bench.leftOn(phone)).toBe('');
  }, 120_000);
});

describe("the product's own runner", () => {
  async function measure(
    models: readonly PhoneModel[],
    settings: PhoneSettings,
  ): Promise<readonly MeasuredModel[]> {
    const device = await phones.device(phone.address);
    const session = await openMeasuringSession(device, {
      runners: runnersFor(settings.runner),
      settings: { ...measuringSettings(settings, null), referenceEvery: 0 },
      readConditions: (signal, brief) =>
        readConditions(device, { ...(signal && { signal }), ...(brief && { brief }) }),
    });
    try {
      return await session.measure(models);
    } finally {
      await session.close();
    }
  }

  function written(name: string, bytes: Uint8Array): PhoneModel {
    const file = path.join(bench.folder, name);
    writeFileSync(file, bytes);
    return { path: file, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  it('names an operator that the engine lacks, and measures the model beside it', async () => {
    const good = writeDeployableOnnx(selfTestGraph(), 1, '');
    const text = Buffer.from(good).toString('latin1').replaceAll('Relu', 'Rolu');
    const [bad, fine] = (await measure(
      [written('bad.onnx', Buffer.from(text, 'latin1')), written('good.onnx', good)],
      few,
    )) as Known<MeasuredModel>;
    expect(bad).toMatchObject({ ok: false, failure: { code: 'operator-not-supported' } });
    expect(fine.ok).toBe(true);
    expect(await bench.leftOn(phone)).toBe('');
  }, 120_000);

  it('that the system kills while it measures says so, and leaves nothing', async () => {
    const one = written('killed.onnx', writeDeployableOnnx(selfTestGraph(), 1, ''));
    const measuring = measure([one], { ...few, runs: 100_000, runSeconds: 60 });
    let found = '';
    while (found === '') {
      found = await bench.onPhone(phone, 'pgrep -f -- "--runs 10000[0]"');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await bench.onPhone(phone, `kill -9 ${found.split('\n').join(' ')}`);
    const [killed] = await measuring;
    expect(killed).toMatchObject({ ok: false, failure: { code: 'runner-killed' } });
    expect(await bench.leftOn(phone)).toBe('');
  }, 120_000);

  it('measures a stored candidate again with the same runner, while nobody else may', async () => {
    const first = await bench.search('again', standIn, { settings: { generations: 1 } });
    const again = first.candidates.find((one) => one.status === 'evaluated');
    if (again?.status !== 'evaluated') throw new Error('None was measured.');
    const stored = bench.workbench.openRunReadOnly(bench.run('again'));
    const info = stored.info();
    stored.close();
    const states: string[] = [];
    const latency = await bench.workbench.measureAgain(info, again, new AbortController().signal, {
      onPhones: ([phone]) => states.push(`${phone?.serial} ${phone?.state}`),
    });
    expect(latency.latencyMs).toBe(again.latency?.latencyMs); // the stand-in counts bytes
    expect(latency.conditions).toEqual(again.latency?.conditions);
    expect(states).toContain(`${phone.address} measuring`);
    expect(await bench.leftOn(phone)).toBe('');
  }, 120_000);
});
