import fc from 'fast-check';
import { images, none, pair, type Cases, type OperatorCase } from './case.ts';

/** Coordinates that the network computes, of which many lie beyond the edges: one or several turns of a reflection. */
const gridSample = (mode: 'linear' | 'nearest') =>
  fc
    .record({
      image: images,
      to: pair(1, 4),
      padding: fc.constantFrom('zeros', 'border', 'reflection'),
      alignCorners: fc.boolean(),
      reach: fc.constantFrom(0.8, 2, 7),
    })
    .map(({ image, to: [rows, columns], padding, alignCorners, reach }): OperatorCase => ({
      image,
      with: { rows, columns, padding, alignCorners, reach },
      build: (sketch, x) => {
        const pooled = sketch.node('ReduceMean', [x], { axes: [2, 3], keepDims: true });
        const count = rows * columns * 2;
        const flat = sketch.conv('places', pooled, [count, image[0]!, 1, 1]);
        const spread = sketch.node('Add', [flat, sketch.weights('spread', [count, 1, 1])], none);
        const scale = sketch.weights('reach', [], Float32Array.of(reach));
        const grid = sketch.node('Reshape', [sketch.node('Mul', [spread, scale], none)], {
          shape: [-1, rows, columns, 2],
        });
        return sketch.node('GridSample', [x, grid], { mode, padding, alignCorners });
      },
    }));

export const samplingCases: Cases = {
  'GridSample, linear': gridSample('linear'),
  'GridSample, nearest': gridSample('nearest'),
};
