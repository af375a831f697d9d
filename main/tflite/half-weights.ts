/** Weights of half precision, which the runtime makes whole once before it computes: TensorFlow's own way. */
import { asFloat16 } from '../common/half-precision.ts';
import type { Operator, Tensor, TfliteModel } from './model.ts';

export function withHalfWeights(model: TfliteModel): TfliteModel {
  const tensors: Tensor[] = [];
  const places: number[] = [];
  const whole: Operator[] = [];
  for (const tensor of model.tensors) {
    const { data } = tensor;
    const half = data instanceof Float32Array ? asFloat16(data) : null;
    if (half === null) {
      places.push(tensors.push(tensor) - 1);
      continue;
    }
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
