import { describe, expect, it } from 'vitest';
import { computeStatistics } from '../../../main/engine/onnxruntime/statistics.ts';
import { noiseLayers } from '../../../main/score-model/noise-layers.ts';
import { randomBatches } from '../../support/random-batches.ts';
import { Sketch } from '../../support/sketch.ts';

const layer = (name: string, ...gradientNorms: number[]) => ({ name, gradientNorms });

describe('layers with nothing but rounding noise', () => {
  it('are those far below the others in every batch', () => {
    const layers = [layer('a', 0.4, 0.5), layer('noise', 3e-9, 5e-9), layer('b', 0.3, 0.1)];
    expect(noiseLayers(layers)).toEqual(['noise']);
    expect(noiseLayers([...layers, layer('once', 3e-9, 0.01)])).toEqual(['noise']);
  });

  it('are none where the gradient is exactly zero, or where all are small', () => {
    expect(noiseLayers([layer('a', 0.4), layer('dead', 0), layer('b', 0.2)])).toEqual([]);
    expect(noiseLayers([layer('a', 3e-9), layer('b', 5e-9)])).toEqual([]);
    expect(noiseLayers([])).toEqual([]);
  });

  it('are found where weights shift all logits alike', async () => {
    const sketch = new Sketch(4, [3, 6, 6]);
    const pooled = sketch.node(
      'GlobalAveragePool',
      [sketch.conv('shift', 'image', [1, 3, 3, 3])],
      {},
    );
    const shift = sketch.node('Flatten', [pooled], { axis: 1 });
    const logits = sketch.classifier(sketch.conv('own', 'image', [4, 3, 3, 3]), 10);
    const graph = sketch.graph([sketch.node('Add', [logits, shift], {})]);
    const batches = randomBatches({ batchSize: 4, inputShape: [3, 6, 6] });
    const { layers } = await computeStatistics(graph, batches, 100, 1);
    expect(layers.map(({ name }) => name)).toContain('shift');
    expect(noiseLayers(layers)).toEqual(['shift']);
  });
});
