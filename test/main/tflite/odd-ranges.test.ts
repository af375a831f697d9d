/**
 * int8 networks whose values differ in size by whatever powers of ten, are always zero, or are all but constant: both
 * runtimes take the file, and what they compute is right.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usualRanges } from '../../../main/common/quantising.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import type { OperatorAttributes, OperatorKind } from '../../../main/graph/operators/attributes.ts';
import { prepareInt8 } from '../../../main/quantise/calibrate.ts';
import { writeInt8Onnx } from '../../../main/quantise/onnx-int8.ts';
import { writeInt8Tflite } from '../../../main/tflite/index.ts';
import { noise, sameConv, Sketch } from '../../support/sketch.ts';
import { runInLiteRt } from '../../support/litert.ts';
import {
  channelsLast,
  difference,
  pictureOf,
  runBytesInOnnxruntime,
  runInOnnxruntime,
  runInTflite,
} from '../../support/tflite.ts';

const channels = 4;
const image = [channels, 6, 6] as const;

/** A network of one line, which every step appends to. */
class Line {
  readonly sketch = new Sketch(1, image);
  y = 'image';
  #count = 0;

  do<K extends OperatorKind>(
    kind: K,
    attributes: OperatorAttributes[K],
    ...others: string[]
  ): this {
    this.y = this.sketch.node(kind, [this.y, ...others], attributes);
    return this;
  }

  /** A constant of four channels around a size. */
  numbers(size: number, shape: readonly number[] = [channels, 1, 1]): string {
    const name = `numbers${this.#count++}`;
    const count = shape.reduce((product, n) => product * n, 1);
    const data = noise(count, name).map((value) => size * (value + Math.sign(value)));
    return this.sketch.weights(name, shape, data);
  }

  conv(size: number, shift: number): this {
    const weights = this.numbers(size, [channels, channels, 1, 1]);
    return this.do('Conv', sameConv, weights, this.numbers(shift, [channels]));
  }

  /** Zeros, of which nobody knows from the graph: what a layer gives whose activations are all dead. */
  nothing(): this {
    const below = this.sketch.weights(
      `below${this.#count++}`,
      [channels],
      new Float32Array(channels).fill(-1),
    );
    const weights = this.numbers(1e-3, [channels, channels, 1, 1]);
    return this.do('Conv', sameConv, weights, below).do('Relu', {});
  }

  get graph(): Graph {
    return this.sketch.graph([this.y]);
  }
}

/** The largest difference to float in TensorFlow Lite 2.9, LiteRT and onnxruntime, relative to the largest value. */
async function off(graph: Graph) {
  const shape = [1, ...image];
  const pictures = [1, 2, 3].map((seed) => pictureOf(channels * 36, 'odd', seed));
  const options = { ...usualRanges, threads: 1 };
  const quantisable = await prepareInt8(graph, pictures, options);
  const { bytes, inFloat } = writeInt8Tflite(quantisable, 'test');
  const data = pictures[0]!;
  const expected = await runInOnnxruntime(graph, { shape, data });
  const [now] = await runInLiteRt(bytes, [channelsLast({ shape, data }).data]);
  const { bytes: onnx } = writeInt8Onnx(quantisable, 'test');
  const inOnnxruntime = await runBytesInOnnxruntime(onnx, graph, { shape, data });
  return {
    tflite: difference(runInTflite(bytes, { shape, data }), expected),
    litert: difference(now!, expected),
    onnxruntime: difference(inOnnxruntime, expected),
    inFloat: inFloat.map(({ kind }) => kind),
  };
}

async function assertRight(graph: Graph, limit = 0.05, inFloat: readonly string[] = []) {
  const found = await off(graph);
  expect(found.tflite).toBeLessThan(limit);
  expect(found.litert).toBeLessThan(limit);
  expect(found.onnxruntime).toBeLessThan(limit);
  expect(found.inFloat).toEqual(inFloat);
}

