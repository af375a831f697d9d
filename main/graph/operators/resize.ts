/**
 * Resize of height and width, nearest or linear, and products along one axis. A resize is linear and
 * separable: along each axis a constant matrix, whose transpose takes gradients back.
 */
import { WorkbenchError } from '../../errors.ts';
import { multiplyAlongAxis } from '../onnx/along-axis.ts';
import type { OnnxBuilder } from '../onnx/builder.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { Pair, ResizeAttributes } from './attributes.ts';
import { Composition } from './composed.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from './operator.ts';
import type { Known } from '../../common/known.ts';

/**
 * Engines compute sizes and places in single precision, and so does this file: where only rounding keeps a
 * place from being whole, as with a factor of 5/3, it then picks the same nearest value as they do.
 */
const single = Math.fround;

/** Output size along an image axis, 0 for height and 1 for width. Source: ONNX Resize. */
function resized(size: number, axis: 0 | 1, { target }: ResizeAttributes): number {
  return target.kind === 'sizes'
    ? target.sizes[axis]
    : Math.floor(single(size * single(target.scales[axis])));
}

/** Where an output pixel is in the input. Source: ONNX Resize, coordinate_transformation_mode. */
function sourcePlace(
  place: number,
  from: number,
  to: number,
  scale: number,
  coordinates: ResizeAttributes['coordinates'],
): number {
  switch (coordinates) {
    case 'asymmetric':
      return single(place / scale);
    case 'align_corners':
      return to === 1 ? 0 : single(single(place * (from - 1)) / (to - 1));
    case 'pytorch_half_pixel':
      return to > 1 ? single(single((place + 0.5) / scale) - 0.5) : 0;
    case 'half_pixel':
      return single(single((place + 0.5) / scale) - 0.5);
  }
}

