import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

  it.each([
    [['--to', 'onnx', '--out', 'a.tflite'], 'ends like a file of tflite'],
    [['--io', 'int8', '--out', 'a.tflite'], '--io int8 is for int8 files'],
    [['--data', '--inputs', 'x.npy', '--out', 'a.tflite'], 'named twice'],
    [['--percentile', '20', '--out', 'a.tflite'], 'It must be a number'],
    [['--to', 'coreml', '--out', 'a'], 'It must be tflite or onnx'],
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
