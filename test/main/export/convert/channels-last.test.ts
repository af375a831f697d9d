/** Models as TensorFlow's exporters write them: what is converted takes and gives what the model does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usualRanges } from '../../../../main/common/quantising.ts';
import { createSession } from '../../../../main/engine/onnxruntime/session.ts';
import { convert } from '../../../../main/export/convert/convert.ts';
import type { ConvertRequest } from '../../../../main/export/convert/request.ts';
import { npyBytes } from '../../../support/array-files.ts';
import { encodeForeign, floats, ints, type ForeignNode } from '../../../support/foreign-onnx.ts';
import { difference, pictureOf, runInTflite, type Output } from '../../../support/tflite.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'zico-last-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const turn = (input: string, output: string, perm: number[]): ForeignNode => ({
  ...{ opType: 'Transpose', input: [input], output: [output], attribute: [ints('perm', perm)] },
});

/** @param before what the images go through before they are turned to channels first */
function modelOf(input: readonly number[], before: readonly ForeignNode[]): Uint8Array {
  const isLast = input[3] === 3;
  const [x, turned] = [before.at(-1)?.output?.[0] ?? 'x', isLast ? 'turned' : 'x'];
  return encodeForeign({
    ...{ input, outputs: ['map', 'shares'] },
    initializers: [
      floats('w', [5, 3, 1, 1], [...pictureOf(15, 'weights')]),
      floats('gain', [3], [1, 2, 3]),
    ],
    nodes: [
      ...before,
      ...(isLast ? [turn(x, turned, [0, 3, 1, 2])] : []),
      { opType: 'Conv', input: [turned, 'w'], output: ['conv'] },
      turn('conv', 'map', [0, 2, 3, 1]),
      { opType: 'Softmax', input: ['map'], output: ['shares'] },
    ],
  });
}

const image = { shape: [1, 3, 5, 6], data: pictureOf(90, 'image') };
const last = {
  shape: [1, 5, 6, 3],
  data: Float32Array.from({ length: 90 }, (_, i) => image.data[(i % 3) * 30 + Math.floor(i / 3)]!),
};

async function run(model: Uint8Array, { shape, data }: Output): Promise<Output[]> {
  const session = await createSession(model, 1);
  try {
    const outputs = await session.run({ x: new Tensor('float32', data, shape) });
    return ['map', 'shares'].map((name) => {
      const { dims, data } = outputs[name]!;
      return { shape: dims, data: data as Float32Array };
    });
  } finally {
    await session.release();
  }
}

const scaled = { opType: 'Mul', input: ['x', 'gain'], output: ['scaled'] };
const cases: readonly [string, readonly number[], readonly ForeignNode[]][] = [
  ['images and maps last', [1, 5, 6, 3], []],
  ['images last and used before they are turned', [1, 5, 6, 3], [scaled]],
  ['maps alone last', [1, 3, 5, 6], []],
];

describe.each(cases)('a model with %s', { timeout: 60_000 }, (_name, input, before) => {
  const model = modelOf(input, before);
  const given = input[3] === 3 ? last : image;

  async function converted(changes: Pick<ConvertRequest, 'target' | 'precision'>) {
    const [file, out, inputs] = ['model.onnx', 'out', 'images.npy'].map((name) =>
      path.join(folder, name),
    ) as [string, string, string];
    writeFileSync(file, model);
    writeFileSync(
      inputs,
      npyBytes('<f4', [8, 3, 5, 6], (i) => image.data[i % 90]!),
    );
    const report = await convert(
      {
        ...{ model: file, out, inputs, data: null, images: 8, seed: 1, size: null },
        ...{ ...usualRanges, io: 'float32', threads: 1, productVersion: 'test' },
        ...{ assetsFolder: '', ...changes },
      },
      () => undefined,
    );
    return { report, bytes: readFileSync(out) };
  }

  it.each([
    ['float32', 1e-6],
    ['float16', 2e-3],
    ['int8', 0.03],
  ] as const)('gives the same in TensorFlow Lite, %s', async (precision, most) => {
    const { bytes, report } = await converted({ target: 'tflite', precision });
    expect(difference(runInTflite(bytes, image), await run(model, given))).toBeLessThan(most);
    expect(report.output!.sqnrDb).toBeGreaterThan(30);
    expect(report.output!.firstClassAgreement).toBeGreaterThan(0.9);
  });

  it.each([
    ['float32', 1e-6],
    ['float16', 2e-3],
    ['int8', 0.03],
  ] as const)('takes and gives the same as an ONNX model, %s', async (precision, most) => {
    const { bytes } = await converted({ target: 'onnx', precision });
    expect(difference(await run(bytes, given), await run(model, given))).toBeLessThan(most);
  });
});
