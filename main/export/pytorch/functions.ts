/** Operators as PyTorch functions: what has no module of its own. */
import { WorkbenchError } from '../../errors.ts';
import type { Node, NodeOf, OperatorKind, Shape } from '../../graph/graph.ts';
import type { Pads, Pair, PoolAttributes } from '../../graph/operators/attributes.ts';
import { resizeMatrix } from '../../graph/operators/resize.ts';
import type { Known } from '../../common/known.ts';

/** Python of one node, given expressions for all inputs (an empty one is left out). */
export type Written = (inputs: readonly string[]) => string;
type Table = {
  readonly [K in OperatorKind]?: (
    node: NodeOf<K>,
    shapeOf: (value: string) => Shape,
    inputs: Known<string>,
  ) => string;
};

export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (value === Infinity) return 'float("inf")';
  if (value === -Infinity) return 'float("-inf")';
  return String(value);
}

/** Exporters write an end this large to mean "to the end of the axis". */
const toTheEnd = 2 ** 31 - 1;

/** A Python tuple: a single number is followed by a comma. */
export function tuple(values: readonly (number | string)[]): string {
  return `(${values.join(', ')}${values.length === 1 ? ',' : ''})`;
}

/** A single number if both are the same. */
export const pairOf = ([a, b]: Pair) => (a === b ? String(a) : tuple([a, b]));

/** Top, left, bottom, right as F.pad takes them: left, right, top, bottom. */
export function paddedCall(x: string, [top, left, bottom, right]: Pads, value?: string): string {
  const pads = tuple([left, right, top, bottom]);
  return value === undefined ? `F.pad(${x}, ${pads})` : `F.pad(${x}, ${pads}, value=${value})`;
}

export const symmetric = ([top, left, bottom, right]: Pads) => top === bottom && left === right;

