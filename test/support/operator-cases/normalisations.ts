import fc from 'fast-check';
import { images, none, type Cases, type OperatorCase } from './case.ts';

const epsilons = fc.constantFrom(1e-5, 1e-3, 0.1);

const instance = fc
  .record({ image: images, epsilon: epsilons, joined: fc.boolean() })
  .map(({ image, epsilon, joined }): OperatorCase => ({
    image,
    with: { epsilon, joined },
    build: (sketch, x) => {
      // Exporters write group normalisation with rank 3.
      const value = joined ? sketch.node('Reshape', [x], { shape: [0, image[0]!, -1] }) : x;
      const parts = [
        value,
        sketch.weights('scale', [image[0]!]),
        sketch.weights('shift', [image[0]!]),
      ];
      return sketch.node('InstanceNormalization', parts, { epsilon });
    },
  }));

const layer = fc
  .record({
    image: images,
    epsilon: epsilons,
    axis: fc.constantFrom(-1, -2, -3, 1, 2, 3),
    shifted: fc.boolean(),
  })
  .map(({ image, epsilon, axis, shifted }): OperatorCase => ({
    image,
    with: { epsilon, axis, shifted },
    build: (sketch, x) => {
      const shape = [0, ...image].slice(axis);
      const parts = [x, sketch.weights('scale', shape)];
      if (shifted) parts.push(sketch.weights('shift', shape));
      return sketch.node('LayerNormalization', parts, { axis, epsilon });
    },
  }));

/** Layer normalisation as exporters write it before opset 17. */
const layerInParts = images.map((image): OperatorCase => ({
  image,
  with: image,
  build: (sketch, x) => {
    const mean = (value: string) =>
      sketch.node('ReduceMean', [value], { axes: [-1], keepDims: true });
    const centred = sketch.node('Sub', [x, mean(x)], none);
    const variance = mean(sketch.node('Pow', [centred], { exponent: 2 }));
    const epsilon = sketch.weights('epsilon', [], Float32Array.of(1e-3));
    const deviation = sketch.node('Sqrt', [sketch.node('Add', [variance, epsilon], none)], none);
    return sketch.node('Div', [centred, deviation], none);
  },
}));

export const normalisationCases: Cases = {
  InstanceNormalization: instance,
  LayerNormalization: layer,
  'LayerNormalization in parts': layerInParts,
};
