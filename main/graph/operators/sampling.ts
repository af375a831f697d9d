/**
 * GridSample: values of a map at places that the network computes, as deformable attention, spatial transformers and
 * optical flow take them. Its gradients are written out in ordinary operators and two that fetch and bring values by
 * computed places, as PyTorch has them. Source: ONNX GridSample, torch.nn.functional.grid_sample.
 */
import type { Known } from '../../common/known.ts';
import type { OnnxBuilder } from '../onnx/builder.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { Shape } from '../shape.ts';
import { formulas } from './activations.ts';
import type { GridSampleAttributes } from './attributes.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type OperatorDefinition,
} from './operator.ts';

/** Places of a map in one direction, N x 1 x places, and the slope by which the grid moves them. */
interface Direction {
  readonly place: string;
  /** Null where the places depend on the grid by a factor alone. */
  readonly slope: string | null;
  readonly factor: number;
}

/** One of the values between which a place lies: where in the map, and how much of it is taken. */
interface Corner {
  readonly at: string;
  /** 1, or 0 beyond the edge. */
  readonly inside: string;
  readonly shares: { readonly x: string; readonly y: string } | null;
}

export const gridSample: OperatorDefinition<'GridSample'> = {
  kind: 'GridSample',
  traits: { ownBox: true },
  requiredInputs: 2,
  infer(node, [x, grid]) {
    if (x.length !== 4 || grid.length !== 4 || grid[3] !== 2 || grid[0] !== x[0]) {
      throw shapeMismatch(node, [x, grid], 'a map of four axes needs two coordinates a place');
    }
    return [[x[0]!, x[1]!, grid[1]!, grid[2]!]];
  },
  differentiate(node, gradient, context) {
    const [x, grid] = node.inputs as Known<string>;
    const linear = node.attributes.mode === 'linear';
    const ofMap = context.needsGradient(x);
    const ofGrid = context.needsGradient(grid);
    if (!ofMap && !ofGrid) return [null, null];
    const [images, channels, height, width] = context.shapeOf(x) as Known<number>;
    const count = context.shapeOf(grid)[1]! * context.shapeOf(grid)[2]!;
    const rows = context.emit('Reshape', [gradient], { shape: [images, channels, count] });
    const [across, down] = ([width, height] as const).map((size, i) =>
      direction(context, { grid, axis: i, size }, node.attributes),
    ) as [Direction, Direction];
    const corners = cornersOf(context, { across, down, width, height, linear });
    const flat = [images, channels, height * width];
    return [
      ofMap
        ? context.emit('Reshape', [broughtBack(context, rows, corners, height * width)], {
            shape: [images, channels, height, width],
          })
        : null,
      ofGrid
        ? gridGradient(context, {
            x,
            rows,
            corners,
            across,
            down,
            flat,
            shape: context.shapeOf(grid),
          })
        : null,
    ];
  },
  read: readGridSample,
  write(node, builder) {
    const { mode, padding, alignCorners } = node.attributes;
    const attributes = {
      // Opset 20 calls it linear; files are written in an older one.
      mode: { string: mode === 'linear' ? 'bilinear' : 'nearest' },
      padding_mode: { string: padding },
      align_corners: { int: alignCorners ? 1 : 0 },
    };
    builder.node('GridSample', node.inputs, node.outputs, attributes, node.name);
  },
};

function readGridSample(source: OnnxNode) {
  const mode = source.string('mode', source.opset < 20 ? 'bilinear' : 'linear');
  if (!['linear', 'bilinear', 'nearest'].includes(mode)) {
    throw unsupportedAttribute(source, `mode=${mode}`);
  }
  const padding = source.string('padding_mode', 'zeros');
  if (padding !== 'zeros' && padding !== 'border' && padding !== 'reflection') {
    throw unsupportedAttribute(source, `padding_mode=${padding}`);
  }
  const attributes: GridSampleAttributes = {
    mode: mode === 'nearest' ? 'nearest' : 'linear',
    padding,
    alignCorners: source.int('align_corners', 0) === 1,
  };
  return { inputs: source.inputs.slice(0, 2), attributes };
}

/** From -1 to 1 in the grid to pixels of the map, brought inside where padding does so. */
function direction(
  context: DifferentiationContext,
  { grid, axis, size }: { readonly grid: string; readonly axis: number; readonly size: number },
  { padding, alignCorners }: GridSampleAttributes,
): Direction {
  const { times, plus, minus, inside } = formulas(context);
  const [images, rows, columns] = context.shapeOf(grid) as Known<number>;
  const cut = context.emit('Slice', [grid], {
    axes: [3],
    starts: [axis],
    ends: [axis + 1],
    steps: [1],
  });
  const along = context.emit('Reshape', [cut], { shape: [images, 1, rows * columns] });
  const factor = (alignCorners ? size - 1 : size) / 2;
  const place = plus(times(along, factor), (size - 1) / 2);
  const clipped = (value: string) => context.emit('Clip', [value], { min: 0, max: size - 1 });
  const within = (value: string) => inside(value, 0, size - 1);
  if (padding === 'zeros') return { place, slope: null, factor };
  if (padding === 'border') return { place: clipped(place), slope: within(place), factor };
  // There and back between the edges, which lie at pixels' middles or at their borders.
  const low = alignCorners ? 0 : -0.5;
  const span = alignCorners ? size - 1 : size;
  if (span === 0) return { place: times(place, 0), slope: times(place, 0), factor };
  const from = plus(place, -low);
  const turns = context.emit('Floor', [times(context.emit('Abs', [from], {}), 1 / span)], {});
  const half = context.emit('Floor', [times(turns, 0.5)], {});
  const odd = minus(turns, times(half, 2));
  const rest = minus(context.emit('Abs', [from], {}), times(turns, span));
  const reflected = plus(plus(rest, times(odd, minus(span, times(rest, 2)))), low);
  const forwards = minus(1, times(odd, 2));
  const sign = minus(times(inside(from, -Infinity, 0), -2), -1);
  return {
    place: clipped(reflected),
    slope: times(times(sign, forwards), within(reflected)),
    factor,
  };
}

