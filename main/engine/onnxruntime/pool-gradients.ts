/** Gradients of average and maximum pooling out of inference operators. */
import type { AveragePoolAttributes, Pair } from '../../graph/operators/attributes.ts';
import { cropped, poolAttributes, writtenPool } from '../../graph/operators/pooling.ts';
import { elements, type Shape } from '../../graph/shape.ts';
import { multiplyAlongAxis } from '../../graph/onnx/along-axis.ts';
import type { Lowering } from './context.ts';
import type { Known } from '../../common/known.ts';

/** Every pooled place divides its gradient among the values it averaged; shares of the same value add up. */
export const lowerAveragePoolGradient: Lowering<'AveragePoolGradient'> = (node, context) => {
  const { builder, shapeOf } = context;
  const { kernel, strides, pads, inputShape } = node.attributes;
  const [batch, channels, height, width] = inputShape as Known<number>;
  const [, , outHeight, outWidth] = shapeOf(node.inputs[0]!) as Known<number>;
  const shares = builder.floats(builder.fresh(), [1, 1, outHeight, outWidth], () =>
    poolShares(node.attributes, [outHeight, outWidth]),
  );
  const share = builder.op('Mul', [node.inputs[0]!, shares]);
  const tiles =
    pads.every((size) => size === 0) &&
    kernel[0] === strides[0] &&
    kernel[1] === strides[1] &&
    outHeight * kernel[0] === height &&
    outWidth * kernel[1] === width;
  if (tiles) {
    const apart = builder.reshape(share, [batch, channels, outHeight, 1, outWidth, 1]);
    const wide = [batch, channels, outHeight, kernel[0], outWidth, kernel[1]];
    const spread = builder.op('Expand', [apart, builder.integers(wide)]);
    builder.reshape(spread, inputShape, node.outputs[0]);
    return;
  }
  const rows = windows(node.attributes, 0, height, outHeight);
  const columns = windows(node.attributes, 1, width, outWidth);
  const shape = [batch, channels, outHeight, outWidth];
  const tall = multiplyAlongAxis(builder, { name: share, shape }, rows);
  const tallShape = [batch, channels, height, outWidth];
  multiplyAlongAxis(builder, { name: tall, shape: tallShape }, columns, node.outputs[0]);
};

/** size x places: 1 where a value lies in a place's window. */
function windows(attributes: AveragePoolAttributes, axis: 0 | 1, size: number, places: number) {
  const { kernel, strides, pads } = attributes;
  const matrix = new Float32Array(size * places);
  for (let place = 0; place < places; place++) {
    const start = place * strides[axis] - pads[axis];
    for (let i = Math.max(0, start); i < Math.min(size, start + kernel[axis]); i++) {
      matrix[i * places + place] = 1;
    }
  }
  return { axis: 2 + axis, rows: size, matrix };
}

/** 1 / number of values that each pooled place averages; places at the border may average fewer. */
function poolShares(
  attributes: AveragePoolAttributes & { readonly inputShape: Shape },
  [outHeight, outWidth]: Pair,
): Float32Array {
  const { kernel, strides, pads, countIncludePad, inputShape } = attributes;
  const counted = (place: number, axis: 0 | 1) => {
    const start = place * strides[axis] - pads[axis];
    const size = inputShape[2 + axis]!;
    // Padding counts where asked for; places beyond the padding, in ceil mode, never do.
    const [first, last] = countIncludePad ? [-pads[axis], size + pads[axis + 2]!] : [0, size];
    return Math.min(start + kernel[axis], last) - Math.max(start, first);
  };
  const shares = new Float32Array(outHeight * outWidth);
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      shares[row * outWidth + column] = 1 / (counted(row, 0) * counted(column, 1));
    }
  }
  return shares;
}

/** Pools again to learn where each maximum came from; gradients of the same value add up. */
export const lowerMaxPoolGradient: Lowering<'MaxPoolGradient'> = (node, { builder, shapeOf }) => {
  const [gradient, x] = node.inputs as Known<string>;
  const { inputShape } = node.attributes;
  const pooled = builder.fresh();
  const places = builder.fresh();
  const { crop, pool } = writtenPool(node.attributes, inputShape);
  builder.node('MaxPool', [cropped(x, crop, builder)], [pooled, places], poolAttributes(pool));
  const [batch, channels, height, width] = inputShape as Known<number>;
  const seen = [batch, channels, height - crop[0], width - crop[1]];
  const [from, to] = [elements(shapeOf(gradient)), elements(seen)];
  const zeros = builder.op('ConstantOfShape', [builder.integers([to])]);
  const scattered = builder.op(
    'ScatterElements',
    [zeros, builder.reshape(places, [from]), builder.reshape(gradient, [from])],
    { axis: { int: 0 }, reduction: { string: 'add' } },
  );
  if (crop[0] === 0 && crop[1] === 0) {
    builder.reshape(scattered, inputShape, node.outputs[0]);
    return;
  }
  builder.pad(builder.reshape(scattered, seen), [0, 0, 0, 0, 0, 0, ...crop], node.outputs[0]);
};
