import { describe, expect, it } from 'vitest';
import { analyseBias } from '../../../main/analysis/bias.ts';
import type { Candidate, CandidateId } from '../../../main/run/candidate.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { Genotype, Space } from '../../../main/space/space.ts';
import { createToySpace } from '../../support/toy-space.ts';

/** Toys of two digits: the first is the depth (1 to 8), the second the width. */
const toy = createToySpace(2, 8);
const digit = (genotype: Genotype, i: number) => toy.values(genotype)[i]!;
const space: Space = {
  ...toy,
  depth: { unit: 'layers', least: 1, most: 8, of: (genotype) => digit(genotype, 0) },
  width: { unit: 'channels', least: 2, most: 10, of: (genotype) => digit(genotype, 1) + 1 },
};
const settings = { ...defaultSearchSettings, latency: 'macs' as const, beta: 1 };

function candidate(
  id: number,
  genotype: string,
  macs: number,
  zico: number,
  bias: number,
): Candidate {
  return {
    id: id as CandidateId,
    genotype: toy.parse(genotype),
    generation: Math.floor((id - 1) / 3),
    parents: [],
    parameters: 1,
    macs,
    status: 'evaluated',
    latency: null,
    score: {
      zico,
      zicoCapped: zico,
      bias,
      termCap: 100,
      losses: [],
      layers: [],
      engine: { name: 'onnxruntime', version: '0', threads: 1 },
      seconds: 0,
    },
  };
}

/** With plain ZiCo the deep ones win (1 and 2 and 4); with beta 1 the wide ones 3, 5 and 6 beat them. */
const candidates: Candidate[] = [
  candidate(1, '8-1', 10, 100, 90),
  candidate(2, '8-2', 20, 120, 100),
  candidate(3, '2-6', 10, 80, 20),
  candidate(4, '8-1', 30, 140, 110),
  candidate(5, '3-8', 20, 90, 20),
  candidate(6, '3-7', 30, 110, 30),
];
const failed: Candidate = {
  ...(({ id, genotype, generation, parents, parameters, macs }: Candidate) => ({
    id: (id + 6) as CandidateId,
    genotype,
    generation,
    parents,
    parameters,
    macs,
  }))(candidates[0]!),
  status: 'failed',
  failure: { code: 'x', message: 'x', hint: 'x' },
};

describe('the analysis of a run', () => {
  const analysis = analyseBias([...candidates, failed], space, settings);

  it('puts each network into the range of its space', () => {
    expect(analysis.depth).toEqual({ unit: 'layers', least: 1, most: 8, fixed: false });
    const [first] = analysis.plain.networks;
    expect(first).toMatchObject({ id: 1, depth: 8, relativeDepth: 1, width: 2, relativeWidth: 0 });
    const third = analysis.front.networks.find(({ id }) => id === 3);
    expect(third).toMatchObject({ relativeDepth: 1 / 7, relativeWidth: 5 / 8, score: 60 });
  });

  it('sets the front of ZiCo beside that of ZiCo-BC, both out of the same scores', () => {
    expect(analysis.plain.networks.map(({ id }) => id)).toEqual([1, 2, 4]);
    expect(analysis.front.networks.map(({ id }) => id)).toEqual([3, 5, 6]);
    expect(analysis.plain.shape).toMatchObject({ networks: 3, depth: 1, atMaximumDepth: 1 });
    expect(analysis.front.shape).toMatchObject({ networks: 3, atMaximumDepth: 0 });
    expect(analysis.front.shape.depth).toBeCloseTo((1 + 2 + 2) / 7 / 3, 12);
    expect(analysis.front.shape.width).toBeCloseTo((5 + 7 + 6) / 8 / 3, 12);
    expect(analysis.kept).toBe(0);
  });

  it('follows the generations, without those that failed', () => {
    expect(analysis.candidates).toEqual({ evaluated: 6, failed: 1 });
    expect(analysis.generations.map(({ networks }) => networks)).toEqual([3, 3]);
    expect(analysis.generations[0]!.atMaximumDepth).toBeCloseTo(2 / 3, 12);
    expect(analysis.generations[1]!.atMaximumDepth).toBeCloseTo(1 / 3, 12);
  });

  it('suggests the first beta at which most networks of the front have left maximum depth', () => {
    const { suggestion, curve } = analysis;
    expect(suggestion.reason).toBe('most-left-maximum-depth');
    const at = curve.findIndex(({ beta }) => beta === suggestion.beta);
    expect(curve[at]!.atMaximumDepth).toBeLessThan(0.5);
    expect(curve.slice(0, at).every((point) => point.atMaximumDepth! >= 0.5)).toBe(true);
    expect(at).toBeGreaterThan(0);
    expect(suggestion.evidence).toContain('100 % of the front');
  });

  it('takes another beta than that of the run', () => {
    expect(analyseBias(candidates, space, settings, { beta: 0 }).front.networks).toEqual(
      analysis.plain.networks,
    );
  });
});

describe('a beta is not suggested', () => {
  const suggestion = (changes: Partial<Space>, from = candidates) =>
    analyseBias(from, { ...space, ...changes }, settings).suggestion;

  it('where the space fixes the depth, as nats-sss does', () => {
    const nats = spaceNamed('nats-sss');
    expect(nats.depth).toMatchObject({ least: 5, most: 5 });
    const fixed = suggestion({ depth: { ...nats.depth!, of: () => 5 } });
    expect(fixed).toMatchObject({ beta: null, reason: 'depth-fixed' });
    expect(fixed.evidence).toContain('5 blocks');
  });

  it('where the space has no depth, or nothing was scored', () => {
    expect(suggestion({ depth: undefined })).toMatchObject({ beta: null, reason: 'depth-unknown' });
    expect(suggestion({}, [failed])).toMatchObject({ beta: null, reason: 'no-front' });
  });

  it('where none that was tried is enough', () => {
    const deepOnly = candidates.filter(({ genotype }) => digit(genotype, 0) === 8);
    expect(suggestion({}, deepOnly)).toMatchObject({ beta: null, reason: 'none-is-enough' });
  });

  it('but 0 where most networks are not at maximum depth anyway', () => {
    const wide = candidates.filter(({ genotype }) => digit(genotype, 0) < 8);
    expect(suggestion({}, wide)).toMatchObject({ beta: 0, reason: 'not-needed' });
  });
});

it('places the widths of nats-sss between its narrowest and its widest network', () => {
  const { width, at, networks } = spaceNamed('nats-sss');
  expect([width!.of(at(0)), width!.of(at(networks - 1))]).toEqual([0, 1]);
  expect(width).toMatchObject({ least: 0, most: 1 });
});
