/**
 * Checks the onednn engine's own vector kernels against finite differences, over random networks whose
 * channels and sizes are not multiples of a vector. As a program it prints the errors: the instruction set of
 * a process is fixed when it first computes, so each set needs a process of its own.
 */
import fc from 'fast-check';
import { around, batchSize, classes } from './gradient-cases.ts';
import { checkGradients } from './gradient-check.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { gradientsByOneDnn } from './native-gradients.ts';
import { four, none, pair, small } from './operator-cases/case.ts';
import { noise, type Sketch } from './sketch.ts';

/** A convolution whose groups read one channel each, or a few. */
function grouped(kernels: number, perGroup: fc.Arbitrary<number>, multiplier: number) {
  return fc
    .record({
      group: small(2, 35),
      perGroup,
      multiplier: small(1, multiplier),
      size: pair(3, 9),
      kernel: pair(1, kernels),
      strides: pair(1, 3),
      dilations: pair(1, 2),
      pads: four(0, 3),
    })
    .filter(({ kernel, dilations, pads, size }) =>
      ([0, 1] as const).every(
        (axis) =>
          dilations[axis] * (kernel[axis] - 1) + 1 <= size[axis] + pads[axis] + pads[axis + 2]!,
      ),
    )
    .map(({ group, perGroup: read, multiplier: times, size, kernel, ...attributes }) =>
      around(
        (sketch, x) => {
          const weight = [group * times, read, ...kernel];
          return sketch.conv('tested', x, weight, { ...attributes, group });
        },
        { channels: group * read, size: [2, ...size] },
      ),
    );
}

const behind = {
  nothing: (_sketch: Sketch, x: string) => x,
  Relu: (sketch: Sketch, x: string) => sketch.node('Relu', [x], none),
  swish: (sketch: Sketch, x: string) =>
    sketch.node('Mul', [x, sketch.node('Sigmoid', [x], none)], none),
} as const;

/** A normalisation between convolutions, followed by a Relu, a swish or nothing. */
const normalised = fc
  .record({
    channels: small(1, 37),
    size: pair(1, 7),
    activation: fc.constantFrom('nothing', 'Relu', 'swish'),
    scaled: fc.boolean(),
  })
  .map(({ channels, size, activation, scaled }) =>
    around(
      (sketch, x) => {
        const conv = sketch.conv('tested', x, [channels, channels, 1, 1]);
        const scale = noise(channels, 'scale').map((value) => value + 2);
        const affine = scaled ? { scale, shift: noise(channels, 'shift') } : {};
        const y = sketch.norm('norm', conv, affine);
        return behind[activation](sketch, y);
      },
      { channels, size: [2, ...size] },
    ),
  );

/** A swish that is not fused with a normalisation, and a sigmoid by itself. */
const swishes = fc
  .record({ channels: small(1, 37), size: pair(1, 7), alone: fc.boolean() })
  .map(({ channels, size, alone }) =>
    around(
      (sketch, x) => {
        const y = sketch.conv('tested', x, [channels, channels, 1, 1]);
        return alone ? sketch.node('Sigmoid', [y], none) : behind.swish(sketch, y);
      },
      { channels, size: [2, ...size] },
    ),
  );

export const kernelCases: Readonly<Record<string, fc.Arbitrary<Graph>>> = {
  'depthwise convolutions': grouped(7, fc.constant(1), 1),
  'depthwise convolutions with a multiplier': grouped(3, fc.constant(1), 2),
  'convolutions in groups': grouped(3, small(2, 3), 2).filter(
    ({ initializers }) => (initializers.get('tested')?.shape[0] ?? 0) <= 40,
  ),
  'batch normalisations': normalised,
  'swishes and sigmoids': swishes,
};

/** @returns for each case the largest error of a gradient, relative to the largest of its layer */
export async function kernelErrors(cases: fc.Arbitrary<Graph>, count: number): Promise<number[]> {
  const errors: number[] = [];
  for (const graph of fc.sample(cases, { seed: 11, numRuns: count })) {
    for (let seed = 0; ; seed++) {
      const options = { seed, gradientsOf: gradientsByOneDnn };
      const check = await checkGradients(graph, batchSize, classes, options);
      if (check.kinkDistance <= 1e-5) continue;
      errors.push(Math.max(check.lossError, ...check.errors.values()));
      break;
    }
  }
  return errors;
}

if (import.meta.main) {
  const report: Record<string, number[]> = {};
  for (const [name, cases] of Object.entries(kernelCases)) {
    report[name] = await kernelErrors(cases, Number(process.argv[2]));
  }
  console.log(JSON.stringify(report));
}
