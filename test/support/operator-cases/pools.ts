import fc from 'fast-check';
import { always, four, none, pair, small, type Cases, type OperatorCase } from './case.ts';

const windows = (mostDilation: number) =>
  fc
    .record({
      size: pair(2, 8),
      kernel: pair(1, 3),
      strides: pair(1, 3),
      pads: four(0, 2),
      dilations: pair(1, mostDilation),
      ceilMode: fc.boolean(),
    })
    .filter(({ size, kernel, pads, dilations }) =>
      ([0, 1] as const).every(
        (a) =>
          pads[a] < kernel[a] && // ONNX's rule: no window within the padding alone
          pads[a + 2]! < kernel[a] &&
          size[a] + pads[a] + pads[a + 2]! >= dilations[a] * (kernel[a] - 1) + 1,
      ),
    );

const maxPool = windows(2)
  // Every window of a dilated kernel has to overlap the image.
  .filter(({ size, kernel, dilations }) =>
    ([0, 1] as const).every((a) => dilations[a] === 1 || dilations[a] * (kernel[a] - 1) < size[a]),
  )
  .map(({ size, ...attributes }): OperatorCase => ({
    image: [2, ...size],
    with: attributes,
    build: (sketch, x) => sketch.node('MaxPool', [x], attributes),
  }));

const averagePool = fc
  .record({ windows: windows(1), countIncludePad: fc.boolean() })
  .map(({ windows: { size, ...pool }, countIncludePad }): OperatorCase => ({
    image: [2, ...size],
    with: { ...pool, countIncludePad },
    build: (sketch, x) => sketch.node('AveragePool', [x], { ...pool, countIncludePad }),
  }));

const reduction = (kind: 'ReduceMean' | 'ReduceSum' | 'ReduceMax') =>
  fc
    .record({
      size: pair(1, 5),
      axes: fc.subarray([0, 1, 2, 3]), // no axes means all
      fromTheEnd: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      keepDims: fc.boolean(),
      channels: small(1, 3),
    })
    .map(({ size, axes, fromTheEnd, keepDims, channels }): OperatorCase => {
      const written = axes.map((axis) => (fromTheEnd[axis] ? axis - 4 : axis)).reverse();
      return {
        image: [channels, ...size],
        with: { written, keepDims },
        // Added back to the value, so that the result is images again whatever axes are left.
        build: (sketch, x) => {
          const sum = sketch.node(kind, [x], { axes: written, keepDims });
          const kept = [0, 1, 2, 3].map((axis) =>
            axes.length === 0 || axes.includes(axis) ? 1 : sketch.shapeOf(x)[axis]!,
          );
          const shaped = sketch.node('Reshape', [sum], { shape: kept });
          return sketch.node('Add', [x, shaped], none);
        },
      };
    });

export const poolCases: Cases = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalMaxPool: always((sketch, x) => sketch.node('GlobalMaxPool', [x], none)),
  ReduceMean: reduction('ReduceMean'),
  ReduceSum: reduction('ReduceSum'),
  ReduceMax: reduction('ReduceMax'),
};
