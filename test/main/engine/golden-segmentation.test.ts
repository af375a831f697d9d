import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../../main/engine/onednn/statistics.ts';
import { computeStatistics } from '../../../main/engine/onnxruntime/statistics.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { biasTerm, scoreOf } from '../../../main/proxy/zico.ts';
import type { SegmentationBatches } from '../../../main/task/batches.ts';
import { parseNpy } from '../../../main/task/npy.ts';
import type { Expected } from '../../support/golden.ts';
import type { Known } from '../../../main/common/known.ts';

const folder = path.join(import.meta.dirname, '../../golden/segmentation');
const file = (name: string) => readFileSync(path.join(folder, name));

function batchesOf({ batchSize, batches }: Expected): SegmentationBatches {
  const inputs = parseNpy(file('inputs.npy'), 'inputs.npy');
  const targets = parseNpy(file('targets.npy'), 'targets.npy');
  const [, channels, height, width] = inputs.shape as Known<number>;
  const image = batchSize * channels * height * width;
  const mask = batchSize * height * width;
  return {
    task: 'segmentation',
    batchSize,
    inputShape: [channels, height, width],
    maskShape: [height, width],
    classes: 12,
    description: 'golden',
    batches: Array.from({ length: batches }, (_, b) => ({
      inputs: (inputs.data as Float32Array).slice(b * image, (b + 1) * image),
      targets: Uint8Array.from(
        targets.data.slice(b * mask, (b + 1) * mask) as ArrayLike<bigint>,
        Number,
      ),
    })),
  };
}

const deviation = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(actual[i]! / value - 1)));
};

const engines = { onnxruntime: computeStatistics, onednn: computeNativeStatistics };

describe.each(['onnxruntime', 'onednn'] as const)(
  'PyTorch and %s agree on a segmentation network',
  (engine) => {
    // The native engine is optional.
    it.skipIf(engine === 'onednn' && builtVersion() === null)(
      'in losses, gradients, capped sums, scores and bias',
      async () => {
        const expected = JSON.parse(file('expected.json').toString()) as Expected;
        const graph = readOnnx(file('model.onnx'), 'segmentation');
        const { losses, layers } = await engines[engine](graph, batchesOf(expected), 1000, 1);
        expect(layers.map(({ name, weights }) => [name, weights])).toEqual(
          expected.layers.map(({ name, weights }) => [name, weights]),
        );
        expect(deviation(losses, expected.losses)).toBeLessThan(1e-4);
        const norms = (all: readonly { gradientNorms: readonly number[] }[]) =>
          all.flatMap(({ gradientNorms }) => gradientNorms);
        expect(deviation(norms(layers), norms(expected.layers))).toBeLessThan(1e-4);
        const capped = layers.map(({ sumCapped }) => sumCapped);
        const wanted = expected.layers.map(({ sumCappedAt1000 }) => sumCappedAt1000);
        expect(deviation(capped, wanted)).toBeLessThan(3e-3);
        const score = scoreOf(layers);
        expect(deviation([score.zico], [expected.zico])).toBeLessThan(3e-3);
        expect(deviation([score.zicoCapped], [expected.zicoCappedAt1000])).toBeLessThan(1e-3);
        expect(
          deviation(
            layers.map(biasTerm),
            expected.layers.map(({ bias }) => bias),
          ),
        ).toBeLessThan(1e-9);
      },
    );
  },
);