function nearest(place: number, mode: ResizeAttributes['nearestMode']): number {
  switch (mode) {
    case 'floor':
      return Math.floor(place);
    case 'ceil':
      return Math.ceil(place);
    case 'round_prefer_floor':
      return Math.ceil(place - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(place + 0.5);
  }
}

/** Larger matrices than this, of 8192 x 8192, would take gigabytes. */
const largestMatrix = 2 ** 26;

const tooLarge = (from: number, to: number) =>
  new WorkbenchError(
    'tensor-too-large',
    `A resize from ${from} to ${to} places is too large to be differentiated.`,
    'Use smaller images or a smaller network.',
  );

/**
 * The resize along one axis as a matrix of to x from, row-major.
 * @throws WorkbenchError `tensor-too-large`
 */
export function resizeMatrix(
  from: number,
  axis: 0 | 1,
  attributes: ResizeAttributes,
): { readonly to: number; readonly matrix: Float32Array } {
  const to = resized(from, axis, attributes);
  const { target } = attributes;
  const scale = single(target.kind === 'scales' ? target.scales[axis] : to / from);
  if (to * from > largestMatrix) {
    throw tooLarge(from, to);
  }
  const matrix = new Float32Array(to * from);
  const inside = (place: number) => Math.min(Math.max(place, 0), from - 1);
  for (let row = 0; row < to; row++) {
    const place = sourcePlace(row, from, to, scale, attributes.coordinates);
    if (attributes.mode === 'nearest') {
      matrix[row * from + inside(nearest(place, attributes.nearestMode))] = 1;
    } else {
      const low = Math.floor(inside(place));
      const share = inside(place) - low;
      matrix[row * from + low]! += 1 - share;
      if (share > 0) matrix[row * from + low + 1]! += share;
    }
  }
  return { to, matrix };
}

/**
 * Sequences of one axis get one of a single place in front. Cubic interpolation is two products along axes: it is
 * linear and separable like the other modes. Source: ONNX Resize, mode cubic (Keys' kernel), cubic_coeff_a and
 * exclude_outside.
 */
export function expandResize(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const compose = new Composition(source, context);
  const [x = ''] = source.inputs;
  if (context.knownShape(x)?.length !== 3) return compose.ending(ofImage(x));
  const image = compose.op('Unsqueeze', [x], { axes: [2] });
  return compose.ending(compose.op('Squeeze', [ofImage(image, 1)], { axes: [2] }));

  function ofImage(value: string, places: 1 | 2 = 2): string {
    if (source.string('mode', 'nearest') !== 'cubic') {
      return compose.op('Resize', [value], readResize(source, places).attributes);
    }
    const linear = source.changed({ strings: { mode: 'linear' } });
    const { attributes } = readResize(linear, places);
    const [height = 1, width = 1] = context.shapeOf(x).slice(2);
    const outside = source.int('exclude_outside', 0) === 1;
    const along = (of: string, from: number, axis: 0 | 1) => {
      const a = source.float('cubic_coeff_a', -0.75);
      const { to, matrix } = cubicMatrix(from, axis, attributes, { a, outside });
      return compose.op('LinearAlongAxis', [of], { axis: 2 + axis, rows: to, matrix });
    };
    return places === 1 ? along(value, height, 1) : along(along(value, height, 0), width, 1);
  }
}

function cubicMatrix(
  from: number,
  axis: 0 | 1,
  attributes: ResizeAttributes,
  { a, outside }: { readonly a: number; readonly outside: boolean },
): { readonly to: number; readonly matrix: Float32Array } {
  const to = resized(from, axis, attributes);
  const { target } = attributes;
  const scale = single(target.kind === 'scales' ? target.scales[axis] : to / from);
  if (to * from > largestMatrix) throw tooLarge(from, to);
  const kernel = (distance: number): number => {
    const x = Math.abs(distance);
    if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  };
  const matrix = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const place = sourcePlace(row, from, to, scale, attributes.coordinates);
    const first = Math.floor(place) - 1;
    const taps = [0, 1, 2, 3].map((i) => ({ at: first + i, weight: kernel(place - first - i) }));
    const used = outside ? taps.filter(({ at }) => at >= 0 && at < from) : taps;
    const sum = outside ? used.reduce((total, { weight }) => total + weight, 0) : 1;
    for (const { at, weight } of used) {
      matrix[row * from + Math.min(Math.max(at, 0), from - 1)]! += weight / sum;
    }
  }
  return { to, matrix };
}

export const resize: OperatorDefinition<'Resize'> = {
  kind: 'Resize',
  traits: { ownBox: true },
  infer(node, [x]) {
    if (x.length !== 4) throw shapeMismatch(node, [x], 'images need four axes');
    const { target } = node.attributes;
    const factors = target.kind === 'scales' ? target.scales : target.sizes;
    if (!factors.every((factor) => factor > 0 && Number.isFinite(factor))) {
      throw shapeMismatch(node, [x], `it cannot be resized by or to ${factors.join(' x ')}`);
    }
    const height = resized(x[2]!, 0, node.attributes);
    const width = resized(x[3]!, 1, node.attributes);
    if (height < 1 || width < 1) throw shapeMismatch(node, [x], 'nothing is left of the image');
    return [[x[0]!, x[1]!, height, width]];
  },
  differentiate(node, gradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const [, , height, width] = context.shapeOf(x) as Known<number>;
    const along = (value: string, from: number, axis: 0 | 1) => {
      const { to, matrix } = resizeMatrix(from, axis, node.attributes);
      const back = transposedMatrix(matrix, to, from);
      return context.emit('LinearAlongAxis', [value], { axis: 2 + axis, rows: from, matrix: back });
    };
    return [along(along(gradient, height, 0), width, 1)];
  },
  read: (source) => readResize(source, 2),
  write(node, builder, shapeOf) {
    const { mode, coordinates, nearestMode, target } = node.attributes;
    const x = node.inputs[0]!;
    const attributes = {
      mode: { string: mode },
      coordinate_transformation_mode: { string: coordinates },
      nearest_mode: { string: nearestMode },
    };
    // Factors are written unchanged: recomputed from sizes, they would round differently.
    const inputs =
      target.kind === 'scales'
        ? [x, '', scalesConstant(target.scales, builder)]
        : [x, '', '', builder.integers([...shapeOf(x).slice(0, 2), ...target.sizes])];
    builder.node('Resize', inputs, node.outputs, attributes, node.name);
  },
};

