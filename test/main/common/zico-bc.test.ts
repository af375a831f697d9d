import fc from 'fast-check';
import { expect, it } from 'vitest';
import { biasCorrected, biasCorrection, rankingScore } from '../../../main/common/zico-bc.ts';

const score = { zico: 100, zicoCapped: 80, bias: 20 };

it('is ZiCo without beta, and loses beta times the bias with it', () => {
  expect(rankingScore(score, 0, false)).toBe(100);
  expect(rankingScore(score, 1.5, false)).toBe(70);
  expect(rankingScore(score, 1, true)).toBe(60);
});

it('is what ZiCo and the correction make together, to the bit', () => {
  const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
  fc.assert(
    fc.property(number, number, number, (zico, bias, beta) => {
      expect(biasCorrected(zico, bias, beta)).toBe(zico - biasCorrection(bias, beta));
    }),
  );
});
