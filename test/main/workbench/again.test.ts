import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../../main/workbench/again.ts';

const layer = (name: string, sum: number) => ({
  ...({ name, kind: 'Conv', weights: 27, height: 32, width: 32, channels: 4 } as const),
  ...{ sum, sumCapped: sum / 2, gradientNorms: [0.1, 0.2] },
});
const stored = {
  ...{ zico: 12.5, zicoCapped: 11, bias: 3, losses: [2.3, 2.4] },
  layers: [layer('stem', 2), layer('head', 5)],
};

describe('a score that is computed once more', () => {
  it('agrees where every bit does', () => {
    expect(agreementOf(stored, structuredClone(stored))).toEqual({ same: true, differing: [] });
  });

  it('names the layers that differ by the last bit', () => {
    const layers = [layer('stem', 2), layer('head', 5 + Number.EPSILON * 4)];
    expect(agreementOf(stored, { ...stored, layers })).toEqual({
      same: false,
      differing: ['head'],
    });
  });

  it.each(['zico', 'zicoCapped', 'bias'] as const)('differs where %s differs', (key) => {
    expect(agreementOf(stored, { ...stored, [key]: 1 }).same).toBe(false);
  });

  it('differs where a loss differs, or a layer is missing', () => {
    expect(agreementOf(stored, { ...stored, losses: [2.3] }).same).toBe(false);
    expect(agreementOf(stored, { ...stored, layers: [layer('stem', 2)] }).same).toBe(false);
  });
});
