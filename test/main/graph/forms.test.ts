import { describe, expect, it } from 'vitest';
import { bindImage } from '../../../main/graph/bind.ts';
import { toInference, toTraining, withoutUnused } from '../../../main/graph/forms.ts';
import { withClassificationLoss } from '../../../main/graph/losses.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { Sketch } from '../../support/sketch.ts';

const mismatch = (message: RegExp): unknown =>
  expect.objectContaining({
    code: 'shape-mismatch',
    message: expect.stringMatching(message) as string,
  });

function network(): Graph {
  const sketch = new Sketch(2, [3, 4, 4]);
  return sketch.graph([sketch.classifier(sketch.norm('norm', 'image'), 10)]);
}

describe('the two forms of a network', () => {
  const norm = (graph: Graph) => graph.nodes[0]!;

  it('differ in BatchNormalization alone: statistics of the batch, or running ones', () => {
    const training = toTraining(network());
    expect(norm(training)).toMatchObject({ attributes: { training: true } });
    expect(norm(training).outputs).toHaveLength(3);
    const inference = toInference(training);
    expect(norm(inference)).toMatchObject({ attributes: { training: false } });
    expect(norm(inference).outputs).toEqual([norm(training).outputs[0]]);
    expect(inference.nodes.slice(1)).toEqual(training.nodes.slice(1));
    expect(toTraining(inference)).toEqual(training);
  });

  it('drop what no node reads', () => {
    const sketch = new Sketch(2, [3, 4, 4]);
    sketch.weights('unused', [7]);
    const graph = withoutUnused(sketch.graph([sketch.conv('used', 'image', [1, 3, 1, 1])]));
    expect([...graph.initializers.keys()]).toEqual(['used']);
  });
});

describe('the classification loss', () => {
  it('wants one row of logits an image, and at least as many columns as there are classes', () => {
    expect(() => withClassificationLoss(network(), 2, 10)).not.toThrow();
    expect(() => withClassificationLoss(network(), 2, 7)).not.toThrow();
    expect(() => withClassificationLoss(network(), 2, 11)).toThrow(mismatch(/11 classes/));
  });

  it('is not for networks that give feature maps', () => {
    const sketch = new Sketch(2, [3, 4, 4]);
    const graph = sketch.graph([sketch.conv('a', 'image', [10, 3, 1, 1])]);
    expect(() => withClassificationLoss(graph, 2, 10)).toThrow(mismatch(/2 x 10 x 4 x 4/));
  });

  it('is not for networks with several outputs', () => {
    const graph = { ...network(), outputs: ['Gemm2', 'Flatten1'] };
    expect(() => withClassificationLoss(graph, 2, 10)).toThrow(mismatch(/has 1 and 2/));
  });
});

describe('binding a network to its images', () => {
  const open: Graph = {
    ...network(),
    inputs: [{ name: 'image', shape: [null, 3, null, null], type: 'float32' }],
  };

  it('fills sizes that were left open', () => {
    expect(bindImage(open, [3, 4, 4]).inputs[0]!.shape).toEqual([null, 3, 4, 4]);
  });

  it('refuses other channels or sizes, naming both', () => {
    expect(() => bindImage(open, [1, 4, 4])).toThrow(mismatch(/N x 3 x N x N.*N x 1 x 4 x 4/));
    expect(() => bindImage(network(), [3, 4, 5])).toThrow(mismatch(/N x 3 x 4 x 4.*N x 3 x 4 x 5/));
  });

  it('refuses networks that take anything but one batch of images', () => {
    const image = open.inputs[0]!;
    const vectors = { ...image, shape: [null, 48] };
    const integers = { ...image, type: 'int64' as const };
    for (const inputs of [[image, image], [vectors], [integers]]) {
      expect(() => bindImage({ ...open, inputs }, [3, 4, 4])).toThrow(mismatch(/its inputs are/));
    }
  });
});