function scalesConstant(scales: Pair, builder: OnnxBuilder): string {
  return builder.floats(`:scales${scales.join('_')}`, [4], () => Float32Array.of(1, 1, ...scales));
}

function transposedMatrix(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  }
  return out;
}

const coordinateModes = new Set([
  'half_pixel',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
] as const);
const nearestModes = new Set(['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'] as const);

function oneOf<T extends string>(
  source: OnnxNode,
  name: string,
  fallback: T,
  known: ReadonlySet<T>,
): T {
  const value = source.string(name, fallback);
  if (!known.has(value as T)) throw unsupportedAttribute(source, `${name}=${value}`);
  return value as T;
}

/** @param places axes that are resized; of one, the other stays as it is */
function readResize(source: OnnxNode, places: 1 | 2) {
  const old = source.opset < 11;
  const axes = source.ints('axes');
  if (axes && axes.join() !== (places === 1 ? '2' : '2,3'))
    throw unsupportedAttribute(source, `axes=${axes.join(', ')}`);
  const attributes: ResizeAttributes = {
    mode: oneOf(source, 'mode', 'nearest', new Set(['nearest', 'linear'] as const)),
    // Before opset 11 places were asymmetric and nearest rounded down.
    coordinates: old
      ? 'asymmetric'
      : oneOf(source, 'coordinate_transformation_mode', 'half_pixel', coordinateModes),
    nearestMode: old ? 'floor' : oneOf(source, 'nearest_mode', 'round_prefer_floor', nearestModes),
    target: readTarget(source, old, places),
  };
  if (source.int('antialias', 0) === 1) throw unsupportedAttribute(source, 'antialias=1');
  if (source.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw unsupportedAttribute(source, 'keep_aspect_ratio_policy');
  }
  return { inputs: source.inputs.slice(0, 1), attributes };
}

function readTarget(source: OnnxNode, old: boolean, places: 1 | 2): ResizeAttributes['target'] {
  const pair = (values: readonly number[]): Pair => {
    const written = source.has('axes') ? places : places + 2;
    if (values.length !== written) throw unsupportedAttribute(source, `${values.length} sizes`);
    return places === 1 ? [1, values.at(-1)!] : [values.at(-2)!, values.at(-1)!];
  };
  const sizes = old ? undefined : source.constantIntegers(3);
  if (sizes && sizes.length > 0) return { kind: 'sizes', sizes: pair(sizes) };
  const scales = source.floats('scales') ?? source.constantFloats(old ? 1 : 2);
  if (!scales || scales.length === 0) throw unsupportedAttribute(source, 'no scales and no sizes');
  if (!source.has('axes') && (scales[0] !== 1 || scales[1] !== 1)) {
    throw unsupportedAttribute(source, 'a factor for batch or channels');
  }
  return { kind: 'scales', scales: pair([...scales]) };
}

export const linearAlongAxis: OperatorDefinition<'LinearAlongAxis'> = {
  kind: 'LinearAlongAxis',
  infer(node, [x]) {
    const { axis, rows } = node.attributes;
    return [x.map((size, place) => (place === axis ? rows : size))];
  },
  differentiate(node, gradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const { axis, rows, matrix } = node.attributes;
    const size = context.shapeOf(x)[axis]!;
    const back = transposedMatrix(matrix, rows, size);
    return [context.emit('LinearAlongAxis', [gradient], { axis, rows: size, matrix: back })];
  },
  write(node, builder, shapeOf) {
    const name = node.inputs[0]!;
    multiplyAlongAxis(builder, { name, shape: shapeOf(name) }, node.attributes, node.outputs[0]);
  },
};
