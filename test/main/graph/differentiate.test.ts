import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../main/graph/differentiate.ts';
import { toInference, toTraining } from '../../../main/graph/forms.ts';
import { lossOutput, withClassificationLoss } from '../../../main/graph/losses.ts';
import { layersOf } from '../../../main/graph/layers.ts';
import { Sketch } from '../../support/sketch.ts';
import type { Known } from '../../../main/common/known.ts';

const scored = (sketch: Sketch, x: string) =>
  withClassificationLoss(sketch.graph([sketch.classifier(x, 3)]), 2, 3);
const weightsOf = (graph: ReturnType<typeof scored>) => layersOf(graph).map(({ weight }) => weight);

describe('differentiation', () => {
  it('appends to the forward nodes and gives every weight a gradient of its shape', () => {
    const sketch = new Sketch(2, [2, 4, 4]);
    const a = sketch.conv('a', 'image', [4, 2, 3, 3]);
    const graph = scored(sketch, sketch.conv('b', sketch.node('Relu', [a], {}), [5, 4, 1, 1]));
    const { graph: whole, gradients, shapes } = differentiate(graph, 2, weightsOf(graph));
    expect(whole.nodes.slice(0, graph.nodes.length)).toEqual(graph.nodes);
    expect(whole.outputs).toEqual([lossOutput]);
    expect([...gradients.keys()]).toEqual(['a', 'b', 'classifier']);
    for (const [weight, gradient] of gradients) {
      expect(shapes.get(gradient)).toEqual(graph.initializers.get(weight)?.shape);
    }
  });

  it('computes no gradient that nobody asked for: none of the image, none before the last wanted weight', () => {
    const sketch = new Sketch(2, [2, 4, 4]);
    const a = sketch.conv('a', 'image', [4, 2, 3, 3]);
    const graph = scored(sketch, sketch.conv('b', a, [5, 4, 1, 1]));
    const count = (wanted: string[], kind: string) =>
      differentiate(graph, 2, wanted).graph.nodes.filter((node) => node.kind === kind).length;
    expect(count(['a', 'b', 'classifier'], 'ConvWeightGradient')).toBe(2);
    expect(count(['a', 'b', 'classifier'], 'ConvInputGradient')).toBe(1);
    expect(count(['b'], 'ConvWeightGradient')).toBe(1);
    expect(count(['b'], 'ConvInputGradient')).toBe(0);
    expect(count(['classifier'], 'ConvWeightGradient')).toBe(0);
  });

  it('adds up what comes back along several ways', () => {
    const sketch = new Sketch(2, [2, 4, 4]);
    const a = sketch.conv('a', 'image', [2, 2, 1, 1]);
    const [b, c] = ['b', 'c'].map((name) => sketch.conv(name, a, [2, 2, 1, 1])) as Known<string>;
    const graph = scored(sketch, sketch.node('Add', [b, c], {}));
    const adds = differentiate(graph, 2, ['a']).graph.nodes.filter(({ kind }) => kind === 'Add');
    expect(adds).toHaveLength(2); // the network's own, and that of the two gradients
  });

  it('stops at an operator without a rule, naming operator and node', () => {
    const sketch = new Sketch(2, [2, 4, 4]);
    const a = sketch.conv('a', 'image', [2, 2, 1, 1]);
    const graph = scored(sketch, sketch.node('SumTo', [a], { shape: [2, 2, 4, 4] }));
    expect(() => differentiate(graph, 2, ['a'])).toThrow(
      expect.objectContaining({
        code: 'unsupported-operator',
        message: 'Operator SumTo (node "SumTo1") cannot be differentiated.',
      }),
    );
    // Behind it there is nothing to stop at.
    expect(differentiate(graph, 2, ['classifier']).gradients.size).toBe(1);
  });

  it('stops at a normalisation by running statistics, which no score is made of', () => {
    const sketch = new Sketch(2, [2, 4, 4]);
    const graph = scored(sketch, sketch.norm('norm', sketch.conv('a', 'image', [2, 2, 1, 1])));
    expect(() => differentiate(toInference(graph), 2, ['a'])).toThrow(
      expect.objectContaining({
        code: 'unsupported-operator',
        message: expect.stringContaining('"BatchNormalization1"') as string,
      }),
    );
    expect(differentiate(toTraining(toInference(graph)), 2, ['a']).gradients.size).toBe(1);
  });

  it('says which weights do not reach the loss', () => {
    const sketch = new Sketch(2, [2, 4, 4]);
    sketch.conv('idle', 'image', [2, 2, 1, 1]);
    const graph = scored(sketch, 'image');
    expect(() => differentiate(graph, 2, weightsOf(graph))).toThrow(
      expect.objectContaining({
        code: 'no-gradient',
        message: expect.stringContaining('"idle"') as string,
      }),
    );
  });
});
