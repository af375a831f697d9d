/** Compares one operator on onnxruntime with the shape inferred here and the reference evaluator's values. */
import { expect } from 'vitest';
import { toInference } from '../../main/graph/forms.ts';
import { inferShapes } from '../../main/graph/infer-shapes.ts';
import { elements, type Shape } from '../../main/graph/shape.ts';
import { evaluate, type Value } from './reference-evaluator.ts';
import { runDeployable } from './run-onnx.ts';
import { noise, Sketch } from './sketch.ts';

export const imagesInBatch = 2;

/**
 * Asserts that onnxruntime finds the inferred shape and, to single precision, the reference's values.
 * @param input values of the image; noise in [-1, 1) by default
 */
export async function agree(
  image: Shape,
  build: (sketch: Sketch) => string,
  input = noise(imagesInBatch * elements(image), 'image'),
): Promise<Shape> {
  const sketch = new Sketch(imagesInBatch, image);
  const output = build(sketch);
  const graph = toInference(sketch.graph([output]));
  const shape = inferShapes(graph, imagesInBatch).get(output) ?? [];
  const feeds = new Map([['image', input]]);
  const reference = evaluate(graph, imagesInBatch, feeds).get(output) as Value;
  const ran = await runDeployable(graph, imagesInBatch, input);
  expect(ran.shape).toEqual(shape);
  expect(ran.data).toHaveLength(reference.data.length);
  const scale = reference.data.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
  ran.data.forEach((value, i) => {
    if (!(Math.abs(value - reference.data[i]!) <= 1e-5 * scale)) {
      expect.fail(`place ${i}: ${value}, reference ${reference.data[i]}`);
    }
  });
  return shape;
}
