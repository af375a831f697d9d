/**
 * Operators over several tensors, for results of more axes than TensorFlow Lite broadcasts: some of its kernels end the
 * process at the fifth, others at the sixth.
 */
import { elements, type Shape } from '../../graph/shape.ts';
import type { Emitter } from '../emitter.ts';
import type { TensorIndex } from '../model.ts';

const most = 4;

export interface InFewAxes {
  readonly operands: readonly TensorIndex[];
  /** Of the result, to be brought to its own shape afterwards. */
  readonly shape: Shape;
}

/**
 * Neighbouring axes along which the same operands broadcast become one; where that does not suffice, operands are
 * repeated to the result's size.
 * @param operands with as many axes as the result, or single numbers of no axis
 * @param shape of the result
 */
export function inFewAxes(
  emitter: Emitter,
  operands: readonly TensorIndex[],
  shape: Shape,
): InFewAxes {
  if (shape.length <= most) return { operands, shape };
  const shapeOf = (operand: TensorIndex) => emitter.tensors[operand]!.shape;
  const groups = likeNeighbours(operands.map(shapeOf), shape);
  if (groups.length > most) {
    const whole = operands.map((operand) => repeated(emitter, operand, shape));
    return inFewAxes(emitter, whole, shape);
  }
  const merged = (sizes: Shape) =>
    groups.map((group) => elements(group.map((axis) => sizes[axis]!)));
  return {
    operands: operands.map((operand) => {
      const own = shapeOf(operand);
      return own.length === 0 ? operand : emitter.reshaped(operand, merged(own));
    }),
    shape: merged(shape),
  };
}

/** Axes in groups, in order: within one, each operand has all sizes of the result or only ones. */
function likeNeighbours(shapes: readonly Shape[], result: Shape): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let last: string | null = null;
  for (const [axis, size] of result.entries()) {
    const broadcasts = shapes.map((own) => own.length > 0 && own[axis] !== size).join();
    // An axis of size 1 goes with its neighbours, whatever these are.
    const like: string | null = size === 1 ? last : broadcasts;
    if (groups.length > 0 && (last === null || like === last)) groups.at(-1)!.push(axis);
    else groups.push([axis]);
    last = like;
  }
  return groups;
}

function repeated(emitter: Emitter, operand: TensorIndex, shape: Shape): TensorIndex {
  const { shape: own, value } = emitter.tensors[operand]!;
  const times = shape.map((size, axis) => size / (own[axis] ?? size));
  if (own.length === 0 || times.every((count) => count === 1)) return operand;
  return emitter.op('TILE', [operand, emitter.integers(times)], shape, value);
}
