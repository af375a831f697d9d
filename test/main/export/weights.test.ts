import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseFormats } from '../../../main/export/formats.ts';
import { npz } from '../../../main/export/npz.ts';
import { safetensors } from '../../../main/export/safetensors.ts';

const tensors = [
  { name: 'a.weight', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 4, 5, 6e-30) },
  { name: 'ünusual "name"', shape: [1], data: Float32Array.of(7) },
  { name: 'scalar', shape: [], data: Float32Array.of(-0.25) },
];

it('safetensors: numbers lie where the header says, aligned to 8 bytes', () => {
  const name = fc
    .string({ minLength: 1 })
    .filter((text) => text !== '__metadata__' && text !== '__proto__');
  const tensor = fc.tuple(name, fc.float32Array({ maxLength: 9 }));
  fc.assert(
    fc.property(fc.uniqueArray(tensor, { selector: ([key]) => key, maxLength: 5 }), (named) => {
      const all = named.map(([key, data]) => ({ name: key, shape: [data.length], data }));
      const file = safetensors(all, { format: 'pt' });
      const length = Number(new DataView(file.buffer).getBigUint64(0, true));
      expect((8 + length) % 8).toBe(0);
      const text = new TextDecoder().decode(file.subarray(8, 8 + length));
      const header = JSON.parse(text) as Record<string, { data_offsets: [number, number] }>;
      for (const { name: key, data } of all) {
        const [from, to] = header[key]!.data_offsets;
        const bytes = file.slice(8 + length + from, 8 + length + to);
        expect(new Float32Array(bytes.buffer)).toEqual(data);
      }
      expect(file.length).toBe(
        8 + length + 4 * all.reduce((sum, { data }) => sum + data.length, 0),
      );
    }),
  );
});

it('npz: NumPy reads the same numbers, and a zip tool finds no fault', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-npz-'));
  try {
    const file = path.join(folder, 'w.npz');
    writeFileSync(file, npz(tensors));
    const script =
      'import json,sys,zipfile,numpy as n; f=sys.argv[1]; assert zipfile.ZipFile(f).testzip() is None; ' +
      'print(json.dumps([[k, list(v.shape), v.ravel().tolist()] for k, v in n.load(f).items()]))';
    const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
    const read = JSON.parse(
      execFileSync(python, ['-c', script, file], { encoding: 'utf8' }),
    ) as unknown;
    expect(read).toEqual(tensors.map(({ name, shape, data }) => [name, shape, [...data]]));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('formats: the module brings its weights, and figures are always there', () => {
  expect(parseFormats('pytorch')).toEqual(['pytorch', 'safetensors', 'json']);
  expect(parseFormats('npz, onnx')).toEqual(['onnx', 'npz', 'json']);
  expect(parseFormats('all')).toHaveLength(6);
  expect(parseFormats('training')).toEqual(['pytorch', 'safetensors', 'json', 'training']);
  expect(parseFormats('all,training')).toHaveLength(7);
  expect(parseFormats('tflite-float16,onnx')).toEqual(['onnx', 'json', 'tflite-float16']);
  expect(() => parseFormats('onnx,pickle')).toThrow(
    expect.objectContaining({ code: 'bad-arguments' }),
  );
});
