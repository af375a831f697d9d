/** Padding with other values than zero, and repetition: places of a tensor taken once more. */
import type { OnnxNode } from '../onnx/node.ts';
import { Composition } from './composed.ts';
import { unsupportedAttribute, type ExpandedNode, type ExpansionContext } from './operator.ts';
import { axisFromFront } from './moving.ts';

/** Pads of every axis, all begins, then all ends; ONNX writes those of some axes only since opset 18. */
function padsOf(source: OnnxNode, rank: number): readonly number[] {
  const pads = source.ints('pads') ?? source.constantIntegers(1);
  if (!pads) throw unsupportedAttribute(source, 'no pads');
  const axes = source.inputs[3] ? source.constantIntegers(3) : undefined;
  if (!axes) return pads;
  const whole = new Array<number>(2 * rank).fill(0);
  axes.forEach((written, i) => {
    const axis = axisFromFront(written, rank);
    whole[axis] = pads[i]!;
    whole[axis + rank] = pads[i + axes.length]!;
  });
  return whole;
}

/** Where the padded places of an axis come from. Source: ONNX Pad, modes reflect, edge and wrap. */
const sources: Readonly<Record<string, (place: number, size: number) => number>> = {
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
  wrap: (place, size) => ((place % size) + size) % size,
  reflect(place, size) {
    if (size === 1) return 0;
    const period = 2 * (size - 1);
    const within = ((place % period) + period) % period;
    return within < size ? within : period - within;
  },
};

export function expandPad(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const x = source.inputs[0]!;
  const mode = source.string('mode', 'constant');
  const given = source.opset < 11 ? source.float('value', 0) : (source.constantFloat(2) ?? 0);
  const compose = new Composition(source, context);
  if (mode === 'constant' && given === 0 && !source.inputs[3]) {
    return compose.ending(compose.op('Pad', [x], { pads: padsOf(source, 0) }));
  }
  const shape = context.shapeOf(x);
  const rank = shape.length;
  const pads = padsOf(source, rank);
  if (pads.length !== 2 * rank) throw unsupportedAttribute(source, `${pads.length} pads`);
  if (mode === 'constant' && given === 0) return compose.ending(compose.op('Pad', [x], { pads }));
  const from = sources[mode];
  if (mode !== 'constant' && !from) throw unsupportedAttribute(source, `mode=${mode}`);
  let value = x;
  const sizes = [...shape];
  for (let axis = 0; axis < rank; axis++) {
    const [before, after] = [pads[axis]!, pads[axis + rank]!];
    if (before === 0 && after === 0) continue;
    const size = sizes[axis]!;
    if (from) {
      const indices = Array.from({ length: size + before + after }, (_, i) =>
        from(i - before, size),
      );
      const indicesShape = [indices.length];
      value = compose.op('Gather', [value], { axis, indices, indicesShape });
    } else {
      const [start, end] = [Math.max(0, -before), size - Math.max(0, -after)];
      if (start > 0 || end < size) {
        const cut = { axes: [axis], starts: [start], ends: [end], steps: [1] };
        value = compose.op('Slice', [value], cut);
      }
      const border = (width: number) =>
        width > 0
          ? [
              context.constant(
                sizes.map((own, place) => (place === axis ? width : own)),
                given,
              ),
            ]
          : [];
      const parts = [...border(before), value, ...border(after)];
      if (parts.length > 1) value = compose.op('Concat', parts, { axis });
    }
    sizes[axis] = size + before + after;
  }
  return compose.ending(value);
}

/** Whole copies side by side. Source: ONNX Tile. */
export function expandTile(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const repeats = source.constantIntegers(1);
  if (!repeats) throw unsupportedAttribute(source, 'no repeats');
  const compose = new Composition(source, context);
  let value = source.inputs[0]!;
  repeats.forEach((times, axis) => {
    if (times < 1) throw unsupportedAttribute(source, `${times} repeats`);
    if (times > 1) value = compose.op('Concat', new Array<string>(times).fill(value), { axis });
  });
  return compose.ending(value);
}

/** Running sums along an axis: a product with a triangle of ones. Source: ONNX CumSum. */
export function expandCumSum(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const x = source.inputs[0]!;
  const shape = context.shapeOf(x);
  const [written] = source.constantIntegers(1) ?? [];
  if (written === undefined) throw unsupportedAttribute(source, 'no axis');
  const axis = axisFromFront(written, shape.length);
  const size = shape[axis]!;
  const own = source.int('exclusive', 0) === 1 ? 1 : 0;
  const back = source.int('reverse', 0) === 1;
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const behind = back ? column - row : row - column;
      if (behind >= own) matrix[row * size + column] = 1;
    }
  }
  const compose = new Composition(source, context);
  return compose.ending(compose.op('LinearAlongAxis', [x], { axis, rows: size, matrix }));
}