/** An operand in brackets where it is more than a name or a call. */
const operand = (text: string) =>
  /^[\w.[\]"]+$|^[\w.]+\([^()]*\)$/.test(text) ? text : `(${text})`;
const unary =
  (name: string) =>
  (_node: unknown, _shapes: unknown, [x]: Known<string>) =>
    `${name}(${x})`;
const binary =
  (sign: string) =>
  (_node: unknown, _shapes: unknown, [a, b]: Known<string>) =>
    `${operand(a)} ${sign} ${operand(b)}`;

const table: Table = {
  Relu: unary('F.relu'),
  Identity: (_node, _shapes, [x]) => x,
  Neg: (_node, _shapes, [x]) => `-${operand(x)}`,
  Exp: unary('torch.exp'),
  Log: unary('torch.log'),
  Sqrt: unary('torch.sqrt'),
  Reciprocal: unary('torch.reciprocal'),
  Abs: unary('torch.abs'),
  Sigmoid: unary('torch.sigmoid'),
  Tanh: unary('torch.tanh'),
  Erf: unary('torch.erf'),
  HardSwish: unary('F.hardswish'),
  HardSigmoid: ({ attributes: { alpha, beta } }, _shapes, [x]) =>
    `torch.clamp(${operand(x)} * ${alpha} + ${beta}, 0.0, 1.0)`,
  Gelu: ({ attributes: { approximate } }, _shapes, [x]) =>
    `F.gelu(${x}, approximate="${approximate}")`,
  Elu: ({ attributes: { alpha } }, _shapes, [x]) => `F.elu(${x}, ${alpha})`,
  LeakyRelu: ({ attributes: { alpha } }, _shapes, [x]) => `F.leaky_relu(${x}, ${alpha})`,
  PRelu: (_node, _shapes, [x, slope]) =>
    `torch.where(${operand(x)} > 0, ${x}, ${operand(x)} * ${operand(slope)})`,
  Clip: ({ attributes: { min, max } }, _shapes, [x]) =>
    min === 0 && max === 6
      ? `F.relu6(${x})`
      : `torch.clamp(${x}, ${pythonNumber(min)}, ${pythonNumber(max)})`,
  Pow: ({ attributes: { exponent } }, _shapes, [x]) => `torch.pow(${x}, ${exponent})`,
  Softmax: ({ attributes: { axis } }, _shapes, [x]) => `torch.softmax(${x}, ${axis})`,
  Add: binary('+'),
  Sub: binary('-'),
  Mul: binary('*'),
  Div: binary('/'),
  MatMul: (_node, _shapes, [a, b]) => `torch.matmul(${a}, ${b})`,
  Gemm: gemm,
  Conv({ attributes: { strides, pads, dilations, group } }, _shapes, [x, weight, bias = 'None']) {
    const [image, padding] = symmetric(pads)
      ? [x, pairOf([pads[0], pads[1]])]
      : [paddedCall(x, pads), '0'];
    return `F.conv2d(${image}, ${weight}, ${bias || 'None'}, ${pairOf(strides)}, ${padding}, ${pairOf(dilations)}, ${group})`;
  },
  BatchNormalization: ({ attributes: { epsilon } }, _shapes, [x, scale, shift, mean, variance]) =>
    `F.batch_norm(${x}, ${mean}, ${variance}, ${scale}, ${shift}, eps=${epsilon})`,
  InstanceNormalization: ({ attributes: { epsilon } }, _shapes, [x, scale, shift]) =>
    `F.instance_norm(${x}, weight=${scale}, bias=${shift}, eps=${epsilon})`,
  LayerNormalization(
    { attributes: { axis, epsilon }, inputs },
    shapeOf,
    [x, scale, shift = 'None'],
  ) {
    const normalised = shapeOf(inputs[0]!).slice(axis);
    return `F.layer_norm(${x}, ${tuple(normalised)}, ${scale}, ${shift || 'None'}, ${epsilon})`;
  },
  AveragePool(node, _shapes, [x]) {
    const { pads, countIncludePad, ceilMode } = node.attributes;
    const inside = padsInside(node.attributes);
    if (!inside && (!countIncludePad || ceilMode)) {
      throw notExportable(
        node,
        symmetric(pads) ? 'padding beyond half a window' : 'uneven padding',
      );
    }
    const image = inside ? x : paddedCall(x, pads);
    const rest =
      countIncludePad || pads.every((size) => size === 0) ? '' : ', count_include_pad=False';
    return `F.avg_pool2d(${image}, ${poolArguments(node.attributes)}${rest})`;
  },
  MaxPool({ attributes, outputs }, shapeOf, [x]) {
    const inside = padsInside(attributes);
    const image = inside ? x : paddedCall(x, attributes.pads, 'float("-inf")');
    const dilation = attributes.dilations.some((size) => size !== 1)
      ? `, dilation=${pairOf(attributes.dilations)}`
      : '';
    const pooled = `F.max_pool2d(${image}, ${poolArguments(attributes)}${dilation})`;
    if (inside || !attributes.ceilMode) return pooled;
    // PyTorch counts the padding as image, and adds a window where one would start beyond the image.
    const [, , height, width] = shapeOf(outputs[0]!) as Known<number>;
    return `${pooled}[:, :, :${height}, :${width}]`;
  },
  GlobalAveragePool: (_node, _shapes, [x]) => `F.adaptive_avg_pool2d(${x}, 1)`,
  GlobalMaxPool: (_node, _shapes, [x]) => `F.adaptive_max_pool2d(${x}, 1)`,
  ReduceMean: ({ attributes: { axes, keepDims } }, _shapes, [x]) =>
    `torch.mean(${x}, ${tuple(axes)}${keepDims ? ', keepdim=True' : ''})`,
  ReduceSum: ({ attributes: { axes, keepDims } }, _shapes, [x]) =>
    `torch.sum(${x}, ${tuple(axes)}${keepDims ? ', keepdim=True' : ''})`,
  Flatten({ attributes: { axis }, inputs }, shapeOf, [x]) {
    if (axis === 1) return `torch.flatten(${x}, 1)`;
    if (axis === shapeOf(inputs[0]!).length) return `${operand(x)}.reshape(-1, 1)`;
    return axis === 0
      ? `${operand(x)}.reshape(1, -1)`
      : `${operand(x)}.flatten(0, ${axis - 1}).flatten(1)`;
  },
  Reshape: ({ attributes: { shape } }, _shapes, [x]) =>
    `${operand(x)}.reshape(${shape.map((size, axis) => (size === 0 ? `${operand(x)}.shape[${axis}]` : size)).join(', ')})`,
  Pad({ attributes: { pads } }, _shapes, [x]) {
    const rank = pads.length / 2;
    const fromLast = Array.from({ length: rank }, (_, i) => rank - 1 - i);
    return `F.pad(${x}, ${tuple(fromLast.flatMap((axis) => [pads[axis]!, pads[axis + rank]!]))})`;
  },
  Concat: ({ attributes: { axis } }, _shapes, inputs) =>
    `torch.cat([${inputs.join(', ')}], ${axis})`,
  Transpose: ({ attributes: { permutation } }, _shapes, [x]) =>
    `${operand(x)}.permute(${permutation.join(', ')})`,
  Squeeze({ attributes: { axes }, inputs }, shapeOf, [x]) {
    const rank = shapeOf(inputs[0]!).length;
    const fromLast = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => b - a);
    if (fromLast.length === 0) return `torch.squeeze(${x})`;
    return fromLast.reduce((text, axis) => `${text}.squeeze(${axis})`, operand(x));
  },
  Unsqueeze({ attributes: { axes }, outputs }, shapeOf, [x]) {
    const rank = shapeOf(outputs[0]!).length;
    const inOrder = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    return inOrder.reduce((text, axis) => `${text}.unsqueeze(${axis})`, operand(x));
  },
  Expand({ inputs, outputs }, shapeOf, [x]) {
    const from = shapeOf(inputs[0]!);
    const to = shapeOf(outputs[0]!);
    // Axes that keep their size are not spelled out, since one may be the batch.
    const sizes = to.map((size, axis) =>
      size === from[axis + from.length - to.length] ? -1 : size,
    );
    return `${operand(x)}.expand(${sizes.join(', ')})`;
  },
  Slice(node, shapeOf, [x]) {
    const { axes, starts, ends, steps } = node.attributes;
    if (steps.some((step) => step < 1)) throw notExportable(node, 'a negative step');
    const shape = shapeOf(node.inputs[0]!);
    const parts = shape.map((_, axis) => {
      const i = axes.findIndex(
        (written) => (written < 0 ? written + shape.length : written) === axis,
      );
      if (i < 0) return ':';
      // An end that merely equals this axis's size is kept: the axis may be the batch.
      const end = ends[i]! >= toTheEnd ? '' : String(ends[i]);
      const step = steps[i] === 1 ? '' : `:${steps[i]}`;
      return `${starts[i] === 0 ? '' : starts[i]}:${end}${step}`;
    });
    return `${operand(x)}[${parts.join(', ')}]`;
  },
  Resize: resize,
  GridSample: ({ attributes: { mode, padding, alignCorners } }, _shapes, [x, grid]) =>
    `F.grid_sample(${x}, ${grid}, "${mode === 'linear' ? 'bilinear' : mode}", "${padding}", ${alignCorners ? 'True' : 'False'})`,
};

