import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { createSession } from '../../../main/engine/onnxruntime/session.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { writeDeployableOnnx } from '../../../main/graph/onnx/write.ts';
import { calibrate } from '../../../main/quantise/calibrate.ts';
import { processorMsOfProcess } from '../../support/processor-time.ts';
import { noise, sameConv, Sketch } from '../../support/sketch.ts';

const image = [6, 7, 9] as const;
const length = 6 * 7 * 9;
const options = { method: 'min-max', percentile: 100, threads: 1 } as const;
const pictures = (count: number) =>
  Array.from({ length: count }, (_, i) => noise(length, 'calibrated', i));

/** Second moments of the columns of a matrix about their means, as they are defined. */
function momentsOf(rows: readonly (readonly number[])[], start: number, size: number): number[] {
  const mean = (of: (row: readonly number[]) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const means = Array.from({ length: size }, (_, i) => mean((row) => row[start + i]!));
  return means.flatMap((own, i) =>
    means.map((other, j) => mean((row) => row[start + i]! * row[start + j]!) - own * other),
  );
}

describe('calibrating', () => {
  const convolutions = [
    { kernel: [1, 1], group: 1 },
    { kernel: [3, 2], group: 1, pads: [2, 0, 1, 1], strides: [2, 1] },
    { kernel: [3, 3], group: 6, dilations: [2, 3], pads: [1, 2, 3, 4] },
    { kernel: [5, 5], group: 2, pads: [2, 2, 2, 2], strides: [1, 3] },
    { kernel: [4, 5], group: 1, pads: [0, 2, 0, 2] },
  ] as const;
  it.each(convolutions)('finds the moments of the patches of %j', async ({ kernel, ...given }) => {
    const conv = { ...sameConv, ...given };
    const sketch = new Sketch(1, image);
    const [inputs, outputs] = [6 / conv.group, 6];
    const y = sketch.conv('w', 'image', [outputs, inputs, ...kernel], conv);
    const images = pictures(3);
    const { moments } = await calibrate(sketch.graph([y]), images, options);
    const { groups, block, length: whole } = moments.get(y)!;
    expect(groups).toHaveLength(conv.group);
    const [top, left, bottom, right] = conv.pads;
    const places = (size: number, axis: 0 | 1) =>
      Math.floor((size - conv.dilations[axis] * (kernel[axis] - 1) - 1) / conv.strides[axis]) + 1;
    for (const [g, blocks] of groups.entries()) {
      const rows: number[][] = [];
      for (const data of images) {
        for (let y = 0; y < places(7 + top + bottom, 0); y++) {
          for (let x = 0; x < places(9 + left + right, 1); x++) {
            const row: number[] = [];
            for (let c = g * inputs; c < (g + 1) * inputs; c++) {
              for (let r = 0; r < kernel[0]; r++) {
                for (let k = 0; k < kernel[1]; k++) {
                  const v = y * conv.strides[0] + r * conv.dilations[0] - top;
                  const u = x * conv.strides[1] + k * conv.dilations[1] - left;
                  const inside = v >= 0 && v < 7 && u >= 0 && u < 9;
                  row.push(inside ? data[(c * 7 + v) * 9 + u]! : 0);
                }
              }
            }
            rows.push(row);
          }
        }
      }
      for (const [b, found] of blocks.entries()) {
        const start = b * block;
        const size = Math.min(block, whole - start);
        expect(found).toHaveLength(size * size);
        const wanted = momentsOf(rows, start, size);
        wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 10));
      }
    }
  });

  it('finds ranges, means and moments of a matrix of several rows', async () => {
    const sketch = new Sketch(1, image);
    const rows = sketch.node('Reshape', ['image'], { shape: [9, 42] });
    const linear = { alpha: 1, beta: 1, transA: false, transB: true };
    const y = sketch.node('Gemm', [rows, sketch.weights('w', [5, 42])], linear);
    const images = pictures(4);
    const { means, ranges, moments } = await calibrate(sketch.graph([y]), images, options);
    const matrix = images.flatMap((data) =>
      Array.from({ length: 9 }, (_, i) => [...data.subarray(i * 42, (i + 1) * 42)]),
    );
    means.get(rows)!.forEach((mean, i) => {
      const wanted = matrix.reduce((sum, row) => sum + row[i]!, 0) / matrix.length;
      expect(mean).toBeCloseTo(wanted, 5);
    });
    const [found] = moments.get(y)!.groups[0]!;
    momentsOf(matrix, 0, 42).forEach((value, i) => expect(found![i]).toBeCloseTo(value, 10));
    const numbers = images.flatMap((data) => [...data]);
    const whole = { min: Math.min(...numbers), max: Math.max(...numbers) };
    expect(ranges.get('image')).toEqual(whole);
    const cut = await calibrate(sketch.graph([y]), images, {
      ...options,
      ...{ method: 'percentile', percentile: 90 },
    });
    expect(cut.ranges.get('image')!.max).toBeLessThan(whole.max);
    expect(cut.ranges.get('image')!.max).toBeGreaterThan(0.8 * whole.max);
  });

  it('refuses numbers that are none, wherever they are', async () => {
    const sketch = new Sketch(1, image);
    const y = sketch.node('Sqrt', ['image'], {});
    const z = sketch.conv('w', y, [4, 6, 1, 1]);
    const images = pictures(2).map((data) => data.map(Math.abs));
    images[1]![100] = -1;
    await expect(calibrate(sketch.graph([z]), images, options)).rejects.toMatchObject({
      code: 'calibration-not-finite',
    });
  });

  it('takes less than eight times as long as the network on the images', { retry: 2 }, async () => {
    const sketch = new Sketch(1, [64, 56, 56]);
    let y = 'image';
    const sides = { pads: [1, 1, 1, 1] as const };
    for (let i = 0; i < 6; i++) {
      y = sketch.node('Relu', [sketch.conv(`w${i}`, y, [64, 64, 3, 3], sides)], {});
    }
    const graph = sketch.graph([y]);
    const images = Array.from({ length: 16 }, (_, i) => noise(64 * 56 * 56, 'timed', i));
    const running = await processorMsOfProcess(() => runAll(graph, images));
    const calibrating = await processorMsOfProcess(() => calibrate(graph, images, options));
    // Three times here, and twenty with sums in JavaScript: the limit lies well between.
    expect(calibrating).toBeLessThan(8 * running);
  });
});

async function runAll(graph: Graph, images: readonly Float32Array[]): Promise<void> {
  const session = await createSession(writeDeployableOnnx(graph, 1, ''), 1);
  for (const data of images) {
    await session.run({ image: new Tensor('float32', data, [1, 64, 56, 56]) });
  }
  await session.release();
}
