import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  biasCorrected,
  biasLayerSets,
  biasSizes,
  rankingScore,
} from '../../../main/common/zico-bc.ts';
import {
  biasesOf,
  biasTerm,
  countedBias,
  countedScore,
  logTerm,
  scoreOf,
} from '../../../main/proxy/zico.ts';

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

const named = (name: string, norms: readonly number[], height = 4, width = 4) => ({
  ...{ name, sum: 3, sumCapped: 2, height, width, channels: 4, gradientNorms: norms },
});

describe('the bias', () => {
  const stem = named('stem', [0, 0.5]);
  const deadEnd = named('dead', [0, 0]);
  const deployed = new Map([
    ['stem', { height: 8, width: 16, channels: 4 }],
    ['dead', { height: 2, width: 2, channels: 1 }],
  ]);

  it('is counted as scored and as deployed, over all layers and over those that any batch reaches', () => {
    const biases = biasesOf([stem, deadEnd], deployed);
    expect(biases.scoring).toEqual({ live: Math.log(8), all: 2 * Math.log(8) });
    expect(biases.deployment).toEqual({ live: Math.log(64), all: Math.log(64) + Math.log(4) });
  });

  it('of a layer that is not named among the deployed ones is that of its scored size', () => {
    expect(biasesOf([stem], new Map()).deployment).toEqual(biasesOf([stem], new Map()).scoring);
  });

  it('of a score is the one that was chosen, which is the sum of what its layers add', () => {
    for (const biasSize of biasSizes) {
      for (const biasLayers of biasLayerSets) {
        const choice = { biasSize, biasLayers };
        const layers = [stem, deadEnd];
        const score = countedScore(layers, deployed, choice);
        const terms = layers.map((one) => countedBias(one, deployed.get(one.name), choice));
        expect(score.bias).toBe(score.biases[biasSize][biasLayers]);
        expect(score.bias).toBeCloseTo(terms[0]! + terms[1]!, 12);
        expect(score.silentLayers).toBe(1);
        expect(score.ranksLast).toBe(false);
      }
    }
  });

  it('as scored over all layers is to the bit what version 0.1 counted', () => {
    fc.assert(
      fc.property(fc.array(layer), (layers) => {
        const all = layers.map((one, i) => ({ ...one, name: `l${i}`, gradientNorms: [0] }));
        expect(biasesOf(all, new Map()).scoring.all).toBe(scoreOf(all).bias);
      }),
    );
  });

  it('ranks a network that no gradient reaches below every other, unless all layers count', () => {
    const last = countedScore([deadEnd], deployed, { biasSize: 'scoring', biasLayers: 'live' });
    expect(last.ranksLast).toBe(true);
    expect(rankingScore(last, 1, true)).toBe(-Infinity);
    const all = countedScore([deadEnd], deployed, { biasSize: 'scoring', biasLayers: 'all' });
    expect(rankingScore(all, 1, true)).toBeCloseTo(Math.log(2) - Math.log(8), 12);
  });
});

describe('ZiCo-BC', () => {
  it('subtracts beta times the bias, and beta = 0 gives ZiCo back', () => {
    expect(biasCorrected(100, 30, 0)).toBe(100);
    expect(biasCorrected(100, 30, 1)).toBe(70);
    expect(biasCorrected(100, -30, 2)).toBe(160);
  });
});
