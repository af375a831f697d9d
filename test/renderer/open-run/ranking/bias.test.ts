import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseBias, relativeShape } from '../../../../main/analysis/bias.ts';
import {
  defaultSearchSettings,
  type SearchSettings,
} from '../../../../main/common/settings/index.ts';
import { generatorFor } from '../../../../main/random.ts';
import type { CandidateId, EvaluatedCandidate } from '../../../../main/run/candidate.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { adviseBeta, shapeOf, usualBetas } from '../../../../main/common/network-shape.ts';
import { paretoFront } from '../../../../main/common/pareto-front.ts';
import { orderByCost } from '../../../../renderer/open-run/columns/kept-order.ts';
import { scoreAll } from '../../../../renderer/open-run/ranking/pareto.ts';

const space = spaceNamed('efficientnet-wide');
const settings: SearchSettings = {
  ...defaultSearchSettings,
  ...({ latency: 'macs', termCap: null, biasSize: 'scoring', biasLayers: 'all' } as const),
  space: space.name,
};

/** Networks of the space with scores that favour depth by `pull`, as plain ZiCo does. */
function madeUp(seed: number, count: number, pull: number): EvaluatedCandidate[] {
  const random = generatorFor('bias', seed);
  return Array.from({ length: count }, (_, i) => {
    const genotype = space.sample(random);
    const depth = space.depth!.of(genotype) / space.depth!.most;
    const width = space.width!.of(genotype);
    return {
      id: (i + 1) as CandidateId,
      genotype,
      generation: i % 3,
      parents: [],
      parameters: 1,
      macs: Math.round(1e6 * (depth + width) * 100),
      status: 'evaluated',
      latency: null,
      score: {
        zico: 100 * width + pull * depth,
        zicoCapped: 100 * width,
        bias: (pull / 2) * depth,
        termCap: 100,
        losses: [],
        layers: [],
        engine: { name: 'onnxruntime', version: '0', threads: 1 },
        seconds: 1,
      },
    };
  });
}

describe('what the window says about bias', () => {
  it('is what `zico analyse` says of the same run', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 60 }), fc.nat(400), (seed, n, pull) => {
        const candidates = madeUp(seed, n, pull);
        const { curve, suggestion } = analyseBias(candidates, space, settings);
        const columns = {
          length: n,
          zico: Float64Array.from(candidates, ({ score }) => score.zico!),
          zicoCapped: Float64Array.from(candidates, ({ score }) => score.zicoCapped!),
          bias: Float64Array.from(candidates, ({ score }) => score.bias!),
        };
        const cost = Float64Array.from(candidates, ({ macs }) => macs);
        const order = orderByCost(cost, n);
        const generation = new Int32Array(n);
        const places = candidates.map(({ genotype }) => relativeShape(genotype, space));
        const own = usualBetas.map((beta) => {
          const score = scoreAll(columns, beta, false);
          const front = paretoFront({ order, cost, score, generation, upTo: Infinity });
          return { beta, ...shapeOf(Array.from(front, (i) => places[i]!)) };
        });
        expect(own.map(({ beta }) => beta)).toEqual(curve.map(({ beta }) => beta));
        own.forEach((point, i) => {
          expect(point.networks).toBe(curve[i]!.networks);
          expect(point.depth).toBeCloseTo(curve[i]!.depth!, 9);
          expect(point.width).toBeCloseTo(curve[i]!.width!, 9);
          expect(point.atMaximumDepth).toBeCloseTo(curve[i]!.atMaximumDepth!, 9);
        });
        const advice = adviseBeta(own);
        expect('beta' in advice ? advice.beta : null).toBe(suggestion.beta);
      }),
      { numRuns: 15 },
    );
  });

  const point = (beta: number, atMaximumDepth: number | null) => ({
    ...{ beta, networks: 10, width: 0.3, depth: atMaximumDepth, atMaximumDepth },
  });

  it.each([
    ['no rule where depth is fixed', [point(0, null), point(1, null)], { kind: 'no-rule' }],
    ['none where most are not deep', [point(0, 0.4), point(1, 0.1)], { kind: 'not-needed' }],
    [
      'the first beta at which most have left maximum depth',
      [point(0, 0.8), point(1, 0.5), point(2, 0.4), point(3, 0.1)],
      { kind: 'enough', beta: 2 },
    ],
    ['none that is enough', [point(0, 0.8), point(4, 0.6)], { kind: 'none-is-enough' }],
    ['no rule before anything is scored', [], { kind: 'no-rule' }],
  ])('advises %s', (_what, curve, expected) => {
    expect(adviseBeta(curve)).toMatchObject(expected);
  });
});
