import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnnxRuntimeEngine } from '../../../main/engine/onnxruntime/engine.ts';
import type { Statistics } from '../../../main/engine/engine.ts';
import { biasTerm, scoreOf } from '../../../main/proxy/zico.ts';
import { openEngine } from '../../support/engines.ts';
import { goldenNames, readGolden, type Expected } from '../../support/golden.ts';

/** Largest |actual / expected - 1| over two lists of the same length. */
function deviation(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(actual[i]! / value - 1)));
}

let engine: OnnxRuntimeEngine;
beforeAll(() => {
  engine = openEngine(1);
});
afterAll(() => engine.close());

describe.each(goldenNames)('PyTorch and the engine agree on %s', (name) => {
  let statistics: Statistics;
  let expected: Expected;
  beforeAll(async () => {
    const golden = readGolden(name);
    expected = golden.expected;
    await engine.useBatches(golden.batches);
    statistics = await engine.statistics({ graph: golden.graph, termCap: 1000 });
  }, 60_000);

  it('in the layers: names in node order, number of weights, output feature maps', () => {
    expect(
      statistics.layers.map((layer) => ({
        name: layer.name,
        weights: layer.weights,
        height: layer.height,
        width: layer.width,
        channels: layer.channels,
      })),
    ).toEqual(
      expected.layers.map((layer) => ({
        name: layer.name,
        weights: layer.weights,
        height: layer.height,
        width: layer.width,
        channels: layer.channels,
      })),
    );
    expect(statistics).toMatchObject({ batches: expected.batches, batchSize: expected.batchSize });
  });

  it('in the losses, to 1e-4', () => {
    expect(deviation(statistics.losses, expected.losses)).toBeLessThan(1e-4);
  });

  it('in every gradient norm, to 1e-4', () => {
    const norms = (layers: readonly { gradientNorms: readonly number[] }[]) =>
      layers.flatMap(({ gradientNorms }) => gradientNorms);
    expect(deviation(norms(statistics.layers), norms(expected.layers))).toBeLessThan(1e-4);
  });

  it('in the capped sum of every layer, to 0.3 %', () => {
    const actual = statistics.layers.map(({ sumCapped }) => sumCapped);
    const wanted = expected.layers.map(({ sumCappedAt1000 }) => sumCappedAt1000);
    expect(deviation(actual, wanted)).toBeLessThan(3e-3);
  });

  it('in ZiCo to 0.3 %, capped to 0.1 %', () => {
    const score = scoreOf(statistics.layers);
    expect(deviation([score.zicoCapped], [expected.zicoCappedAt1000])).toBeLessThan(1e-3);
    expect(deviation([score.zico], [expected.zico])).toBeLessThan(3e-3);
  });

  it('in the bias of every layer and in all, to 1e-9', () => {
    const actual = statistics.layers.map(biasTerm);
    const wanted = expected.layers.map(({ bias }) => bias);
    expect(deviation(actual, wanted)).toBeLessThan(1e-9);
    expect(deviation([scoreOf(statistics.layers).bias], [expected.bias])).toBeLessThan(1e-9);
  });
});
