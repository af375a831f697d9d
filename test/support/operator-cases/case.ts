/** Random uses of an operator; forward agreement and gradients are tested over the same ones. */
import fc from 'fast-check';
import type { Shape } from '../../../main/graph/shape.ts';
import type { Sketch } from '../sketch.ts';

export interface OperatorCase {
  /** Channels, height, width of the value that the operator is applied to. */
  readonly image: Shape;
  /** Appends the operator to a network, with whatever it needs. */
  readonly build: (sketch: Sketch, x: string) => string;
  /** Shown if a property fails. */
  readonly with: unknown;
}

export type Cases = Readonly<Record<string, fc.Arbitrary<OperatorCase>>>;

export const small = (min: number, max: number) => fc.integer({ min, max });
export const pair = (min: number, max: number) => fc.tuple(small(min, max), small(min, max));
export const four = (min: number, max: number) =>
  fc.tuple(small(min, max), small(min, max), small(min, max), small(min, max));
export const images: fc.Arbitrary<Shape> = fc.tuple(small(1, 4), small(2, 6), small(2, 6));
export const none = {};

/** One way to apply an operator, over images of any size. */
export const always = (build: OperatorCase['build']): fc.Arbitrary<OperatorCase> =>
  images.map((image) => ({ image, build, with: image }));

/** A value made positive by a Sigmoid and an offset. */
export function above(sketch: Sketch, x: string, offset = 0.3): string {
  const sigmoid = sketch.node('Sigmoid', [x], none);
  return sketch.node('Add', [sigmoid, sketch.weights('offset', [], Float32Array.of(offset))], none);
}

/** A value scaled so that it reaches all kinks of a function. */
export function scaled(sketch: Sketch, x: string, by: number): string {
  return sketch.node('Mul', [x, sketch.weights('by', [], Float32Array.of(by))], none);
}

/** A second value of the network, with `channels` channels and the size of the first. */
export function another(sketch: Sketch, x: string, channels: number, name = 'another'): string {
  return sketch.conv(name, x, [channels, sketch.shapeOf(x)[1]!, 1, 1]);
}
