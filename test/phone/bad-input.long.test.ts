/**
 * What can be wrong with a phone, a model or a runner: each has a name, ends within its limit and leaves
 * nothing on the phone, in a search and for `zico measure` alike.
 */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../main/graph/builder.ts';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { lockPhone } from '../../main/phone/lock.ts';
import type { PhoneSettings } from '../../main/common/phone-settings.ts';
import { measuringSettings } from '../../main/phone/run-settings.ts';
import { writeFile } from './emulator/files.ts';
import { startPhone, type Phone } from './phone.ts';
import { commandRunner, failures, SearchBench, standIn } from './searches.ts';

let bench: SearchBench;
let phone: Phone;
let small: string;
let large: string;

beforeAll(async () => {
  bench = await SearchBench.start();
  phone = await startPhone({ model: 'SM-G973F', server: bench.server });
  small = modelFile('small', 8);
  large = modelFile('large', 1024);
}, 300_000);

beforeEach(async () => {
  phone.cool();
  phone.screen('on');
  phone.battery(80);
  phone.cable.restore();
  await phone.plug();
});

afterAll(async () => {
  await phone.stop();
  await bench.close();
});

/** Two convolutions, with 4 * 9 * 3 * width + 4 * width * 1024 bytes of weights. */
function modelFile(name: string, width: number): string {
  const builder = new GraphBuilder();
  const image = builder.image('image', [3, 8, 8]);
  const stem = builder.conv('stem', image, { inChannels: 3, outChannels: width, kernel: 3 });
  const wide = builder.conv('wide', stem, { inChannels: width, outChannels: 1024, kernel: 1 });
  const file = path.join(bench.folder, `${name}.onnx`);
  writeFileSync(file, writeDeployableOnnx(builder.build(name, [wide]), 1, ''));
  return file;
}

function measure(model: string, settings: PhoneSettings, serial = phone.address) {
  const { runner, tflite, command } = settings;
  return bench.workbench.measureOnPhone(
    { model, size: null },
    {
      ...{ serial, runner },
      runnerSettings: { tflite: tflite ?? undefined, command: command ?? undefined },
      settings: { ...measuringSettings(settings, null), referenceEvery: 0 },
    },
    {},
  );
}

/** A search of eight candidates on that runner. */
const search = (name: string, settings: PhoneSettings, on = phone) =>
  bench.search(name, { ...settings, serials: [on.address] });

describe('a model larger than the room on the phone', () => {
  it('fails by name, those that fit are measured, and so it is for zico measure', async () => {
    // Little more than the 16 MB that are always left free.
    const dataBytes = 17_180_000;
    await using narrow = await startPhone({ model: 'SM-G973F', server: bench.server, dataBytes });
    const { status, candidates } = await search('room', standIn, narrow);
    expect(status).toBe('finished');
    const failed = failures(candidates);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(8);
    expect(new Set(failed)).toEqual(new Set(['phone-storage-full']));
    await expect(measure(large, standIn, narrow.address)).rejects.toMatchObject({
      code: 'phone-storage-full',
      message: expect.stringContaining('MB') as string,
    });
    const fits = await measure(small, standIn, narrow.address);
    expect(fits.measurement.medianMs).toBeGreaterThan(0);
    expect(await bench.leftOn(narrow)).toBe('');
  }, 120_000);
});

describe('a phone that is not fit to be measured on', () => {
  it.each([
    ['asleep', () => phone.screen('off'), 'phone-asleep'],
    ['locked', () => phone.screen('locked'), 'phone-locked'],
    ['with a battery below 15 %', () => phone.battery(14), 'phone-battery-low'],
    ['hot', () => phone.heat(50), 'phone-hot'],
  ] as const)(
    '%s: the limit of the wait ends both, with what to do',
    async (name, begin, code) => {
      begin();
      const impatient = { ...standIn, waitSeconds: 0.5 };
      const searched = await search(code, impatient);
      expect(searched).toMatchObject({ status: 'failed', code, candidates: [] });
      expect(searched.error?.hint).not.toBe('');
      expect(searched.heard).toContainEqual(
        expect.objectContaining({ state: 'waiting', limitMs: 500 }),
      );
      await expect(measure(small, impatient)).rejects.toMatchObject({ code });
      expect(await bench.leftOn(phone)).toBe('');
      expect(name).toBeTruthy();
    },
    60_000,
  );

  it('of another architecture: named, before anything is put there', async () => {
    const properties = 'system/emulator/properties';
    const text = readFileSync(path.join(phone.root, properties), 'utf8');
    writeFile(phone.root, properties, text.replaceAll('arm64-v8a', 'armeabi-v7a'));
    try {
      const code = 'wrong-architecture';
      expect(await search('armv7', standIn)).toMatchObject({ code, candidates: [] });
      await expect(measure(small, standIn)).rejects.toMatchObject({
        code,
        message: expect.stringContaining('armeabi-v7a') as string,
      });
    } finally {
      writeFile(phone.root, properties, text);
    }
    expect(await bench.leftOn(phone)).toBe('');
  }, 60_000);

  it('in use by a search, for a search and for zico measure', async () => {
    const lock = lockPhone(phone.serial, 'mine.zico');
    const inUse = {
      code: 'phone-in-use',
      message: expect.stringContaining('mine.zico') as string,
    };
    try {
      await expect(search('second', standIn)).rejects.toMatchObject(inUse);
      await expect(measure(small, standIn)).rejects.toMatchObject(inUse);
    } finally {
      lock.release();
    }
    expect((await measure(small, standIn)).serial).toBe(phone.address);
  }, 60_000);
});