function cornersOf(
  context: DifferentiationContext,
  of: {
    readonly across: Direction;
    readonly down: Direction;
    readonly width: number;
    readonly height: number;
    readonly linear: boolean;
  },
): readonly Corner[] {
  const { times, plus, minus, inside } = formulas(context);
  const { width, height, linear } = of;
  const ends = ({ place }: Direction, size: number) => {
    const first = context.emit(linear ? 'Floor' : 'Round', [place], {});
    const far = linear ? minus(place, first) : null;
    return (linear ? [0, 1] : [0]).map((step) => {
      const at = step === 0 ? first : plus(first, step);
      return {
        at: context.emit('Clip', [at], { min: 0, max: size - 1 }),
        inside: inside(at, -0.5, size - 0.5),
        share: far === null ? null : step === 0 ? minus(1, far) : far,
      };
    });
  };
  const columns = ends(of.across, width);
  return ends(of.down, height).flatMap((row) =>
    columns.map((column) => ({
      at: plus(times(row.at, width), column.at),
      inside: times(row.inside, column.inside),
      shares: linear ? { x: column.share!, y: row.share! } : null,
    })),
  );
}

/** What each place has taken goes back to where it came from, and adds up there. */
function broughtBack(
  context: DifferentiationContext,
  rows: string,
  corners: readonly Corner[],
  size: number,
): string {
  const { times } = formulas(context);
  const parts = corners.map(({ inside, shares }) =>
    times(rows, shares ? times(inside, times(shares.x, shares.y)) : inside),
  );
  const at = corners.map((corner) => corner.at);
  const joined = (values: readonly string[]) =>
    values.length === 1 ? values[0]! : context.emit('Concat', values, { axis: 2 });
  return context.emit('BringToPlaces', [joined(parts), joined(at)], { size });
}

/** Along each direction, how far the values on both sides differ. */
function gridGradient(
  context: DifferentiationContext,
  of: {
    readonly x: string;
    readonly rows: string;
    readonly corners: readonly Corner[];
    readonly across: Direction;
    readonly down: Direction;
    readonly flat: Shape;
    readonly shape: Shape;
  },
): string {
  const { times, plus, minus } = formulas(context);
  const [topLeft, topRight, bottomLeft, bottomRight] = of.corners as Known<Corner>;
  // The nearest value stays the same one where the grid moves a little.
  if (!topLeft.shares) {
    return context.emit('Expand', [context.constant(0)], { shape: of.shape });
  }
  const map = context.emit('Reshape', [of.x], { shape: of.flat });
  // Summed over channels first: the shares are the same for all of them.
  const [a, b, c, d] = [topLeft, topRight, bottomLeft, bottomRight].map(({ at, inside }) => {
    const value = context.emit('FetchFromPlaces', [map, at], {});
    const sum = context.emit('ReduceSum', [times(value, of.rows)], { axes: [1], keepDims: true });
    return times(sum, inside);
  }) as [string, string, string, string];
  const mixed = (share: 'x' | 'y', first: string, second: string) =>
    plus(times(topLeft.shares![share], first), times(bottomRight.shares![share], second));
  const moved = (value: string, { slope, factor }: Direction) =>
    times(slope === null ? value : times(value, slope), factor);
  const across = moved(mixed('y', minus(b, a), minus(d, c)), of.across);
  const down = moved(mixed('x', minus(c, a), minus(d, b)), of.down);
  const both = context.emit('Concat', [across, down], { axis: 1 });
  const lastly = context.emit('Transpose', [both], { permutation: [0, 2, 1] });
  return context.emit('Reshape', [lastly], { shape: of.shape });
}

/** Places as ONNX takes them for each channel: integers. */
function indices(builder: OnnxBuilder, places: string, shape: Shape): string {
  const int64 = 7;
  const whole = builder.op('Cast', [places], { to: { int: int64 } });
  return builder.op('Expand', [whole, builder.integers(shape)]);
}

export const fetchFromPlaces: OperatorDefinition<'FetchFromPlaces'> = {
  kind: 'FetchFromPlaces',
  infer: (_node, [x, places]) => [[x[0]!, x[1]!, places[2]!]],
  write(node, builder, shapeOf) {
    const [x, places] = node.inputs as Known<string>;
    const at = indices(builder, places, shapeOf(node.outputs[0]!));
    builder.node('GatherElements', [x, at], node.outputs, { axis: { int: 2 } });
  },
};

export const bringToPlaces: OperatorDefinition<'BringToPlaces'> = {
  kind: 'BringToPlaces',
  infer: (node, [x]) => [[x[0]!, x[1]!, node.attributes.size]],
  write(node, builder, shapeOf) {
    const [x, places] = node.inputs as Known<string>;
    const zeros = builder.op('ConstantOfShape', [builder.integers(shapeOf(node.outputs[0]!))]);
    const at = indices(builder, places, shapeOf(x));
    builder.node('ScatterElements', [zeros, at, x], node.outputs, {
      axis: { int: 2 },
      reduction: { string: 'add' },
    });
  },
};
