/**
 * Overlapping blocks added up to an image (PyTorch's fold), as attention over neighbourhoods does: a product with a
 * matrix that says into which place each number of each block goes. Source: ONNX Col2Im.
 */
import type { OnnxNode } from '../onnx/node.ts';
import { elements } from '../shape.ts';
import { Composition } from './composed.ts';
import { unsupportedAttribute, type ExpandedNode, type ExpansionContext } from './operator.ts';

/** A larger matrix would take gigabytes. */
const largestMatrix = 2 ** 26;

export function expandCol2Im(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const x = source.inputs[0]!;
  const image = source.constantIntegers(1) ?? [];
  const block = source.constantIntegers(2) ?? [];
  const ones = image.map(() => 1);
  const strides = source.ints('strides') ?? ones;
  const dilations = source.ints('dilations') ?? ones;
  const pads = source.ints('pads') ?? image.flatMap(() => [0, 0]);
  const [, numbers = 0, count = 0] = context.shapeOf(x);
  const blocks = image.map((size, axis) => {
    const padded = size + pads[axis]! + pads[axis + image.length]!;
    return Math.floor((padded - dilations[axis]! * (block[axis]! - 1) - 1) / strides[axis]!) + 1;
  });
  const channels = numbers / elements(block);
  if (!Number.isInteger(channels) || elements(blocks) !== count) {
    throw unsupportedAttribute(source, `image_shape=${image.join(',')}`);
  }
  const columns = elements(block) * count;
  const rows = elements(image);
  if (rows * columns > largestMatrix) throw unsupportedAttribute(source, 'that many blocks');
  const matrix = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const within = placeOf(Math.floor(column / count), block);
    const at = placeOf(column % count, blocks);
    const to = image.map(
      (_, axis) => at[axis]! * strides[axis]! + within[axis]! * dilations[axis]! - pads[axis]!,
    );
    if (to.some((place, axis) => place < 0 || place >= image[axis]!)) continue; // padding
    const row = to.reduce((sofar, place, axis) => sofar * image[axis]! + place, 0);
    matrix[row * columns + column] = 1;
  }
  const compose = new Composition(source, context);
  const apart = compose.op('Reshape', [x], { shape: [0, channels, columns] });
  const added = compose.op('LinearAlongAxis', [apart], { axis: 2, rows, matrix });
  return compose.ending(compose.op('Reshape', [added], { shape: [0, channels, ...image] }));
}

function placeOf(index: number, shape: readonly number[]): readonly number[] {
  const place = new Array<number>(shape.length).fill(0);
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    place[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}
