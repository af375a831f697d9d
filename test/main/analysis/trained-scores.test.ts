import { describe, expect, it } from 'vitest';
import { againstTruth } from '../../../main/analysis/trained-scores.ts';
import type { CandidateId, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import type { TrainedModel } from '../../../main/run/trained-model.ts';
import { toyCandidate, toyFailure, toySettings } from '../../support/toy-search.ts';

/** ZiCo is the number, and so is everything else but the latency. */
function candidate(id: number, near: number | null): EvaluatedCandidate {
  const toy = toyCandidate(id);
  const proxies = near === null ? {} : { near: { value: near } };
  const facts = { layers: 3, liveLayers: 3, lnChannels: 7, proxies };
  const score = { ...toy.score, zico: id, zicoCapped: id, bias: 0, facts };
  return { ...toy, macs: 100 - id, parameters: 7, score };
}

const trained = (candidate: number, accuracy: number, more: Partial<TrainedModel> = {}) => ({
  ...{ candidate: candidate as CandidateId, accuracy, metric: 'top-1', data: 'flowers' },
  ...{ digest: '', name: '', newHead: null, attachedAt: '' },
  latencies: { float32: null, int8: null },
  ...more,
});

const candidates = [1, 2, 3, 4, 5].map((id) => candidate(id, id === 5 ? null : -id));
const settings = { ...toySettings, beta: 0 };

describe('scores held against accuracies', () => {
  it('are correlated among equal metric and images, the best first', () => {
    const models = [trained(1, 50), trained(2, 70), trained(3, 60), trained(4, 80)];
    const [group, ...others] = againstTruth(candidates, models, settings);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ metric: 'top-1', data: 'flowers', candidates: [4, 2, 3, 1] });
    const of = (name: string) => group!.scores.find(({ score }) => score === name);
    // Of six pairs one is the other way round: (5 - 1) / 6; ranks 1 3 2 4: 1 - 6 * 2 / (4 * 15).
    expect(of('score')).toMatchObject({ label: 'ZiCo-BC', networks: 4 });
    expect(of('score')!.kendall).toBeCloseTo(4 / 6, 12);
    expect(of('score')!.spearman).toBeCloseTo(0.8, 12);
    expect(of('near')!.kendall).toBeCloseTo(-4 / 6, 12);
    expect(of('macs')!.spearman).toBeCloseTo(-0.8, 12);
    expect(of('parameters')).toMatchObject({ kendall: null, spearman: null });
    expect(of('synflow')).toBeUndefined();
  });

  it('leave out a network for which a score has no value', () => {
    const models = [trained(1, 1), trained(2, 2), trained(3, 3), trained(5, 4)];
    const { scores } = againstTruth(candidates, models, settings)[0]!;
    expect(scores.find(({ score }) => score === 'near')).toMatchObject({ networks: 3 });
    expect(scores.find(({ score }) => score === 'zico')).toMatchObject({ networks: 4, kendall: 1 });
  });

  it('say nothing of fewer than three, or of different metrics and images together', () => {
    const models = [
      ...[trained(1, 50), trained(2, 70), trained(3, 60, { metric: 'top-5' })],
      trained(4, 80, { data: 'birds' }),
    ];
    const groups = againstTruth(candidates, models, settings);
    expect(groups.map(({ candidates: ids, scores }) => [ids, scores])).toEqual([
      [[2, 1], []],
      [[3], []],
      [[4], []],
    ]);
  });

  it('take names that differ in their case alone as one', () => {
    const models = [
      trained(1, 1),
      trained(2, 2, { metric: 'Top-1' }),
      trained(3, 3, { data: 'Flowers' }),
    ];
    expect(againstTruth(candidates, models, settings)).toHaveLength(1);
  });

  it('follow beta, and pass over what failed', () => {
    const biased = candidates.map((one) => ({
      ...one,
      score: { ...one.score, bias: 10 * one.id },
    }));
    const models = [trained(1, 1), trained(2, 2), trained(3, 3), trained(6, 4)];
    const all = [...biased, toyFailure(6)];
    const kendall = (beta: number) =>
      againstTruth(all, models, { ...settings, beta })[0]!.scores[0]!.kendall;
    expect([kendall(0), kendall(1)]).toEqual([1, -1]);
  });
});
