import { describe, expect, it } from 'vitest';
import { findLayers } from '../../../main/graph/layers.ts';
import { bareConvolutions } from '../../../main/score-model/bare-convolutions.ts';
import { sameConv, Sketch } from '../../support/sketch.ts';

const biased = (sketch: Sketch, name: string, x: string, channels: number): string => {
  const weights = sketch.weights(`${name}.weight`, [4, channels, 3, 3]);
  const pads = [1, 1, 1, 1] as const;
  return sketch.node('Conv', [x, weights, sketch.weights(`${name}.bias`, [4])], {
    ...sameConv,
    pads,
  });
};
const bareOf = (build: (sketch: Sketch) => string) => {
  const sketch = new Sketch(2, [3, 8, 8]);
  const graph = sketch.graph([build(sketch)]);
  return bareConvolutions(graph, findLayers(graph));
};
const pooled = (sketch: Sketch, x: string) => sketch.node('GlobalAveragePool', [x], {});

describe('convolutions without a normalisation behind them', () => {
  it('are all those of a network that has none', () => {
    const bare = bareOf((sketch) =>
      pooled(sketch, sketch.node('Relu', [biased(sketch, 'a', 'image', 3)], {})),
    );
    expect(bare).toEqual(['a']);
  });

  it('are those with a bias, where others have a normalisation', () => {
    const bare = bareOf((sketch) => {
      const a = sketch.norm('n', biased(sketch, 'a', 'image', 3));
      const b = sketch.node('Relu', [biased(sketch, 'b', sketch.node('Relu', [a], {}), 4)], {});
      return pooled(sketch, sketch.norm('m', biased(sketch, 'c', b, 4)));
    });
    expect(bare).toEqual(['b']);
  });

  it('are not the last one, nor those behind a global pool', () => {
    const bare = bareOf((sketch) => {
      const a = sketch.norm('n', biased(sketch, 'a', 'image', 3));
      const gate = sketch.node('Sigmoid', [biased(sketch, 'gate', pooled(sketch, a), 4)], {});
      return biased(sketch, 'logits', sketch.node('Mul', [a, gate], {}), 4);
    });
    expect(bare).toEqual([]);
  });

  it('are not one that cuts images into patches for a network with other norms', () => {
    const bare = bareOf((sketch) => {
      const patches = sketch.node('Reshape', [biased(sketch, 'patches', 'image', 3)], {
        shape: [0, 4, -1],
      });
      const tokens = sketch.node('Add', [patches, sketch.weights('positions', [1, 4, 64])], {});
      const scale = sketch.weights('scale', [64]);
      return sketch.node('LayerNormalization', [tokens, scale], { axis: -1, epsilon: 1e-5 });
    });
    expect(bare).toEqual([]);
  });
});
