import { describe, expect, it } from 'vitest';
import { biasLayerSets, biasSizes } from '../../../main/common/zico-bc.ts';
import { withBias } from '../../../main/run/counted-bias.ts';
import { toyCandidate, toyCandidateWithBiases, toyFailure } from '../../support/toy-search.ts';

const stored = { biasSize: 'deployment', biasLayers: 'live' } as const;
const other = { biasSize: 'scoring', biasLayers: 'all' } as const;

describe('a run ranked by another bias', () => {
  it('has that bias, and nothing else is changed', () => {
    const [one, failed] = [toyCandidateWithBiases(1), toyFailure(2)];
    for (const biasSize of biasSizes) {
      for (const biasLayers of biasLayerSets) {
        const choice = { biasSize, biasLayers };
        const [changed, same] = withBias([one, failed], stored, choice);
        const bias = one.score.biases![biasSize][biasLayers];
        expect(changed).toEqual({ ...one, score: { ...one.score, bias } });
        expect(same).toBe(failed);
      }
    }
  });

  it('is refused where its candidates are older than the choice, but for their own', () => {
    const old = [toyCandidate(1)];
    expect(withBias(old, other, other)).toBe(old);
    expect(() => withBias(old, other, stored)).toThrow(
      expect.objectContaining({ code: 'bias-not-stored' }),
    );
  });
});
