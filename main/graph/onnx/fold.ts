/**
 * Folds shape arithmetic away: exporters compute sizes inside the network (Shape, Gather, Concat, ...),
 * and once the batch size is known these are constants.
 */
import { broadcast, elements, type Shape } from '../shape.ts';
import type { OnnxNode, OnnxTensor } from './node.ts';

/** Shape arithmetic handles a few numbers; larger constants are weights and stay nodes. */
const mostElements = 4096;

interface Numbers {
  readonly shape: Shape;
  readonly type: OnnxTensor['type'];
  readonly values: readonly number[];
}

type Fold = (node: OnnxNode, inputs: readonly Numbers[]) => Numbers | null;

/**
 * @returns the constant that a node's first output is, or null where it is no constant.
 * @param shapeOf the shape of a value, where it is known
 */
export function foldConstant(
  node: OnnxNode,
  shapeOf: (value: string) => Shape | undefined,
): OnnxTensor | null {
  if (node.opType === 'Shape') return shapeConstant(node, shapeOf(node.inputs[0] ?? ''));
  const fold = folds[node.opType];
  if (!fold) return null;
  const inputs: Numbers[] = [];
  for (const [index, name] of node.inputs.entries()) {
    if (name === '') continue;
    const tensor = node.constantTensor(index);
    if (!tensor || elements(tensor.shape) > mostElements) return null;
    const values = tensor.type === 'int64' ? tensor.integers : Array.from(tensor.data);
    inputs.push({ shape: tensor.shape, type: tensor.type, values });
  }
  const folded = fold(node, inputs);
  return folded && tensorOf(folded);
}

function tensorOf({ shape, type, values }: Numbers): OnnxTensor {
  return type === 'int64'
    ? { shape, type, data: new Float32Array(0), integers: values }
    : { shape, type, data: Float32Array.from(values), integers: [] };
}

function shapeConstant(node: OnnxNode, shape: Shape | undefined): OnnxTensor | null {
  if (!shape) return null;
  const values = shape.slice(node.int('start', 0), node.int('end', shape.length));
  return tensorOf({ shape: [values.length], type: 'int64', values });
}

/** Elementwise with broadcasting; integers stay integers, as ONNX divides them. */
function elementwise(operation: (a: number, b: number) => number): Fold {
  return (_node, [a, b]) => {
    const shape = broadcast(a.shape, b.shape);
    if (!shape) return null;
    const type = a.type;
    const values = Array.from({ length: elements(shape) }, (_, place) => {
      const value = operation(valueAt(a, shape, place), valueAt(b, shape, place));
      return type === 'int64' ? Math.trunc(value) : value;
    });
    return { shape, type, values };
  };
}

function valueAt(of: Numbers, shape: Shape, place: number): number {
  let index = 0;
  let stride = 1;
  let rest = place;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const at = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
    const size = of.shape[axis - shape.length + of.shape.length] ?? 1;
    if (size > 1) index += at * stride;
    stride *= size;
  }
  return of.values[index];
}

const map =
  (operation: (value: number) => number): Fold =>
  (_node, [x]) => ({ ...x, values: x.values.map(operation) });

/** Only integers: a small weight that is reshaped stays a node, so that it keeps its name. */
const integersOnly =
  (fold: Fold): Fold =>
  (node, inputs) =>
    inputs.every(({ type }) => type === 'int64') ? fold(node, inputs) : null;

const axesOf = (node: OnnxNode) => node.ints('axes') ?? node.constantIntegers(1) ?? [];

const folds: Readonly<Record<string, Fold>> = {
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: elementwise((a, b) => a / b),
  Mod: elementwise((a, b) => a - b * Math.floor(a / b)),
  Equal: integersOnly(elementwise((a, b) => (a === b ? 1 : 0))),
  Floor: map(Math.floor),
  Ceil: map(Math.ceil),
  Neg: map((value) => -value),
  Identity: integersOnly((_node, [x]) => x),
  Cast(node, [x]) {
    const target = node.int('to', 1);
    const integer = target === 6 || target === 7 || target === 9; // int32, int64, bool
    if (!integer && target !== 1 && target !== 11) return null;
    const values = integer ? x.values.map(Math.trunc) : x.values;
    return { shape: x.shape, type: integer ? 'int64' : 'float32', values };
  },
  Gather: integersOnly((node, [x, indices]) => {
    if (x.shape.length !== 1 || node.int('axis', 0) !== 0) return null;
    const at = (index: number) => x.values[index < 0 ? index + x.values.length : index];
    const values = indices.values.map(at);
    if (values.includes(undefined as unknown as number)) return null;
    return { shape: indices.shape, type: 'int64', values };
  }),
  Unsqueeze: integersOnly((node, [x]) =>
    x.shape.length === 0 && axesOf(node).length === 1 ? { ...x, shape: [1] } : null,
  ),
  Squeeze: integersOnly((_node, [x]) => (x.values.length === 1 ? { ...x, shape: [] } : null)),
  Reshape: integersOnly((_node, [x, shape]) =>
    shape.values.length <= 1
      ? { ...x, shape: shape.values.length === 0 ? [] : [x.values.length] }
      : null,
  ),
  /** Resize takes its factors as floats. */
  Concat(_node, inputs) {
    const [{ type }] = inputs;
    if (inputs.some((input) => input.shape.length !== 1 || input.type !== type)) return null;
    const values = inputs.flatMap((input) => input.values);
    return { shape: [values.length], type, values };
  },
  Slice: integersOnly((node, [x, starts, ends]) => {
    const [start, end] = [
      starts?.values[0] ?? node.ints('starts')?.[0],
      ends?.values[0] ?? node.ints('ends')?.[0],
    ];
    const step = node.constantIntegers(4)?.[0] ?? 1;
    if (x.shape.length !== 1 || start === undefined || end === undefined || step !== 1) return null;
    const values = x.values.slice(start, end);
    return { shape: [values.length], type: 'int64', values };
  }),
  ConstantOfShape(node, [shape]) {
    if (elements(shape.values) > mostElements) return null;
    const fill = node.tensor('value');
    const [value, type] =
      fill?.type === 'int64'
        ? [fill.integers[0], fill.type]
        : [fill?.data[0] ?? 0, 'float32' as const];
    const values = Array.from({ length: elements(shape.values) }, () => value);
    return { shape: shape.values, type, values };
  },
  Where: integersOnly((_node, [condition, a, b]) => {
    const shape = broadcast(condition.shape, broadcast(a.shape, b.shape) ?? []);
    if (!shape) return null;
    const values = Array.from({ length: elements(shape) }, (_, place) =>
      valueAt(valueAt(condition, shape, place) ? a : b, shape, place),
    );
    return { shape, type: 'int64', values };
  }),
  Range: integersOnly((_node, [start, limit, delta]) => {
    const [from, to, step] = [start.values[0], limit.values[0], delta.values[0]];
    const count = Math.max(0, Math.ceil((to - from) / step));
    if (!Number.isFinite(count) || count > mostElements) return null;
    const values = Array.from({ length: count }, (_, i) => from + i * step);
    return { shape: [count], type: 'int64', values };
  }),
  ReduceProd: integersOnly((_node, [x]) => ({
    shape: [],
    type: 'int64',
    values: [x.values.reduce((a, b) => a * b, 1)],
  })),
};
