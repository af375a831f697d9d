import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHash } from 'node:crypto';
import { waitingModel, withModelFiles } from '../../../../main/phone/pool/model-files.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { temporaryFolder } from '../../child/children.ts';

const network = spaceNamed('nats-sss').baselines[0]!;
const kind = { format: 'onnx', precision: 'float32' } as const;

describe('a model that waits for a phone', () => {
  it.each([
    ['onnx', 'float32', 'before'],
    ['onnx', 'int8', 'other'],
    ['tflite', 'float32', 'other'],
    ['tflite', 'float16', 'other'],
    ['tflite', 'int8', 'other'],
  ] as const)('is a file of %s in %s, always the same', (format, precision, than) => {
    const usual = waitingModel(network.decode(), kind);
    const asked = waitingModel(network.decode(), { format, precision });
    expect(asked.sha256).toBe(waitingModel(network.decode(), { format, precision }).sha256);
    expect(asked.sha256 === usual.sha256).toBe(than === 'before');
    const start = Buffer.from(asked.bytes().subarray(4, 8)).toString('latin1');
    expect(start === 'TFL3').toBe(format === 'tflite');
  });

  it('that is not understood runs as its file has it, and in no other form', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(waitingModel(bytes, kind).bytes()).toBe(bytes);
    for (const other of [
      { format: 'tflite', precision: 'float32' },
      { format: 'onnx', precision: 'int8' },
    ] as const) {
      expect(() => waitingModel(bytes, other)).toThrow(/as its file has it/);
    }
  });

  it('is a file of the very bytes of its digest while somebody uses it, and none before and after', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const model = waitingModel(network.decode(), kind);
    expect(readdirSync(folder)).toEqual([]);
    const seen = await withModelFiles([model, model], async (files) => {
      expect(files.map(({ sha256 }) => sha256)).toEqual([model.sha256, model.sha256]);
      for (const file of files) {
        const bytes = readFileSync(file.path);
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(model.sha256);
      }
      return files.map((file) => file.path);
    });
    expect(new Set(seen).size).toBe(2);
    expect(seen.some((file) => existsSync(file))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves no file behind where measuring fails, and says where none can be written', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const model = waitingModel(network.decode(), kind);
    const failing = withModelFiles([model], () => Promise.reject(new Error('the phone is gone')));
    await expect(failing).rejects.toThrow('the phone is gone');
    expect(readdirSync(folder)).toEqual([]);
    vi.stubEnv('TMPDIR', path.join(folder, 'nowhere'));
    const unwritten = withModelFiles([model], async () => undefined);
    await expect(unwritten).rejects.toMatchObject({ code: 'model-file' });
  });
});
