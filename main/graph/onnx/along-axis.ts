/** Products along one axis with a constant matrix, and masks, as ONNX has them. */
import type { Shape } from '../shape.ts';
import type { OnnxBuilder } from './builder.ts';

/** Multiplies a tensor along one axis by a matrix of rows x (size of the axis), row-major. */
export function multiplyAlongAxis(
  builder: OnnxBuilder,
  value: { readonly name: string; readonly shape: Shape },
  along: { readonly axis: number; readonly rows: number; readonly matrix: Float32Array },
  output?: string,
): string {
  const { axis, rows, matrix } = along;
  const rank = value.shape.length;
  const columns = value.shape[axis]!;
  const constant = (shape: Shape, data: Float32Array) =>
    builder.floats(builder.fresh(), shape, () => data);
  if (axis === rank - 2) {
    return builder.op('MatMul', [constant([rows, columns], matrix), value.name], {}, output);
  }
  const transposed = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) transposed[j * rows + i] = matrix[i * columns + j]!;
  }
  const right = constant([columns, rows], transposed);
  if (axis === rank - 1) return builder.op('MatMul', [value.name, right], {}, output);
  const last = rank - 1;
  const exchange = value.shape.map((_, place) =>
    place === axis ? last : place === last ? axis : place,
  );
  const product = builder.op('MatMul', [builder.transpose(value.name, exchange), right]);
  return builder.op('Transpose', [product], { perm: { ints: exchange } }, output);
}

/** 1 strictly between the bounds, else 0. */
export function writeInside(
  builder: OnnxBuilder,
  x: string,
  { min, max }: { readonly min: number; readonly max: number },
  output?: string,
): string {
  const conditions: string[] = [];
  if (min !== -Infinity) conditions.push(builder.op('Greater', [x, builder.scalar(min)]));
  if (max !== Infinity) conditions.push(builder.op('Less', [x, builder.scalar(max)]));
  // Without bounds everything is inside that is a number.
  if (conditions.length === 0) conditions.push(builder.op('Equal', [x, x]));
  const both = conditions.length === 2 ? builder.op('And', conditions) : conditions[0]!;
  return builder.cast(both, 'float', output);
}
