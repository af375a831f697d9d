/** Weights in half precision, which the runtime expands once before it computes, as TensorFlow's converter has it. */
import { toFloat16 } from '../../common/half-precision.ts';
import type { Operator, Tensor, TfliteModel } from './model.ts';

export function withHalfWeights(model: TfliteModel): TfliteModel {
  const tensors: Tensor[] = [];
  const places: number[] = [];
  const whole: Operator[] = [];
  for (const tensor of model.tensors) {
    const { data } = tensor;
    if (!(data instanceof Float32Array) || !pays(data)) {
      places.push(tensors.push(tensor) - 1);
      continue;
    }
    const half = Uint16Array.from(data, toFloat16);
    const from = tensors.push({ ...tensor, type: 'float16', data: half }) - 1;
    const { shape, type } = tensor;
    const to = tensors.push({ name: `${tensor.name} in float32`, shape, type }) - 1;
    places.push(to);
    whole.push({ kind: 'DEQUANTIZE', inputs: [from], outputs: [to], node: tensor.name });
  }
  const moved = (list: readonly number[]) => list.map((old) => places[old]!);
  return {
    ...model,
    tensors,
    operators: [
      ...whole,
      ...model.operators.map((operator) => ({
        ...operator,
        inputs: moved(operator.inputs),
        outputs: moved(operator.outputs),
      })),
    ],
    inputs: moved(model.inputs),
    outputs: moved(model.outputs),
  };
}

/** Single numbers stay float32, and so does what float16 cannot hold. */
const pays = (data: Float32Array) =>
  data.length > 1 && data.every((value) => Math.abs(value) <= largestHalf);
const largestHalf = 65504;
