import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usualRanges } from '../../../../main/common/quantising.ts';
import { convert } from '../../../../main/export/convert/convert.ts';
import { Differences } from '../../../../main/export/convert/report.ts';
import type { ConvertProgress, ConvertRequest } from '../../../../main/export/convert/request.ts';
import { writeDeployableOnnx } from '../../../../main/graph/onnx/write.ts';
import { npyBytes } from '../../../support/array-files.ts';
import { sameConv, Sketch } from '../../../support/sketch.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'zico-convert-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const image = [3, 8, 8] as const;

/** @param weight of its only convolution */
function requestOf(weight: number, changes: Partial<ConvertRequest> = {}): ConvertRequest {
  const sketch = new Sketch(1, image);
  const weights = sketch.weights('w', [4, 3, 1, 1], new Float32Array(12).fill(weight));
  const y = sketch.node('Conv', ['image', weights], sameConv);
  const model = path.join(folder, 'model.onnx');
  writeFileSync(model, writeDeployableOnnx(sketch.graph([y]), 1, 'test'));
  const inputs = path.join(folder, 'images.npy');
  writeFileSync(
    inputs,
    npyBytes('<f4', [8, ...image], (i) => (i % 7) - 3),
  );
  return {
    ...{ model, inputs, out: path.join(folder, 'out.tflite') },
    ...{ target: 'tflite', precision: 'int8', data: null, images: 64, seed: 1, size: null },
    ...{ ...usualRanges, io: 'float32', threads: 1, productVersion: 'test' },
    ...{ assetsFolder: '', ...changes },
  };
}

describe('convert', { timeout: 60_000 }, () => {
  it('tells how far it is, also while weights are rounded', async () => {
    const told: ConvertProgress[] = [];
    await convert(requestOf(1), (progress) => told.push(progress));
    const doing = [...new Set(told.map((one) => one.doing))];
    expect(doing).toEqual(['reading', 'calibrating', 'rounding weights', 'checking']);
    const shares = told.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it('says that nothing can be compared where the model itself gives what is not finite', async () => {
    const request = requestOf(3e38, { precision: 'float32' });
    const { output, why, layers } = await convert(request, () => undefined);
    expect(output).toBeNull();
    expect(why).toContain('what the model itself gives there is not finite');
    expect(layers).toEqual([]);
  });

  it('names a value that is not finite on the images, and writes nothing', async () => {
    await expect(convert(requestOf(3e38), () => undefined)).rejects.toMatchObject({
      code: 'calibration-not-finite',
    });
    expect(readdirSync(folder).toSorted()).toEqual(['images.npy', 'model.onnx']);
  });
});

describe('decibels', () => {
  it('are a number where there is noise without a signal, and none where nothing differs', () => {
    const noisy = new Differences();
    noisy.add(Float32Array.of(0, 0), Float32Array.of(0, 1));
    expect(noisy.closeness.sqnrDb).toBe(-200);
    const same = new Differences();
    same.add(Float32Array.of(0, 1), Float32Array.of(0, 1));
    expect(same.closeness.sqnrDb).toBeNull();
  });
});
