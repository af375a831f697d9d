/** Normalisations, two passes each. Source: ONNX BatchNormalization, InstanceNormalization, LayerNormalization. */
import type { Node } from '../../../main/graph/graph.ts';
import { elements, type Shape } from '../../../main/graph/shape.ts';
import { fromFront, indexOf, placeOf, type Evaluations, type Value } from './value.ts';
import type { Known } from '../../../main/common/known.ts';

export const normalisations: Evaluations = {
  BatchNormalization: ({ attributes }, inputs, outputs) =>
    normalisation(attributes, inputs, outputs),
  InstanceNormalization({ attributes: { epsilon } }, [x, scale, shift], [out]) {
    const normalised = overAxes(x, x.shape.map((_, axis) => axis).slice(2), epsilon);
    out.data.forEach((_, i) => {
      const channel = placeOf(i, x.shape)[1]!;
      out.data[i] = normalised[i]! * scale.data[channel]! + shift.data[channel]!;
    });
  },
  LayerNormalization({ attributes }, [x, scale, shift], [out]) {
    const axis = fromFront(attributes.axis, x.shape.length);
    const normalised = overAxes(
      x,
      x.shape.map((_, place) => place).slice(axis),
      attributes.epsilon,
    );
    out.data.forEach((_, i) => {
      const within = placeOf(i, x.shape).slice(axis);
      const place = indexOf(within, scale.shape);
      out.data[i] = normalised[i]! * scale.data[place]! + (shift ? shift.data[place]! : 0);
    });
  },
};

function overAxes(x: Value, axes: readonly number[], epsilon: number): Float64Array {
  const kept: Shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const owner = Array.from(x.data, (_, i) => indexOf(placeOf(i, x.shape), kept));
  const count = x.data.length / elements(kept);
  const means = new Float64Array(elements(kept));
  const variances = new Float64Array(elements(kept));
  x.data.forEach((value, i) => (means[owner[i]!]! += value / count));
  x.data.forEach((value, i) => (variances[owner[i]!]! += (value - means[owner[i]!]!) ** 2 / count));
  return x.data.map(
    (value, i) => (value - means[owner[i]!]!) / Math.sqrt(variances[owner[i]!]! + epsilon),
  );
}

function normalisation(
  { epsilon, training }: Extract<Node, { kind: 'BatchNormalization' }>['attributes'],
  [x, scale, shift, runningMean, runningVariance]: Known<Value>,
  outputs: readonly Value[],
): void {
  const channels = x.shape[1]!;
  const inner = elements(x.shape.slice(2));
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  const count = x.data.length / channels;
  const means = new Float64Array(channels);
  const variances = new Float64Array(channels);
  if (training) {
    x.data.forEach((value, i) => (means[channelOf(i)]! += value / count));
    x.data.forEach((value, i) => {
      variances[channelOf(i)]! += (value - means[channelOf(i)]!) ** 2 / count;
    });
  } else {
    means.set(runningMean.data);
    variances.set(runningVariance.data);
  }
  x.data.forEach((value, i) => {
    const c = channelOf(i);
    const normalised = (value - means[c]!) / Math.sqrt(variances[c]! + epsilon);
    outputs[0]!.data[i] = normalised * scale.data[c]! + shift.data[c]!;
  });
  outputs[1]?.data.set(means);
  outputs[2]?.data.set(variances.map((variance) => 1 / Math.sqrt(variance + epsilon)));
}
