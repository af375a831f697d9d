/**
 * Plain loops in double precision over a forward graph: slow, obvious, and independent of every engine.
 * Tests hold shape inference, lowering and gradients (by finite differences) against it.
 */
import type { Graph, Node } from '../../main/graph/graph.ts';
import { inferShapes } from '../../main/graph/infer-shapes.ts';
import { elements, type Shape } from '../../main/graph/shape.ts';
import { materialise } from '../../main/graph/weights.ts';

export interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** @param feeds every input by name; targets as plain numbers. @returns every value of the graph. */
export function evaluate(
  graph: Graph,
  batchSize: number,
  feeds: ReadonlyMap<string, ArrayLike<number>>,
  overrides: ReadonlyMap<string, Float64Array> = new Map(),
): ReadonlyMap<string, Value> {
  const shapes = inferShapes(graph, batchSize);
  const values = new Map<string, Value>();
  for (const [name, data] of feeds) {
    values.set(name, { shape: shapes.get(name) ?? [], data: Float64Array.from(data) });
  }
  for (const [name, initializer] of graph.initializers) {
    const data = overrides.get(name) ?? Float64Array.from(materialise(initializer));
    values.set(name, { shape: initializer.shape, data });
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name) as Value);
    const outputs = node.outputs.map((name) => {
      const shape = shapes.get(name) ?? [];
      return { shape, data: new Float64Array(elements(shape)) };
    });
    run(node, inputs, outputs);
    node.outputs.forEach((name, index) => values.set(name, outputs[index]));
  }
  return values;
}

function run(node: Node, inputs: readonly Value[], outputs: readonly Value[]): void {
  const [x, second, third] = inputs;
  const out = outputs[0].data;
  switch (node.kind) {
    case 'Conv':
      return convolution(node.attributes, x, second, third, outputs[0]);
    case 'BatchNormalization':
      return normalisation(node.attributes, inputs, outputs);
    case 'Relu':
      return out.forEach((_, i) => (out[i] = Math.max(0, x.data[i])));
    case 'Add':
      return out.forEach((_, i) => {
        out[i] = x.data[broadcastIndex(i, outputs[0].shape, x.shape)];
        out[i] += second.data[broadcastIndex(i, outputs[0].shape, second.shape)];
      });
    case 'Identity':
    case 'Flatten':
    case 'Reshape':
      return out.set(x.data);
    case 'AveragePool':
      return averagePool(node.attributes, x, outputs[0]);
    case 'GlobalAveragePool':
      return mean(x, [2, 3], out);
    case 'ReduceMean': {
      const axes = node.attributes.axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
      return mean(x, axes, out);
    }
    case 'Pad':
      return padding(node.attributes.pads, x, outputs[0]);
    case 'Gemm':
      return gemm(node.attributes, inputs, outputs[0]);
    case 'SoftmaxCrossEntropyLoss':
      return crossEntropy(x, second, outputs);
    default:
      throw new Error(`the reference has no ${node.kind}`);
  }
}

function broadcastIndex(index: number, from: Shape, to: Shape): number {
  let source = 0;
  let stride = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    const place = index % from[axis];
    index = Math.floor(index / from[axis]);
    const size = to[axis - from.length + to.length] ?? 1;
    if (size > 1) source += place * stride;
    stride *= size;
  }
  return source;
}

function convolution(
  attributes: Extract<Node, { kind: 'Conv' }>['attributes'],
  x: Value,
  weight: Value,
  bias: Value | undefined,
  out: Value,
): void {
  const { group, strides, dilations, pads } = attributes;
  const [batch, outChannels, outHeight, outWidth] = out.shape;
  const [, inChannels, height, width] = x.shape;
  const [, inPerGroup, kernelHeight, kernelWidth] = weight.shape;
  const outPerGroup = outChannels / group;
  let index = 0;
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < outChannels; m++) {
      const first = Math.floor(m / outPerGroup) * inPerGroup;
      for (let row = 0; row < outHeight; row++) {
        for (let column = 0; column < outWidth; column++) {
          let sum = bias ? bias.data[m] : 0;
          for (let c = 0; c < inPerGroup; c++) {
            for (let i = 0; i < kernelHeight; i++) {
              const y = row * strides[0] + i * dilations[0] - pads[0];
              if (y < 0 || y >= height) continue;
              const xRow = ((n * inChannels + first + c) * height + y) * width;
              const wRow = ((m * inPerGroup + c) * kernelHeight + i) * kernelWidth;
              for (let j = 0; j < kernelWidth; j++) {
                const place = column * strides[1] + j * dilations[1] - pads[1];
                if (place < 0 || place >= width) continue;
                sum += x.data[xRow + place] * weight.data[wRow + j];
              }
            }
          }
          out.data[index++] = sum;
        }
      }
    }
  }
}

