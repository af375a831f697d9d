import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateId } from '../../../main/run/candidate.ts';
import { rankPopulation } from '../../../main/search/nsga2.ts';
import {
  proposeGeneration,
  type Parent,
  type ProposalRequest,
} from '../../../main/search/proposals.ts';
import { spaceScan } from '../../../main/search/space-scan.ts';
import { generatorFor } from '../../../main/random.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { createToySpace } from '../../support/toy-space.ts';
import { toyScore, toySize } from '../../support/toy-search.ts';

const space = createToySpace();
const request: ProposalRequest = {
  space,
  seed: 5,
  generation: 0,
  count: 10,
  firstId: 1,
  parents: [],
  seen: new Set(),
  constraints: { maxParameters: null, maxMacs: null },
  summarise: toySize,
};

function parentsOf(genotypes: readonly Genotype[]): ProposalRequest['parents'] {
  const parents = genotypes.map((genotype, i): Parent => ({
    id: (i + 1) as CandidateId,
    genotype,
    objectives: [-toyScore(genotype).zico, toySize(genotype).macs],
  }));
  return rankPopulation(parents);
}

describe('proposals', () => {
  it('depend on seed and generation, and on nothing else', async () => {
    const first = await proposeGeneration(request);
    expect(await proposeGeneration(request)).toEqual(first);
    expect(await proposeGeneration({ ...request, seed: 6 })).not.toEqual(first);
    expect(await proposeGeneration({ ...request, generation: 1 })).not.toEqual(first);
  });

  it('are numbered, distinct, new, feasible and bred from the parents given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 30 }), async (seed, count) => {
        const { proposals: first } = await proposeGeneration({ ...request, seed });
        const genotypes = first.map(({ genotype }) => genotype);
        const { proposals, exhausted } = await proposeGeneration({
          ...request,
          seed,
          count,
          generation: 1,
          firstId: 11,
          parents: parentsOf(genotypes),
          seen: new Set(genotypes),
          constraints: { maxParameters: 28, maxMacs: 400e6 },
        });
        expect(exhausted).toBe(false);
        expect(proposals.map(({ id }) => id)).toEqual(proposals.map((_, i) => 11 + i));
        const fresh = new Set(proposals.map(({ genotype }) => genotype));
        expect(fresh.size).toBe(count);
        for (const { genotype, parents, ...size } of proposals) {
          expect(genotypes).not.toContain(genotype);
          expect(size).toMatchObject(toySize(genotype));
          expect(size.parameters).toBeLessThanOrEqual(28);
          expect(size.macs).toBeLessThanOrEqual(400e6);
          expect(parents.every((id) => id >= 1 && id <= 10)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('find the one feasible network of a space that is nearly all infeasible', async () => {
    const { proposals, exhausted } = await proposeGeneration({
      ...request,
      constraints: { maxParameters: 5, maxMacs: null },
    });
    expect(proposals.map(({ genotype }) => genotype)).toEqual(['1-1-1-1-1']);
    expect(exhausted).toBe(true);
  });

  it('use a small space up to the last network, and then say so', async () => {
    const tiny = createToySpace(3, 3);
    const seen = new Set<Genotype>();
    let last;
    for (let generation = 0; generation < 4; generation++) {
      const parents = parentsOf([...seen].slice(0, 8));
      last = await proposeGeneration({
        ...request,
        space: tiny,
        count: 8,
        generation,
        firstId: seen.size + 1,
        parents,
        seen,
      });
      for (const { genotype } of last.proposals) seen.add(genotype);
    }
    expect(seen.size).toBe(27);
    expect(last).toMatchObject({ exhausted: true, proposals: { length: 3 } });
  });

  it.each([
    ['that can be gone through', createToySpace(5, 8)],
    ['too large to go through', createToySpace(7, 9)],
  ])('name the limits that no network meets, in a space %s', async (_name, any) => {
    const proposing = proposeGeneration({
      ...request,
      space: any,
      constraints: { maxParameters: 4, maxMacs: 7 },
    });
    await expect(proposing).rejects.toMatchObject({
      code: 'no-feasible-network',
      message: expect.stringContaining('4 parameters and 7 MACs') as string,
    });
  });

  it('pause, so that others get their turn, and give up when told to', async () => {
    let pauses = 0;
    const stopping = proposeGeneration(
      {
        ...request,
        constraints: { maxParameters: 4, maxMacs: null },
        stopped: () => pauses >= 3,
      },
      () => Promise.resolve(void pauses++),
    );
    expect(await stopping).toMatchObject({ proposals: [], exhausted: false, rejected: 6 });
    expect(pauses).toBe(3);
  });
});

describe('a scan of a space', () => {
  it('meets every network exactly once, whatever the seed', () => {
    const small = createToySpace(3, 4);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const met = [...spaceScan(small, generatorFor(seed))];
        expect(met).toHaveLength(64);
        expect(new Set(met).size).toBe(64);
      }),
    );
  });
});
