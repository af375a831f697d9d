/**
 * Compares Winograd's convolutions with direct ones, over random sizes that are not multiples of a tile or a
 * vector. As a program it prints what it found: the instruction set of a process is fixed when it first
 * computes, so each set needs a process of its own.
 */
import fc from 'fast-check';
import { differentiate } from '../../main/graph/differentiate.ts';
import { withClassificationLoss } from '../../main/graph/losses.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { layersOf } from '../../main/graph/layers.ts';
import { elements } from '../../main/graph/shape.ts';
import { loadAddon } from '../../main/engine/onednn/addon.ts';
import type { GradientsOf } from './gradient-check.ts';
import { gradientsByOneDnn, gradientsByWinograd } from './native-gradients.ts';
import { four, pair, small } from './operator-cases/case.ts';
import { noise, Sketch } from './sketch.ts';

const classes = 3;

export interface WinogradCase {
  readonly images: number;
  readonly ins: number;
  readonly outs: number;
  readonly size: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly bias: boolean;
}

/** A 3x3 convolution between two others, so that both of its gradients are needed. */
export function networkOf({ images, ins, outs, size, bias, ...attributes }: WinogradCase): Graph {
  const sketch = new Sketch(images, [2, ...size]);
  const before = sketch.conv('before', 'image', [ins, 2, 1, 1]);
  const weights = sketch.weights('tested', [outs, ins, 3, 3]);
  const shift = bias ? [sketch.weights('shift', [outs])] : [];
  const y = sketch.node('Conv', [before, weights, ...shift], { ...attributes, group: 1 });
  return sketch.graph([sketch.classifier(y, classes)]);
}

const sizes = {
  images: small(1, 3),
  ins: small(1, 37),
  outs: small(1, 37),
  bias: fc.boolean(),
};

/** Convolutions to which the method applies. */
export const taken: fc.Arbitrary<WinogradCase> = fc
  .record({ ...sizes, size: pair(1, 13), pad: small(0, 2) })
  .filter(({ size, pad }) => size.every((one) => one + 2 * pad >= 3))
  .map(({ pad, ...rest }) => ({
    ...rest,
    pads: [pad, pad, pad, pad],
    strides: [1, 1],
    dilations: [1, 1],
  }));

/** Convolutions to which it does not: strides, dilations, or padding that differs between edges. */
export const direct: fc.Arbitrary<WinogradCase> = fc
  .record({
    ...sizes,
    size: pair(5, 9),
    pads: four(0, 2),
    strides: pair(1, 2),
    dilations: pair(1, 2),
  })
  .filter(
    ({ pads, strides, dilations }) =>
      new Set(pads).size > 1 || [...strides, ...dilations].some((one) => one > 1),
  );

export interface WinogradReport {
  readonly instructions: string;
  /** For each case, the largest difference of a gradient, relative to the largest in its layer. */
  readonly errors: readonly number[];
  /** Number of cases with equal bits. */
  readonly same: number;
}

async function gradients(graph: Graph, images: number, gradientsOf: GradientsOf) {
  const scored = withClassificationLoss(graph, images, classes);
  const wanted = layersOf(scored).map(({ weight }) => weight);
  const inputs = noise(images * elements(graph.inputs[0]!.shape.slice(1) as number[]), 'image', 1);
  const targets = Array.from({ length: images }, (_, n) => n % classes);
  const feeding = { inputs, targets, targetShape: [images] };
  return (await gradientsOf(differentiate(scored, images, wanted), images, feeding)).gradients;
}

export async function comparedWith(
  cases: fc.Arbitrary<WinogradCase>,
  count: number,
  tested: GradientsOf = gradientsByWinograd,
): Promise<WinogradReport> {
  const errors: number[] = [];
  let same = 0;
  for (const one of fc.sample(cases, { seed: 7, numRuns: count })) {
    const graph = networkOf(one);
    const own = await gradients(graph, one.images, tested);
    const reference = await gradients(graph, one.images, gradientsByOneDnn);
    let worst = 0;
    let alike = true;
    for (const [name, expected] of reference) {
      const got = own.get(name);
      if (got?.length !== expected.length) throw new Error(`${name} is not there`);
      const largest = expected.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-6);
      expected.forEach((value, i) => {
        // NaN would slip through any comparison.
        const error = Number.isFinite(got[i]) ? Math.abs(got[i]! - value) / largest : Infinity;
        worst = Math.max(worst, error);
        alike &&= Object.is(got[i], value);
      });
    }
    errors.push(worst);
    same += alike ? 1 : 0;
  }
  return { instructions: loadAddon().instructions, errors, same };
}

if (import.meta.main) {
  const count = Number(process.argv[2]);
  const report = {
    taken: await comparedWith(taken, count),
    direct: await comparedWith(direct, count),
  };
  console.log(JSON.stringify(report));
}