function normalisation(
  { epsilon, training }: Extract<Node, { kind: 'BatchNormalization' }>['attributes'],
  [x, scale, shift, runningMean, runningVariance]: readonly Value[],
  outputs: readonly Value[],
): void {
  const channels = x.shape[1];
  const inner = elements(x.shape.slice(2));
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  const count = x.data.length / channels;
  const means = new Float64Array(channels);
  const variances = new Float64Array(channels);
  if (training) {
    x.data.forEach((value, i) => (means[channelOf(i)] += value / count));
    x.data.forEach((value, i) => {
      variances[channelOf(i)] += (value - means[channelOf(i)]) ** 2 / count;
    });
  } else {
    means.set(runningMean.data);
    variances.set(runningVariance.data);
  }
  x.data.forEach((value, i) => {
    const c = channelOf(i);
    const normalised = (value - means[c]) / Math.sqrt(variances[c] + epsilon);
    outputs[0].data[i] = normalised * scale.data[c] + shift.data[c];
  });
  outputs[1]?.data.set(means);
  outputs[2]?.data.set(variances.map((variance) => 1 / Math.sqrt(variance + epsilon)));
}

function averagePool(
  attributes: Extract<Node, { kind: 'AveragePool' }>['attributes'],
  x: Value,
  out: Value,
): void {
  const { kernel, strides, pads, countIncludePad } = attributes;
  const [planesN, planesC, outHeight, outWidth] = out.shape;
  const [, , height, width] = x.shape;
  let index = 0;
  for (let plane = 0; plane < planesN * planesC; plane++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        let sum = 0;
        let count = 0;
        for (let i = 0; i < kernel[0]; i++) {
          for (let j = 0; j < kernel[1]; j++) {
            const y = row * strides[0] + i - pads[0];
            const z = column * strides[1] + j - pads[1];
            if (y < 0 || y >= height || z < 0 || z >= width) continue;
            sum += x.data[(plane * height + y) * width + z];
            count++;
          }
        }
        out.data[index++] = sum / (countIncludePad ? kernel[0] * kernel[1] : count);
      }
    }
  }
}

function mean(x: Value, axes: readonly number[], out: Float64Array): void {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const share = elements(kept) / x.data.length;
  x.data.forEach((value, i) => (out[broadcastIndex(i, x.shape, kept)] += value * share));
}

function padding(pads: readonly number[], x: Value, out: Value): void {
  const rank = x.shape.length;
  out.data.forEach((_, i) => {
    let rest = i;
    let source = 0;
    let stride = 1;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const place = (rest % out.shape[axis]) - pads[axis];
      rest = Math.floor(rest / out.shape[axis]);
      if (place < 0 || place >= x.shape[axis]) return;
      source += place * stride;
      stride *= x.shape[axis];
    }
    out.data[i] = x.data[source];
  });
}

function gemm(
  { alpha, beta, transA, transB }: Extract<Node, { kind: 'Gemm' }>['attributes'],
  [a, b, c]: readonly Value[],
  out: Value,
): void {
  const [rows, columns] = out.shape;
  const inner = transA ? a.shape[0] : a.shape[1];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const left = transA ? a.data[k * rows + i] : a.data[i * inner + k];
        const right = transB ? b.data[j * inner + k] : b.data[k * columns + j];
        sum += left * right;
      }
      const place = i * columns + j;
      const added = c ? c.data[broadcastIndex(place, out.shape, c.shape)] : 0;
      out.data[place] = alpha * sum + beta * added;
    }
  }
}

function crossEntropy(
  logits: Value,
  targets: Value,
  [loss, logProbabilities]: readonly Value[],
): void {
  const [batch, classes] = logits.shape;
  for (let n = 0; n < batch; n++) {
    const row = logits.data.subarray(n * classes, (n + 1) * classes);
    const top = Math.max(...row);
    const logSum = top + Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0));
    row.forEach((value, k) => (logProbabilities.data[n * classes + k] = value - logSum));
    loss.data[0] -= (row[targets.data[n]] - logSum) / batch;
  }
}
