import { describe, expect, it } from 'vitest';
import { findLayers } from '../../../main/graph/layers.ts';
import { batchNormalizationOf } from '../../../main/score-model/batch-normalization.ts';
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

interface BatchStatistics {
  /** How squares are written; `whole`: of the values themselves. */
  readonly squares: 'Mul' | 'Pow' | 'whole';
  readonly turned?: boolean;
  readonly last?: boolean;
  readonly ofDifferences?: boolean;
  /** Gives the deviation alone. */
  readonly pooled?: boolean;
  readonly axes?: readonly number[];
  /** Axes are counted from behind. */
  readonly fromBehind?: boolean;
}

/** BatchNormalization over the batch, as tf2onnx writes that of Keras in training mode. */
function spelledOut(sketch: Sketch, input: string, how: BatchStatistics): string {
  const { squares, last = false } = how;
  const x = last ? sketch.node('Transpose', [input], { permutation: [0, 2, 3, 1] }) : input;
  const own = how.axes ?? (last ? [0, 1, 2] : [0, 2, 3]);
  const axes = how.fromBehind ? own.map((axis) => axis - 4) : own;
  const mean = (value: string) => sketch.node('ReduceMean', [value], { axes, keepDims: true });
  const square = (value: string) =>
    squares === 'Pow'
      ? sketch.node('Pow', [value], { exponent: 2 })
      : sketch.node('Mul', [value, value], {});
  const perChannel = (name: string) =>
    sketch.weights(`${input}.${name}`, last ? [4] : [4, 1, 1], new Float32Array(4).fill(1));
  const centre = sketch.node('Identity', [mean(x)], {});
  const difference = sketch.node('Sub', how.turned ? [centre, x] : [x, centre], {});
  const variance =
    squares === 'whole'
      ? sketch.node('Sub', [mean(square(x)), square(centre)], {})
      : mean(square(difference));
  const epsilon = sketch.weights('epsilon', [], Float32Array.of(1e-3));
  const above = sketch.node('Add', [variance, epsilon], {});
  const deviation = sketch.node('Sqrt', [above], {});
  if (how.pooled) return deviation;
  const inverse = sketch.node('Reciprocal', [deviation], {});
  if (how.axes) return sketch.node('Mul', [difference, inverse], {});
  const factor = sketch.node('Mul', [inverse, perChannel('gamma')], {});
  if (how.ofDifferences) return sketch.node('Mul', [difference, factor], {});
  const moved = sketch.node('Mul', [centre, factor], {});
  const shift = sketch.node('Sub', [perChannel('beta'), moved], {});
  const y = sketch.node('Add', [sketch.node('Mul', [x, factor], {}), shift], {});
  return last ? sketch.node('Transpose', [y], { permutation: [0, 3, 1, 2] }) : y;
}

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

  describe('are not those that a spelled-out BatchNormalization follows', () => {
    const spellings: readonly [string, BatchStatistics][] = [
      ['by a factor and a shift', { squares: 'Mul' }],
      ['with squares as powers', { squares: 'Pow' }],
      ['with the difference the other way round', { squares: 'Mul', turned: true }],
      ['as the mean of squares less the square of the mean', { squares: 'whole' }],
      ['of maps with their channels last', { squares: 'Mul', last: true }],
      ['by differences', { squares: 'Mul', ofDifferences: true }],
      ['over axes that are counted from behind', { squares: 'Mul', fromBehind: true }],
    ];
    it.each(spellings)('%s', (_what, spelling) => {
      const sketch = new Sketch(2, [3, 8, 8]);
      const a = sketch.node(
        'Relu',
        [spelledOut(sketch, biased(sketch, 'a', 'image', 3), spelling)],
        {},
      );
      const b = sketch.node('Relu', [biased(sketch, 'b', a, 4)], {});
      const graph = sketch.graph([pooled(sketch, biased(sketch, 'c', b, 4))]);
      expect(bareConvolutions(graph, findLayers(graph))).toEqual(['b', 'c']);
      expect(batchNormalizationOf(graph)).toBe('present');
      const ofAnySize = { name: 'image', shape: [null, 3, null, null], type: 'float32' } as const;
      expect(batchNormalizationOf({ ...graph, inputs: [ofAnySize] })).toBe('present');
    });
  });

  it('are those whose deviation is only a feature, or whose weights alone are standardised', () => {
    const bare = bareOf((sketch) => {
      const a = biased(sketch, 'a', 'image', 3);
      const deviation = spelledOut(sketch, a, { squares: 'Mul', pooled: true });
      return sketch.node('Concat', [pooled(sketch, a), deviation], { axis: 1 });
    });
    expect(bare).toEqual(['a']);
    const standardised = new Sketch(2, [3, 8, 8]);
    const kernel = spelledOut(standardised, standardised.weights('w', [4, 3, 3, 3]), {
      ...{ squares: 'Mul', axes: [1, 2, 3] },
    });
    const maps = standardised.node('Conv', ['image', kernel], sameConv);
    const b = biased(standardised, 'b', standardised.node('Relu', [maps], {}), 4);
    const graph = standardised.graph([pooled(standardised, b)]);
    expect(bareConvolutions(graph, findLayers(graph))).toEqual(['b']);
    expect(batchNormalizationOf(graph)).toBe('absent');
  });

  it.each(['Mul', 'Pow'] as const)('are none where RMSNorm is written out by %s', (squares) => {
    const bare = bareOf((sketch) => {
      let x = 'image';
      for (const [name, channels] of [
        ['a', 3],
        ['b', 4],
        ['c', 4],
      ] as const) {
        const y = biased(sketch, name, x, channels);
        const square =
          squares === 'Pow'
            ? sketch.node('Pow', [y], { exponent: 2 })
            : sketch.node('Mul', [y, y], {});
        const mean = sketch.node('ReduceMean', [square], { axes: [1], keepDims: true });
        const root = sketch.node('Sqrt', [mean], {});
        x = sketch.node('Relu', [sketch.node('Div', [y, root], {})], {});
      }
      return pooled(sketch, x);
    });
    expect(bare).toEqual([]);
  });

  it('are those whose squares are only features', () => {
    const bare = bareOf((sketch) => {
      const a = sketch.norm('n', biased(sketch, 'a', 'image', 3));
      const b = biased(sketch, 'b', sketch.node('Relu', [a], {}), 4);
      return pooled(sketch, sketch.node('Mul', [b, b], {}));
    });
    expect(bare).toEqual(['b']);
  });
});
