/** Networks of a space that are too large to be described, among others that are not. */
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/errors.ts';
import type { Proposal } from '../../../main/run/candidate.ts';
import { proposeGeneration, type ProposalRequest } from '../../../main/search/proposals.ts';
import { memoized, type Size } from '../../../main/search/size.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { createToySpace } from '../../support/toy-space.ts';
import { toySize } from '../../support/toy-search.ts';

const isHuge = (genotype: Genotype): boolean => genotype.startsWith('8') || genotype.endsWith('8');
const tooLarge = () => new WorkbenchError('tensor-too-large', 'It would be too large.', 'Shrink.');
const noMemory = () => new RangeError('Invalid typed array length: 25769803776');

/** As a search asks: errors of the description become sizes. */
const sizes = (error: () => Error, huge = isHuge) =>
  memoized((genotype) => {
    if (huge(genotype)) throw error();
    return toySize(genotype);
  });

/** Larger than is gone through, and small enough to be. */
const spaces = [createToySpace(7), createToySpace(3)];
const request = (space: ProposalRequest['space'], summarise: (g: Genotype) => Size) => ({
  ...{ space, seed: 3, generation: 0, count: 40, firstId: 1, parents: [], summarise },
  seen: new Set<Genotype>(),
  constraints: { maxParameters: null, maxMacs: null },
});

describe.each([
  ['more than any engine can hold', tooLarge],
  ['more than JavaScript can hold', noMemory],
])('a network of %s', (_name, error) => {
  it.each(spaces)('is passed over, and counted', async (space) => {
    const found = await proposeGeneration(request(space, sizes(error)));
    expect(found.proposals).toHaveLength(40);
    expect(found.proposals.filter(({ genotype }) => isHuge(genotype))).toEqual([]);
    expect(found.rejected).toBeGreaterThan(0);
  });

  it.each(spaces)('leaves what others are proposed in which order', async (space) => {
    const every = await proposeGeneration({ ...request(space, toySize), count: 200 });
    const some = await proposeGeneration({ ...request(space, sizes(error)), count: 100 });
    const expected = every.proposals.filter(({ genotype }) => !isHuge(genotype)).slice(0, 100);
    const names = (list: readonly Proposal[]) => list.map(({ genotype }) => genotype);
    expect(names(some.proposals)).toEqual(names(expected));
  });

  it.each(spaces)('is brought back within a limit where there is one', async (space) => {
    const constraints = { maxParameters: null, maxMacs: 10 ** 12 };
    const found = await proposeGeneration({ ...request(space, sizes(error)), constraints });
    expect(found.proposals).toHaveLength(40);
    expect(found.proposals.filter(({ genotype }) => isHuge(genotype))).toEqual([]);
  });

  it.each(spaces)('says why, where the space has no other', async (space) => {
    const only = request(
      space,
      sizes(error, () => true),
    );
    await expect(proposeGeneration(only)).rejects.toMatchObject({
      code: 'no-feasible-network',
      message: expect.stringMatching(/that can be built. One of them: It /) as string,
    });
  });
});

it('a fault of the program is none of the network', () => {
  const broken = sizes(() => new TypeError('undefined is no function'));
  expect(() => broken('8-8-8' as Genotype)).toThrow(TypeError);
});
