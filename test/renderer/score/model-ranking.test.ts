import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelRow } from '../../../preload/contract.ts';
import { barScale, modelScore, rankModels } from '../../../renderer/score/model-ranking.ts';
import { fakeModel } from '../fake-bridge.ts';

const narrow = fakeModel(1, 'narrow.onnx', [8, 8, 8, 8, 8]);
const wide = fakeModel(2, 'wide.onnx', [64, 64, 64, 64, 64]);
const failed: ModelRow = { ...fakeModel(3, 'bad.onnx', [8]), state: 'failed', score: null };

describe('ranking of models', () => {
  it('puts the highest score first and what has none last', () => {
    const ranked = rankModels([failed, narrow, wide], 1, false);
    expect(ranked.map(({ model, rank }) => [model.name, rank])).toEqual([
      ['wide.onnx', 1],
      ['narrow.onnx', 2],
      ['bad.onnx', null],
    ]);
  });

  it('is ordered and ranked by the score of any beta', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -9, max: 9 }))),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (figures, beta) => {
          const models = figures.map(([zico, bias], i): ModelRow => {
            const model = fakeModel(i + 1, `${i}`, [8]);
            return { ...model, score: { ...model.score!, zico, bias } };
          });
          const ranked = rankModels(models, beta, false);
          ranked.forEach(({ model, rank, score }) => {
            expect(score).toBe(modelScore(model.score!, beta, false));
            expect(rank).toBe(1 + ranked.filter((other) => other.score! > score!).length);
          });
          expect(ranked.map(({ score }) => score)).toEqual(
            ranked.map(({ score }) => score!).sort((a, b) => b - a),
          );
        },
      ),
    );
  });

  it('draws the bars of two models on one scale', () => {
    const both = barScale([narrow.score!, wide.score!], false);
    expect(both.log).toBe(barScale([wide.score!], false).log);
    expect(both.log).toBeGreaterThan(barScale([narrow.score!], false).log);
  });
});