function gemm(node: NodeOf<'Gemm'>, _shapes: unknown, inputs: readonly string[]): string {
  const { alpha, beta, transA, transB } = node.attributes;
  const [a, b, c] = inputs as Known<string>;
  const factor = (text: string, transposed: boolean) =>
    transposed ? `${operand(text)}.t()` : text;
  const product = `torch.matmul(${factor(a, transA)}, ${factor(b, transB)})`;
  const scaled = alpha === 1 ? product : `${alpha} * ${product}`;
  return c ? `${scaled} + ${beta === 1 ? operand(c) : `${beta} * ${operand(c)}`}` : scaled;
}

/** Whether PyTorch's pools can pad like this: equally on both sides, and by at most half a window. */
const padsInside = ({ kernel, pads }: PoolAttributes): boolean =>
  symmetric(pads) && kernel.every((size, axis) => 2 * pads[axis]! <= size);

function poolArguments(pool: PoolAttributes): string {
  const { kernel, strides, pads, ceilMode } = pool;
  const padding = padsInside(pool) ? pairOf([pads[0], pads[1]]) : '0';
  const rest = padding === '0' ? '' : `, ${padding}`;
  return `${pairOf(kernel)}, ${pairOf(strides)}${rest}${ceilMode ? ', ceil_mode=True' : ''}`;
}

/** F.interpolate, if it gives exactly the numbers of the network's resize. */
function resize(
  node: NodeOf<'Resize'>,
  shapeOf: (value: string) => Shape,
  [x]: readonly string[],
): string {
  const from = shapeOf(node.inputs[0]!).slice(2);
  const to = shapeOf(node.outputs[0]!).slice(2);
  const { mode, coordinates } = node.attributes;
  const aligned = mode === 'linear' && coordinates === 'align_corners';
  for (const axis of [0, 1] as const) {
    const torch = resizeMatrix(from[axis]!, axis, {
      mode,
      coordinates: mode === 'nearest' ? 'asymmetric' : aligned ? 'align_corners' : 'half_pixel',
      nearestMode: 'floor',
      target: { kind: 'sizes', sizes: [to[0]!, to[1]!] },
    }).matrix;
    const own = resizeMatrix(from[axis]!, axis, node.attributes).matrix;
    if (torch.some((value, i) => Math.abs(value - own[i]!) > 1e-6)) {
      throw notExportable(node, `${mode} resizing with ${coordinates} coordinates`);
    }
  }
  const factors = [to[0]! / from[0]!, to[1]! / from[1]!];
  const size =
    factors.every(Number.isInteger) && !aligned
      ? `scale_factor=${pairOf([factors[0]!, factors[1]!])}`
      : `size=${tuple(to)}`;
  const words =
    mode === 'nearest'
      ? 'mode="nearest"'
      : `mode="bilinear", align_corners=${aligned ? 'True' : 'False'}`;
  return `F.interpolate(${x}, ${size}, ${words})`;
}

/** Throws `not-exportable` for an operator that has no function here. */
export function functionOf(node: Node, shapeOf: (value: string) => Shape): Written {
  const write = table[node.kind] as
    | ((node: Node, shapeOf: (value: string) => Shape, inputs: readonly string[]) => string)
    | undefined;
  if (!write) throw notExportable(node, 'it has no counterpart there');
  return (inputs) => write(node, shapeOf, inputs);
}

function notExportable(node: Pick<Node, 'kind' | 'name'>, why: string): WorkbenchError {
  return new WorkbenchError(
    'not-exportable',
    `The ${node.kind} node "${node.name}" cannot be written as PyTorch code: ${why}.`,
    'Export the other formats without the PyTorch module.',
  );
}
