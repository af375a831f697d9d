import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../../../main/random.ts';
import type { Candidate, CandidateId } from '../../../../main/run/candidate.ts';
import { knowledgeOf } from '../../../../main/search/guided/knowledge.ts';
import { runAtOnce } from '../../../../main/search/guided/slices.ts';
import type { SearchSettings } from '../../../../main/common/settings/index.ts';
import type { Genotype } from '../../../../main/space/space.ts';
import { createToySpace } from '../../../support/toy-space.ts';
import { toyScore, toySettings, toySize } from '../../../support/toy-search.ts';

const space = createToySpace();
const settings: SearchSettings = { ...toySettings, search: 'guided', inFlight: 4, beta: 0 };
/** The first digit counts threefold, the last not at all. */
const truth = (genotype: Genotype): number =>
  space.values(genotype).reduce((sum, d, i, all) => {
    if (i === all.length - 1) return sum;
    return sum + Math.log(d) * (i === 0 ? 3 : 1);
  }, 0);

function candidates(count: number, score = truth): Candidate[] {
  const random = generatorFor('known');
  const drawn = new Set(Array.from({ length: count }, () => space.sample(random)));
  return [...drawn].map((genotype, i): Candidate => ({
    ...{ id: (i + 1) as CandidateId, genotype, generation: 0, parents: [] },
    ...toySize(genotype),
    ...{ status: 'evaluated', latency: null },
    score: { ...toyScore(genotype), zico: score(genotype) },
  }));
}
const known = (some: readonly Candidate[]) =>
  runAtOnce(knowledgeOf({ space, settings, candidates: some, count: toySize }));

describe('what a model knows', { timeout: 60_000 }, () => {
  it('is how well it foretold scores before they came out', () => {
    const knowledge = known(candidates(50));
    expect(knowledge?.foretold).toBeGreaterThanOrEqual(38);
    expect(knowledge?.rankCorrelation).toBeGreaterThan(0.8);
    // As it goes on: every model is asked about the scores after those that it knew.
    const course = knowledge?.course ?? [];
    expect(course[0]?.known).toBe(10);
    expect(course.reduce((sum, { foretold }) => sum + foretold, 0)).toBe(knowledge?.foretold);
    course.slice(1).forEach(({ known: after }, i) => {
      expect(after).toBe(course[i]!.known + course[i]!.foretold);
    });
    expect(course.at(-1)?.rankCorrelation).toBeGreaterThan(0.7);
    // Nothing can be foretold of chance.
    const random = generatorFor('chance');
    const chance = known(candidates(50, () => random.next() / 2 ** 32));
    expect(Math.abs(chance?.rankCorrelation ?? 1)).toBeLessThan(0.4);
  });

  it('is what the choices of each gene are worth, for the score and for the cost', () => {
    const genes = known(candidates(60))?.genes ?? [];
    expect(genes.map(({ gene }) => gene)).toEqual(space.genes.map(({ name }) => name));
    const range = (g: number) => {
      const scores = genes[g]!.choices.map(({ score }) => score);
      return Math.max(...scores) - Math.min(...scores);
    };
    expect(range(0)).toBeGreaterThan(2 * range(1));
    expect(range(1)).toBeGreaterThan(2 * range(4));
    for (const { choices } of genes) {
      expect(choices.map(({ choice }) => choice)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
      expect(choices.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(choices.at(-1)!.logCost).toBeGreaterThan(choices[0]!.logCost);
    }
  });

  it('is nothing where hardly anything was scored, and no correlation of equal scores', () => {
    expect(known(candidates(6))).toBeNull();
    expect(known(candidates(30, () => 4))?.rankCorrelation).toBeNull();
  });
});
