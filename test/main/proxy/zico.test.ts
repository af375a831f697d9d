import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { biasCorrected } from '../../../main/common/zico-bc.ts';
import { biasTerm, logTerm, scoreOf } from '../../../main/proxy/zico.ts';

const size = fc.integer({ min: 1, max: 256 });
const layer = fc.record({
  sum: fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
  sumCapped: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  height: size,
  width: size,
  channels: size,
});

describe('ZiCo', () => {
  it('is the sum of ln z over the layers, plain and capped, and the bias that of ln(HW / sqrt C)', () => {
    fc.assert(
      fc.property(fc.array(layer), (layers) => {
        const score = scoreOf(layers);
        const total = (term: (l: (typeof layers)[number]) => number) =>
          layers.reduce((sum, l) => sum + term(l), 0);
        expect(score.zico).toBeCloseTo(
          total((l) => Math.log(l.sum)),
          9,
        );
        expect(score.zicoCapped).toBeCloseTo(
          total((l) => Math.log(l.sumCapped)),
          9,
        );
        const bias = total(
          (l) => Math.log(l.height) + Math.log(l.width) - Math.log(l.channels) / 2,
        );
        expect(score.bias).toBeCloseTo(bias, 9);
      }),
    );
  });

  it('gets nothing from a layer with z = 0, while its bias still counts', () => {
    const silent = { sum: 0, sumCapped: 0, height: 4, width: 4, channels: 4 };
    expect(logTerm(0)).toBe(0);
    expect(scoreOf([silent])).toEqual({ zico: 0, zicoCapped: 0, bias: Math.log(8) });
  });

  it('takes a layer with z below 1 as it is: negative', () => {
    expect(logTerm(0.5)).toBe(-Math.LN2);
  });

  it('has the bias -ln(C) / 2 in a fully connected layer', () => {
    expect(biasTerm({ height: 1, width: 1, channels: 100 })).toBeCloseTo(-Math.log(10), 12);
  });
});

describe('ZiCo-BC', () => {
  it('subtracts beta times the bias, and beta = 0 gives ZiCo back', () => {
    expect(biasCorrected(100, 30, 0)).toBe(100);
    expect(biasCorrected(100, 30, 1)).toBe(70);
    expect(biasCorrected(100, -30, 2)).toBe(160);
  });
});
