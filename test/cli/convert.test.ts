import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConvertReport } from '../../main/export/convert/report.ts';
import { npyBytes } from '../support/array-files.ts';
import { run } from './fake-workbench.ts';

const cases = path.join(import.meta.dirname, '../golden/int8/nats');
const model = path.join(cases, 'model.onnx');
const inputs = path.join(cases, 'heldout.npy');

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'zico-convert-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('zico convert', { timeout: 60_000 }, () => {
  it('writes an int8 file with images that calibrate it, and says so', async () => {
    const out = path.join(folder, 'a.tflite');
    const args = ['convert', model, '--precision', 'int8', '--inputs', inputs, '--out', out];
    const { code, stdout } = await run([...args, '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    const bytes = await readFile(out);
    expect(bytes.subarray(4, 8).toString()).toBe('TFL3');
    expect(report).toMatchObject({
      ...{ model, out, precision: 'int8', inFloat: [] },
      bytes: { out: bytes.length },
      images: { calibrating: 6, checking: 2 },
    });
  });

  it('writes int8 for ONNX Runtime, by the ending of the file, with images that are drawn', async () => {
    const out = path.join(folder, 'a.onnx');
    const args = ['convert', model, '--precision', 'int8', '--data', '--images', '16', '--json'];
    const { code, stdout } = await run([...args, '--ranges', 'percentile', '--out', out]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { output: { sqnrDb: number } };
    expect(report).toMatchObject({
      ...{ target: 'onnx', precision: 'int8', inFloat: [] },
      images: { calibrating: 12, checking: 4 },
    });
    expect(report.output.sqnrDb).toBeGreaterThan(20);
    expect((await readFile(out)).length).toBeLessThan(200_000);
  });

  it('writes float files for ONNX Runtime, whose weights may be halves', async () => {
    const sizes: number[] = [];
    for (const precision of ['float32', 'float16']) {
      const out = path.join(folder, `${precision}.onnx`);
      const args = ['convert', model, '--precision', precision, '--inputs', inputs, '--json'];
      const { code, stdout } = await run([...args, '--out', out]);
      expect(code).toBe(0);
      const { output } = JSON.parse(stdout) as { output: { firstClassAgreement: number } };
      expect(output.firstClassAgreement).toBe(1);
      sizes.push((await readFile(out)).length);
    }
    expect(sizes[1]).toBeLessThan(0.6 * sizes[0]!);
  });

  it('takes a model in half precision', async () => {
    const [half, out] = [path.join(folder, 'half.onnx'), path.join(folder, 'a.tflite')];
    await run(['convert', model, '--precision', 'float16', '--out', half]);
    const { code, stdout } = await run([
      ...['convert', half, '--inputs', inputs, '--out', out, '--json'],
    ]);
    expect(code).toBe(0);
    const { output, storedAs } = JSON.parse(stdout) as ConvertReport;
    expect(output!.firstClassAgreement).toBe(1);
    expect(storedAs).toBe('float16');
    const told = await run(['convert', half, '--out', out]);
    expect(told.stdout).toContain("The model's weights are stored as float16: it was computed");
    const plain = await run(['convert', model, '--out', out]);
    expect(plain.stdout).not.toContain('stored as');
  });

  it.each([
    [['--to', 'onnx', '--out', 'a.tflite'], 'ends like a file of tflite'],
    [['--io', 'int8', '--out', 'a.tflite'], '--io int8 is for int8 files'],
    [['--data', '--inputs', 'x.npy', '--out', 'a.tflite'], 'named twice'],
    [['--percentile', '20', '--out', 'a.tflite'], 'It must be a number'],
    [['--to', 'coreml', '--out', 'a'], 'It must be tflite or onnx'],
    [['--data', '--kind', 'voc', '--out', 'a.tflite'], '--kind says what --data is'],
    [['--inputs', inputs, '--images', '8', '--out', 'a.tflite'], 'of --inputs all are taken'],
    [['--seed', '8', '--out', 'a.tflite'], '--seed is for images that are drawn'],
    [['--ranges', 'percentile', '--out', 'a.tflite'], '--ranges is for the ranges of int8'],
    [
      ['--precision', 'int8', '--data', '--percentile', '99', '--out', 'a.tflite'],
      '--percentile is for --ranges percentile',
    ],
  ])('refuses %j', async (args, said) => {
    const { code, stderr } = await run(['convert', model, ...args]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(said);
  });

  it('writes float files without images', async () => {
    const out = path.join(folder, 'a.tflite');
    const { code, stdout } = await run(['convert', model, '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('Not checked: no images were left');
    expect(stdout).toContain('Add --data to have it compared');
    expect((await readFile(out)).length).toBeGreaterThan(200_000);
  });

  it('never replaces the model itself, whatever name it goes by', async () => {
    const own = path.join(folder, 'own.onnx');
    const bytes = await readFile(model);
    await writeFile(own, bytes);
    await symlink(own, path.join(folder, 'other.onnx'));
    for (const name of ['own.onnx', 'other.onnx']) {
      const out = path.join(folder, name);
      const { code, stderr } = await run(['convert', own, '--precision', 'float16', '--out', out]);
      expect(code).not.toBe(0);
      expect(stderr).toContain('is the model that is to be converted');
    }
    expect((await readFile(own)).equals(bytes)).toBe(true);
  });

  it('names what never varied on the images, which leaves int8 no range for others', async () => {
    const out = path.join(folder, 'a.tflite');
    const black = path.join(folder, 'black.npy');
    await writeFile(
      black,
      npyBytes('<f4', [4, 3, 32, 32], () => 0),
    );
    const args = ['convert', model, '--precision', 'int8', '--inputs', black, '--out', out];
    const { stdout } = await run(args);
    expect(stdout).toContain('1 value was one and the same number');
    expect(stdout).toContain('cut off there: input.');
    const { unvarying } = JSON.parse((await run([...args, '--json'])).stdout) as ConvertReport;
    expect(unvarying).toEqual(['input']);
  });

  it('speaks of a single image as of one', async () => {
    const [out, single] = ['a.tflite', 'one.npy'].map((name) => path.join(folder, name));
    await writeFile(
      single!,
      npyBytes('<f4', [1, 3, 32, 32], () => 0.5),
    );
    const args = ['convert', model, '--precision', 'int8', '--inputs', single!, '--out', out!];
    const { stdout } = await run(args);
    expect(stdout).toContain('Calibrated with 1 image.');
    expect(stdout).toContain('no images were left to check it with. Two images or more would be.');
  });

  it('refuses images with numbers that are not finite, also where they would only check', async () => {
    const out = path.join(folder, 'a.tflite');
    const odd = path.join(folder, 'odd.npy');
    const last = 4 * 3 * 32 * 32 - 1;
    await writeFile(
      odd,
      npyBytes('<f4', [4, 3, 32, 32], (i) => (i === last ? Infinity : 0.5)),
    );
    const { code, stderr } = await run(['convert', model, '--inputs', odd, '--out', out]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`Some numbers in ${odd} are not finite`);
    const there = await run(['convert', model, '--inputs', folder, '--out', out]);
    expect(there.stderr).toContain(`${folder} is a folder, not a file`);
    await expect(readFile(out)).rejects.toThrow();
  });

  it('names what is missing or does not fit', async () => {
    const out = path.join(folder, 'a.tflite');
    const int8 = ['convert', model, '--precision', 'int8', '--out', out];
    expect((await run(int8)).stderr).toContain('int8 needs images');
    const labels = path.join(cases, 'float_output.npy');
    expect((await run([...int8, '--inputs', labels])).stderr).toContain(
      'the network takes float32 of N x 3 x 32 x 32',
    );
    const text = path.join(folder, 'x.onnx');
    await writeFile(text, 'no model');
    expect((await run(['convert', text, '--out', out])).stderr).toContain('is not an ONNX model');
    await expect(readFile(out)).rejects.toThrow();
  });
});
