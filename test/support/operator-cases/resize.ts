import fc from 'fast-check';
import type { ResizeAttributes } from '../../../main/graph/operators/attributes.ts';
import { pair, type Cases, type OperatorCase } from './case.ts';

const factors = fc.constantFrom(0.5, 1, 1.5, 2, 3, 5 / 3, 4 / 3, 0.75, 2.6);

const targets: fc.Arbitrary<ResizeAttributes['target']> = fc.oneof(
  pair(1, 12).map((sizes) => ({ kind: 'sizes', sizes }) as const),
  fc
    .tuple(factors, factors)
    .map(
      (scales) =>
        ({ kind: 'scales', scales: scales.map(Math.fround) as [number, number] }) as const,
    ),
);

const resize = (mode: ResizeAttributes['mode']): fc.Arbitrary<OperatorCase> =>
  fc
    .record({
      size: pair(2, 7),
      coordinates: fc.constantFrom(
        ...(['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'] as const),
      ),
      nearestMode: fc.constantFrom(
        ...(['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'] as const),
      ),
      target: targets,
    })
    .map(({ size, ...rest }) => ({
      image: [2, ...size],
      with: { mode, ...rest },
      build: (sketch, x) => sketch.node('Resize', [x], { mode, ...rest }),
    }));

export const resizeCases: Cases = {
  'Resize to the nearest value': resize('nearest'),
  'Resize between values': resize('linear'),
};
