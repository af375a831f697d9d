import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usualRanges } from '../../../main/common/quantising.ts';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { Conversions } from '../../../main/electron/conversions.ts';
import type { Convert } from '../../../main/electron/convert-model.ts';
import type { Models } from '../../../main/electron/models.ts';
import type { ConvertReport } from '../../../main/export/convert/report.ts';

const report: ConvertReport = {
  ...{ model: '/m/deep.onnx', out: '', target: 'tflite', precision: 'int8' },
  bytes: { model: 400, out: 100 },
  images: { calibrating: 48, checking: 16 },
  output: { sqnrDb: 30, largestDifference: 0.1, firstClassAgreement: 1 },
  why: null,
  layers: [
    { layer: 'a', sqnrDb: 40, largestDifference: 1 },
    { layer: 'b', sqnrDb: 20, largestDifference: 1 },
    { layer: 'exact', sqnrDb: null, largestDifference: 0 },
  ],
  inFloat: [
    { node: 'x', kind: 'EXP' },
    { node: 'y', kind: 'EXP' },
  ],
  unvarying: ['input'],
  storedAs: 'float16',
  seconds: 1,
};
const conversion = { target: 'tflite', precision: 'int8', ranges: usualRanges } as const;

let folder: string;
let turn: ComputeTurn;
let asked: Parameters<Convert>[0][];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-conversions-'));
  turn = new ComputeTurn();
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function conversions(convert: Convert, source = 'pictures'): Conversions {
  const models = {
    inputs: '/mine.npy',
    list: () => ({
      settings: { images: source, data: '/photos', seed: 3, size: null },
      models: [{ id: 1, name: 'deep.onnx', path: '/m/deep.onnx' }],
    }),
  } as unknown as Models;
  return new Conversions({ convert, models, turn, progress: () => undefined });
}

describe('a model that is converted', () => {
  it('is written beside what is there, with the images of the page', async () => {
    writeFileSync(path.join(folder, 'deep-int8.tflite'), 'mine');
    const all = conversions((request) => {
      asked.push(request);
      return Promise.resolve({ ...report, out: request.out });
    });
    const made = await all.run(1, folder, conversion);
    expect(made?.file).toBe(path.join(folder, 'deep-int8 2.tflite'));
    expect(made?.worst.map(({ layer }) => layer)).toEqual(['b', 'a']);
    expect(made?.inFloat).toEqual([{ kind: 'EXP', count: 2 }]);
    expect(made?.unvarying).toEqual(['input']);
    expect(made?.storedAs).toBe('float16');
    expect(asked).toMatchObject([
      { model: '/m/deep.onnx', data: { path: '/photos' }, seed: 3, method: usualRanges.method },
    ]);
  });

  it('has the turn to compute while it lasts, and can be cancelled', async () => {
    const all = conversions(
      (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    );
    const running = all.run(1, folder, conversion);
    await expect(all.run(1, folder, conversion)).rejects.toMatchObject({
      code: 'model-being-converted',
    });
    all.cancel();
    expect(await running).toBeNull();
    turn.take('models')();
  });

  it('takes the array of the page, and noise only where no ranges are wanted', async () => {
    const convert: Convert = (request) => {
      asked.push(request);
      return Promise.resolve({ ...report, out: request.out });
    };
    await conversions(convert, 'arrays').run(1, folder, conversion);
    expect(asked[0]).toMatchObject({ inputs: '/mine.npy', data: null });
    const noise = conversions(convert, 'noise');
    await expect(noise.run(1, folder, conversion)).rejects.toMatchObject({
      code: 'no-calibration-data',
    });
    await noise.run(1, folder, { ...conversion, precision: 'float32' });
    expect(asked[1]).toMatchObject({ inputs: null, data: null });
  });

  it('that is not in the list any more is refused', async () => {
    const all = conversions(() => Promise.reject(new Error('never asked')));
    await expect(all.run(7, folder, conversion)).rejects.toMatchObject({ code: 'unknown-model' });
  });
});
