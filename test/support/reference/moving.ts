/** Operators that move values. Source: ONNX Pad, Concat, Slice, Transpose, Gather, Expand. */
import {
  at,
  fill,
  fromFront,
  indexOf,
  placeOf,
  type Evaluation,
  type Evaluations,
} from './value.ts';
import type { OperatorKind } from '../../../main/graph/graph.ts';

/** The same values in the same order, under another shape. */
const same: Evaluation<OperatorKind> = (_node, [x], [out]) => out.data.set(x.data);

export const movements: Evaluations = {
  Identity: same,
  Flatten: same,
  Reshape: same,
  Squeeze: same,
  Unsqueeze: same,
  Pad({ attributes: { pads } }, [x], [out]) {
    fill(out, (place) => {
      const from = place.map((at, axis) => at - pads[axis]!);
      const inside = from.every((at, axis) => at >= 0 && at < x.shape[axis]!);
      return inside ? at(x, from) : 0;
    });
  },
  LinearAlongAxis({ attributes: { axis, matrix } }, [x], [out]) {
    const size = x.shape[axis]!;
    fill(out, (place) => {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        sum += matrix[place[axis]! * size + i]! * at(x, place.with(axis, i));
      }
      return sum;
    });
  },
  Transpose({ attributes: { permutation } }, [x], [out]) {
    x.data.forEach((value, i) => {
      const place = placeOf(i, x.shape);
      out.data[
        indexOf(
          permutation.map((axis) => place[axis]!),
          out.shape,
        )
      ] = value;
    });
  },
  Concat({ attributes }, inputs, [out]) {
    const axis = fromFront(attributes.axis, out.shape.length);
    let start = 0;
    for (const input of inputs) {
      input.data.forEach((value, i) => {
        const place = placeOf(i, input.shape);
        out.data[indexOf(place.with(axis, place[axis]! + start), out.shape)] = value;
      });
      start += input.shape[axis]!;
    }
  },
  Slice({ attributes: { axes, starts, ends, steps } }, [x], [out]) {
    const taken = x.shape.map((size) => Array.from({ length: size }, (_, i) => i));
    axes.forEach((written, i) => {
      const axis = fromFront(written, x.shape.length);
      taken[axis] = numpySlice(taken[axis]!, starts[i]!, ends[i]!, steps[i]!);
    });
    fill(out, (place) =>
      at(
        x,
        place.map((to, axis) => taken[axis]![to]!),
      ),
    );
  },
  Expand: (_node, [x], [out]) => fill(out, (place) => at(x, place)),
  Gather({ attributes: { axis: written, indices, indicesShape } }, [x], [out]) {
    const axis = fromFront(written, x.shape.length);
    const rank = indicesShape.length;
    fill(out, (place) => {
      const index = indices[indexOf(place.slice(axis, axis + rank), indicesShape)]!;
      const from = fromFront(index, x.shape[axis]!);
      return at(x, [...place.slice(0, axis), from, ...place.slice(axis + rank)]);
    });
  },
};

/** Walks from start to end by step as Python does, skipping what does not exist. */
function numpySlice(list: readonly number[], start: number, end: number, step: number): number[] {
  const size = list.length;
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const forwards = step > 0;
  let place = forwards ? Math.max(from, 0) : Math.min(from, size - 1);
  const taken: number[] = [];
  while (place >= 0 && place < size && (forwards ? place < to : place > to)) {
    taken.push(list[place]!);
    place += step;
  }
  return taken;
}
