/** Matrix products and Softmax. Source: ONNX Gemm, MatMul, Softmax. */
import type { Node } from '../../../main/graph/graph.ts';
import { at, fill, fromFront, indexOf, placeOf, type Evaluations, type Value } from './value.ts';
import type { Known } from '../../../main/common/known.ts';

export const products: Evaluations = {
  Gemm: ({ attributes }, inputs, [out]) => gemm(attributes, inputs, out),
  MatMul(_node, [a, b], [out]) {
    const inner = a.shape[a.shape.length - 1]!;
    fill(out, (place) => {
      const batch = place.slice(0, -2);
      const [row, column] = place.slice(-2) as Known<number>;
      let sum = 0;
      for (let k = 0; k < inner; k++)
        sum += at(a, [...batch, row, k]) * at(b, [...batch, k, column]);
      return sum;
    });
  },
  LogSoftmax({ attributes }, [x], [out]) {
    const axis = fromFront(attributes.axis, x.shape.length);
    fill(out, (place) => {
      let sum = 0;
      for (let k = 0; k < x.shape[axis]!; k++) sum += Math.exp(at(x, place.with(axis, k)));
      return at(x, place) - Math.log(sum);
    });
  },
  Softmax({ attributes }, [x], [out]) {
    const axis = fromFront(attributes.axis, x.shape.length);
    fill(out, (place) => {
      let sum = 0;
      for (let k = 0; k < x.shape[axis]!; k++) {
        sum += Math.exp(at(x, place.with(axis, k)) - at(x, place));
      }
      return 1 / sum;
    });
  },
};

function gemm(
  { alpha, beta, transA, transB }: Extract<Node, { kind: 'Gemm' }>['attributes'],
  [a, b, c]: Known<Value>,
  out: Value,
): void {
  const [rows, columns] = out.shape as Known<number>;
  const inner = transA ? a.shape[0]! : a.shape[1]!;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const left = transA ? a.data[k * rows + i]! : a.data[i * inner + k]!;
        const right = transB ? b.data[j * inner + k]! : b.data[k * columns + j]!;
        sum += left * right;
      }
      const place = i * columns + j;
      const added = c ? c.data[indexOf(placeOf(place, out.shape), c.shape)]! : 0;
      out.data[place] = alpha * sum + beta * added;
    }
  }
}