describe('int8 of odd ranges', { timeout: 120_000 }, () => {
  it.each([1e-9, 1e-4, 1, 1e4, 1e9])('outputs around %s', async (size) => {
    await assertRight(new Line().conv(size, size).graph);
  });

  it('values that are always zero', async () => {
    const line = new Line().conv(1, 1);
    const all = line.y;
    const none = line.nothing().y;
    const sum = line.sketch.node('Add', [all, none], {});
    const product = line.sketch.node('Mul', [all, none], {});
    const joined = line.sketch.node('Concat', [sum, none, product], { axis: 1 });
    await assertRight(line.sketch.graph([joined]));
  });

  it('layers behind a value that is always zero, whose folded weights are enormous', async () => {
    const line = new Line().conv(1, 1).nothing();
    await assertRight(line.conv(300, 1e-3).graph);
  });

  it.each([1e-12, 1e-6, 1e6])('constants around %s, as terms and factors', async (size) => {
    const line = new Line().conv(1, 1);
    const term = line.numbers(size);
    const factor = line.numbers(size);
    await assertRight(line.do('Add', {}, term).do('Mul', {}, factor).graph);
  });

  it.each([1e-8, 1e8])('biases of another size than what weights make, by %s', async (size) => {
    await assertRight(new Line().conv(size, 1).conv(1, size).graph);
  });

  it('shares of so many places that the scale of a Softmax would make most of them zero', async () => {
    const line = new Line().conv(0.1, 0.1).do('Flatten', { axis: 1 }).do('Softmax', { axis: 1 });
    const factors = line.numbers(1, [channels * 36]);
    await assertRight(line.do('Mul', {}, factors).graph, 0.05, ['SOFTMAX']);
  });

  it('sums in which almost everything cancels', async () => {
    const line = new Line().conv(1000, 1);
    const whole = line.y;
    const almost = line.sketch.node(
      'Mul',
      [whole, line.sketch.weights('-1', [], Float32Array.of(-1))],
      {},
    );
    const rest = line.sketch.node('Add', [whole, almost], {});
    const small = line.sketch.node('Conv', [whole, line.numbers(1e-5, [4, 4, 1, 1])], sameConv);
    await assertRight(line.sketch.graph([line.sketch.node('Add', [rest, small], {}), whole]), 0.2);
  });

  it('concatenations of parts of other sizes', async () => {
    const line = new Line();
    const small = line.conv(1e-7, 1e-7).do('Relu', {}).y;
    line.y = 'image';
    const large = line.conv(1e5, 1e5).y;
    const joined = line.sketch.node('Concat', [small, large], { axis: 1 });
    await assertRight(line.sketch.graph([joined]));
  });

  it('operators without an int8 form stay in float, and are counted', async () => {
    const line = new Line().conv(1, 1).do('Softplus', {}).conv(1, 1);
    // Its last step has a range, that of the result.
    const formula = ['ABS', 'NEG', 'EXP', 'ADD', 'LOG', 'RELU'];
    await assertRight(line.graph, 0.05, formula);
  });

  it('whatever sizes follow each other', async () => {
    const power = fc.integer({ min: -7, max: 7 }).map((exponent) => 10 ** exponent);
    const step = fc.record({
      kind: fc.constantFrom('conv', 'add', 'mul', 'relu', 'relu6', 'branch', 'mean', 'concat'),
      size: power,
      shift: power,
    });
    const cases = fc.array(step, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cases, async (steps) => {
        const line = new Line();
        line.conv(1, 1);
        for (const { kind, size, shift } of steps) {
          const before = line.y;
          if (kind === 'conv') line.conv(size, shift);
          else if (kind === 'add') line.do('Add', {}, line.numbers(size));
          else if (kind === 'mul') line.do('Mul', {}, line.numbers(size));
          else if (kind === 'relu') line.do('Relu', {});
          else if (kind === 'relu6') line.do('Clip', { min: 0, max: 6 });
          else if (kind === 'mean') line.do('GlobalAveragePool', {}).do('Add', {}, before);
          else if (kind === 'branch') line.conv(size, shift).do('Add', {}, before);
          else {
            line.conv(size, shift);
            line.y = line.sketch.node('Concat', [before, line.y], { axis: 1 });
            line.do('Slice', { axes: [1], starts: [1], ends: [1 + channels], steps: [1] });
          }
        }
        const found = await off(line.graph);
        // Both take it, and agree: what is left of numbers that cancel each other out is no matter of theirs. A step
        // that they round differently can be much of what a clip leaves.
        expect(found.tflite).toBeLessThan(Infinity);
        expect(Math.abs(found.tflite - found.litert)).toBeLessThan(0.3);
      }),
      // The bound of a Relu6 is further away than a runtime can count.
      {
        numRuns: 30,
        examples: [[['mul', 'mul', 'relu6'].map((kind) => ({ kind, size: 1e-5, shift: 1 }))]],
      },
    );
  });
});
