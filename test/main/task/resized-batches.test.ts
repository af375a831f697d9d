import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassificationBatches, DetectionBatches } from '../../../main/task/batches.ts';
import { greyBatches } from '../../../main/task/grey-batches.ts';
import { resizedBatches } from '../../../main/task/resized-batches.ts';

const classification = (
  size: readonly [number, number],
  inputs: Float32Array,
  channels = 1,
): ClassificationBatches => ({
  ...{ task: 'classification', batchSize: 1, inputShape: [channels, ...size], classes: 2 },
  batches: [{ inputs, targets: Int32Array.of(1) }],
  description: 'made up; digest 0123456789abcdef',
});

describe('images at another size', () => {
  it('have in every pixel the mean of what it covers', () => {
    const set = classification([2, 4], Float32Array.of(1, 3, 5, 7, 1, 3, 5, 7));
    const { batches, inputShape } = resizedBatches(set, [1, 2]) as ClassificationBatches;
    expect([...batches[0]!.inputs]).toEqual([2, 6]);
    expect(inputShape).toEqual([1, 1, 2]);
    const third = resizedBatches(classification([1, 3], Float32Array.of(0, 3, 6)), [1, 2]);
    expect((third.batches[0] as { inputs: Float32Array }).inputs[0]).toBeCloseTo(1, 6); // (0 + 3/2) / 1.5
  });

  it('keep their mean, and an even image stays even', () => {
    const side = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(side, side, side, side, (h, w, toH, toW) => {
        const inputs = Float32Array.from({ length: h * w }, (_, i) => ((i * 37) % 11) - 5);
        const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
        const resized = resizedBatches(classification([h, w], inputs), [toH, toW]);
        const made = (resized.batches[0] as { inputs: Float32Array }).inputs;
        expect(made).toHaveLength(toH * toW);
        expect(mean(made)).toBeCloseTo(mean(inputs), 4);
      }),
    );
  });

  it('take their boxes and masks along', () => {
    const boxes: DetectionBatches = {
      ...{ task: 'detection', batchSize: 1, inputShape: [1, 4, 8], classes: 2 },
      batches: [
        {
          inputs: new Float32Array(32),
          targets: [{ boxes: Float32Array.of(0, 1, 8, 3), classes: Int32Array.of(1) }],
        },
      ],
      description: '',
    };
    const half = resizedBatches(boxes, [2, 4]) as DetectionBatches;
    expect([...half.batches[0]!.targets[0]!.boxes]).toEqual([0, 0.5, 4, 1.5]);
    const masks = resizedBatches(
      {
        ...{ task: 'segmentation', batchSize: 1, inputShape: [1, 2, 4], maskShape: [2, 4] },
        batches: [
          { inputs: new Float32Array(8), targets: Uint8Array.of(0, 1, 2, 255, 0, 1, 2, 255) },
        ],
        ...{ classes: 3, description: '' },
      },
      [1, 2],
    );
    expect([...(masks.batches[0]!.targets as Uint8Array)]).toEqual([1, 255]);
  });

  it('become grey by their brightness, with the digest still at the end', () => {
    const set = classification([1, 2], Float32Array.of(1, 0, 1, 0, 1, 1), 3);
    const grey = greyBatches(set);
    expect(grey.inputShape).toEqual([1, 1, 2]);
    expect(grey.batches[0]!.inputs[0]).toBeCloseTo(1, 6);
    expect(grey.batches[0]!.inputs[1]).toBeCloseTo(0.114, 6);
    expect(grey.description).toBe('made up, in grey; digest 0123456789abcdef');
  });
});
