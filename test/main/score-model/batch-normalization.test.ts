import { describe, expect, it } from 'vitest';
import { batchNormalizationOf } from '../../../main/score-model/batch-normalization.ts';
import { sameConv, Sketch } from '../../support/sketch.ts';

const biased = (sketch: Sketch): string =>
  sketch.node('Conv', ['image', sketch.weights('w', [4, 3, 1, 1]), sketch.weights('b', [4])], {
    ...sameConv,
  });
const stateOf = (build: (sketch: Sketch) => string) => {
  const sketch = new Sketch(2, [3, 4, 4]);
  return batchNormalizationOf(sketch.graph([build(sketch)]));
};

/** As PyTorch's exporter writes LayerNorm before opset 17. */
function writtenOutNorm(sketch: Sketch, x: string): string {
  const mean = (value: string) =>
    sketch.node('ReduceMean', [value], { axes: [-1], keepDims: true });
  const centred = sketch.node('Sub', [x, mean(x)], {});
  const variance = mean(sketch.node('Pow', [centred], { exponent: 2 }));
  const epsilon = sketch.weights('epsilon', [], Float32Array.of(1e-5));
  const above = sketch.node('Add', [variance, epsilon], {});
  return sketch.node('Div', [centred, sketch.node('Sqrt', [above], {})], {});
}

/** As PyTorch's exporter writes x * rsqrt(mean(x^2) + epsilon). */
function writtenOutRms(sketch: Sketch, x: string): string {
  const square = sketch.node('Pow', [x], { exponent: 2 });
  const mean = sketch.node('ReduceMean', [square], { axes: [-1], keepDims: true });
  const epsilon = sketch.weights('epsilon', [], Float32Array.of(1e-5));
  const root = sketch.node('Sqrt', [sketch.node('Add', [mean, epsilon], {})], {});
  return sketch.node('Mul', [x, sketch.node('Reciprocal', [root], {})], {});
}

describe('BatchNormalization of a model', () => {
  it('is there, or may have been folded where every convolution has a bias', () => {
    expect(stateOf((sketch) => sketch.norm('n', biased(sketch)))).toBe('present');
    expect(stateOf(biased)).toBe('folded');
    expect(stateOf((sketch) => sketch.conv('c', 'image', [4, 3, 1, 1]))).toBe('absent');
  });

  it('was not folded where the network normalises otherwise, in one node or written out', () => {
    const scale = (sketch: Sketch) => sketch.weights('scale', [4]);
    const layerNorm = (sketch: Sketch) =>
      sketch.node('LayerNormalization', [biased(sketch), scale(sketch)], {
        axis: -1,
        epsilon: 1e-5,
      });
    expect(stateOf(layerNorm)).toBe('absent');
    expect(stateOf((sketch) => writtenOutNorm(sketch, biased(sketch)))).toBe('absent');
    expect(stateOf((sketch) => writtenOutRms(sketch, biased(sketch)))).toBe('absent');
  });
});
