import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../../main/random.ts';
import { builtInSpaces } from '../../../main/space/index.ts';

/** What pieces of genotypes say is kept: no network may be read with what another one says. */
describe.each(builtInSpaces().map((space) => [space.name, space] as const))(
  'the values of networks of %s',
  (_, space) => {
    it('are those of the network, whichever were read before it', () => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const random = generatorFor('values', seed);
          const one = space.sample(random);
          const relatives = [one, space.mutate(one, random), space.sample(random)];
          for (const genotype of [...relatives, ...relatives.toReversed()]) {
            const { genes } = space.toJson(genotype);
            const values = space.genes.map(({ name, choices, labels }) => {
              const written = genes[name];
              if (written === undefined) return 0;
              return typeof written === 'number' ? written : choices[labels!.indexOf(written)];
            });
            expect(space.values(genotype)).toEqual(values);
            // What was read last is not what is read next.
            expect(space.at(space.indexOf(genotype))).toBe(genotype);
          }
        }),
        { numRuns: 40 },
      );
    });
  },
);
