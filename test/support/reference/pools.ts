/** Pools, reductions and Resize, value by value. Source: the operators' pages in ONNX and PyTorch's ceil_mode. */
import type { PoolAttributes, ResizeAttributes } from '../../../main/graph/operators/attributes.ts';
import { elements, type Shape } from '../../../main/graph/shape.ts';
import { at, fill, fromFront, indexOf, placeOf, type Evaluations, type Value } from './value.ts';
import type { Known } from '../../../main/common/known.ts';

export const pools: Evaluations = {
  AveragePool({ attributes }, [x], [out]) {
    const { countIncludePad, pads } = attributes;
    const [, , height, width] = x.shape as Known<number>;
    fill(out, (place) => {
      let sum = 0;
      let count = 0;
      for (const [row, column] of windowOf(place, attributes)) {
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        const padded =
          row >= -pads[0] &&
          row < height + pads[2] &&
          column >= -pads[1] &&
          column < width + pads[3];
        if (inside) sum += at(x, [place[0], place[1], row, column]);
        if (countIncludePad ? padded : inside) count++;
      }
      return sum / count;
    });
  },
  MaxPool: ({ attributes }, [x], [out]) =>
    fill(out, (place) => Math.max(...valuesOf(place, x, attributes))),
  GlobalMaxPool: (_node, [x], [out]) =>
    fill(out, ([n, c]) => {
      const plane = elements(x.shape.slice(2));
      const first = (n * x.shape[1]! + c) * plane;
      return Math.max(...x.data.subarray(first, first + plane));
    }),
  GlobalAveragePool: (_node, [x], [out]) => sums(x, [2, 3], out.data, true),
  ReduceMean: ({ attributes: { axes } }, [x], [out]) => sums(x, axes, out.data, true),
  ReduceMax({ attributes: { axes } }, [x], [out]) {
    out.data.fill(-Infinity);
    const kept = keptShape(x, axes);
    x.data.forEach((value, i) => {
      const place = indexOf(placeOf(i, x.shape), kept);
      out.data[place] = Math.max(out.data[place]!, value);
    });
  },
  ReduceSum: ({ attributes: { axes } }, [x], [out]) => sums(x, axes, out.data, false),
  Resize({ attributes }, [x], [out]) {
    const [, , height, width] = x.shape as Known<number>;
    const [, , toHeight, toWidth] = out.shape as Known<number>;
    fill(out, ([n, c, row, column]) => {
      let sum = 0;
      for (const [y, shareY] of sources(row, height, toHeight, 0, attributes)) {
        for (const [z, shareZ] of sources(column, width, toWidth, 1, attributes)) {
          sum += shareY * shareZ * at(x, [n, c, y, z]);
        }
      }
      return sum;
    });
  },
};

function windowOf(
  [, , row, column]: Known<number>,
  { kernel, strides, pads, dilations }: PoolAttributes,
): (readonly [number, number])[] {
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const [i, j] = [Math.floor(tap / kernel[1]), tap % kernel[1]];
    return [
      row * strides[0] + i * dilations[0] - pads[0],
      column * strides[1] + j * dilations[1] - pads[1],
    ];
  });
}

/** The values in one window of a pool, without the padding. */
export function valuesOf(place: Known<number>, x: Value, attributes: PoolAttributes): number[] {
  const [, , height, width] = x.shape as Known<number>;
  return windowOf(place, attributes)
    .filter(([row, column]) => row >= 0 && row < height && column >= 0 && column < width)
    .map(([row, column]) => at(x, [place[0], place[1], row, column]));
}

/** The shape with reduced axes of size 1. No axes means all axes. */
export function keptShape(x: Value, axes: readonly number[]): Shape {
  const reduced = axes.map((axis) => fromFront(axis, x.shape.length));
  return x.shape.map((size, axis) => (axes.length === 0 || reduced.includes(axis) ? 1 : size));
}

/** Sums or means over axes. */
function sums(x: Value, axes: readonly number[], out: Float64Array, mean: boolean): void {
  const kept = keptShape(x, axes);
  const share = mean ? elements(kept) / x.data.length : 1;
  x.data.forEach((value, i) => (out[indexOf(placeOf(i, x.shape), kept)]! += value * share));
}

/** The sources of an output pixel along one axis, with their weights. */
function sources(
  place: number,
  from: number,
  to: number,
  axis: 0 | 1,
  { mode, coordinates, nearestMode, target }: ResizeAttributes,
): (readonly [number, number])[] {
  const scale = target.kind === 'scales' ? target.scales[axis] : to / from;
  const original = {
    half_pixel: (place + 0.5) / scale - 0.5,
    pytorch_half_pixel: to > 1 ? (place + 0.5) / scale - 0.5 : 0,
    align_corners: to > 1 ? (place * (from - 1)) / (to - 1) : 0,
    asymmetric: place / scale,
  }[coordinates];
  const inside = (value: number) => Math.min(Math.max(value, 0), from - 1);
  if (mode === 'linear') {
    const low = Math.floor(inside(original));
    const share = inside(original) - low;
    return share === 0
      ? [[low, 1]]
      : [
          [low, 1 - share],
          [low + 1, share],
        ];
  }
  // Positions that are integers or halves up to rounding are taken as exact.
  const exact = Math.round(original * 2 ** 20) / 2 ** 20;
  const rounded = {
    floor: Math.floor(exact),
    ceil: Math.ceil(exact),
    round_prefer_floor: Math.ceil(exact - 0.5),
    round_prefer_ceil: Math.floor(exact + 0.5),
  }[nearestMode];
  return [[inside(rounded), 1]];
}