describe('a runner', () => {
  it('that the system kills fails its candidate alone', async () => {
    const killed = commandRunner(
      's=$(stat -c %s {model}); [ $s -gt 400000 ] && kill -9 $$; echo "took $s us"',
    );
    const { status, candidates } = await search('killed', killed);
    expect(status).toBe('finished');
    const failed = failures(candidates);
    expect(new Set(failed)).toEqual(new Set(['runner-killed']));
    expect(failed.length).toBeLessThan(8);
    await expect(measure(modelFile('killed', 128), killed)).rejects.toMatchObject({
      code: 'runner-killed',
    });
    expect(await bench.leftOn(phone)).toBe('');
  }, 120_000);

  it('that prints no latency is named, with what it printed', async () => {
    const silent = commandRunner('echo hello {model}');
    const code = 'runner-no-latency';
    const outcome = await search('silent', silent);
    expect(outcome).toMatchObject({ status: 'failed', code, candidates: [] });
    expect(outcome.error?.message).toContain('hello');
    await expect(measure(small, silent)).rejects.toMatchObject({ code });
    // And for single models only.
    const moody = commandRunner(
      's=$(stat -c %s {model}); [ $s -gt 400000 ] && exit 0; echo "took $s us"',
    );
    const some = await search('moody', moody);
    expect(some.status).toBe('finished');
    expect(failures(some.candidates)).toContain(code);
    expect(await bench.leftOn(phone)).toBe('');
  }, 120_000);

  it('that hangs ends at its limit', async () => {
    const hanging = commandRunner(
      's=$(stat -c %s {model}); [ $s -gt 400000 ] && sleep 600; echo "took $s us"',
    );
    const began = performance.now();
    await expect(
      measure(modelFile('hanging', 128), { ...hanging, runSeconds: 0.5 }),
    ).rejects.toMatchObject({ code: 'runner-timeout' });
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(await bench.onPhone(phone, 'ps -A -o ARGS | grep -c "sleep 60[0]"')).toBe('0');
    expect(await bench.leftOn(phone)).toBe('');
  }, 60_000);

  it('for another processor is refused before it is pushed', async () => {
    const benchmark = path.join(bench.folder, 'benchmark_model');
    writeFileSync(benchmark, elfOf('x86-64'));
    chmodSync(benchmark, 0o755);
    const tflite = {
      ...{
        benchmark,
        converter: ['cp', '{onnx}', '{tflite}'],
        delegate: 'cpu' as const,
        flags: [],
        version: '2.17',
      },
      ...{ precision: 'float32', conversionLimitMs: 10_000 },
    };
    const wrong: PhoneSettings = { ...standIn, runner: 'tflite', command: null, tflite };
    await expect(measure(small, wrong)).rejects.toMatchObject({ code: 'wrong-architecture' });
    expect(await search('x86', wrong)).toMatchObject({ code: 'wrong-architecture' });
    expect(await bench.onPhone(phone, 'find /data/local/tmp -name benchmark_model')).toBe('');
  }, 60_000);
});

describe('zico measure', () => {
  it('says what is wrong and what to do, as exit code and in words', async () => {
    phone.screen('off');
    const cli = path.join(import.meta.dirname, '../../main/cli.ts');
    const words = ['measure', small, '--latency', `phone:${phone.address}`, '--wait-limit', '1s'];
    const runner = ['--runner', 'command', '--runner-version', '1', '--unit', 'us'];
    const line = ['--command', 'echo took 5 us for {model}', '--pattern', 'took ([0-9]+)'];
    const failed = await promisify(execFile)(
      process.execPath,
      [cli, ...words, ...runner, ...line],
      { env: bench.server.env },
    ).catch((error: unknown) => error as { code: number; stderr: string });
    expect(failed).toMatchObject({ code: 2 });
    expect(failed.stderr).toContain('waiting: The phone is asleep.');
    expect(failed.stderr).toContain('Wake the phone and unlock it');
  }, 60_000);
});

/** The first bytes of a program of this computer. */
function elfOf(processor: 'x86-64'): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46, 0);
  header[4] = 2;
  header.writeUInt16LE({ 'x86-64': 62 }[processor], 18);
  return header;
}
