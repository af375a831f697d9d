/** Searches by other scores than ZiCo-BC, and by sums of ranks. */
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/errors.ts';
import type { CandidateScore } from '../../../main/run/candidate.ts';
import { memoryRun } from '../../../main/search/memory-run.ts';
import { runSearch } from '../../../main/search/search.ts';
import type { Genotype } from '../../../main/space/space.ts';
import type { SearchSettings } from '../../../main/common/settings/index.ts';
import { createToySpace } from '../../support/toy-space.ts';
import { toyRunInfo, toyScore, toySettings, toySize } from '../../support/toy-search.ts';

const space = createToySpace();
const sum = (genotype: Genotype): number =>
  space.values(genotype).reduce((all, value) => all + value, 0);

/** NEAR grows with the network, SynFlow with its first choice; no gradients. Every seventh network fails. */
function withoutZico(genotype: Genotype): CandidateScore {
  if (sum(genotype) % 7 === 0) throw new WorkbenchError('engine-crashed', 'It died.', 'Retry.');
  const proxies = {
    near: { value: sum(genotype) },
    synflow: { value: 10 ** space.values(genotype)[0]! },
  };
  const none = { zico: null, zicoCapped: null, bias: null, losses: [], layers: [] };
  const facts = { layers: 1, liveLayers: null, lnChannels: 1, proxies };
  return { ...toyScore(genotype), ...none, facts };
}

const scoresBy = ['near', 'near+synflow'];
const methods: readonly Partial<SearchSettings>[] = [
  { search: 'nsga2', inFlight: null, generations: 4, candidates: null, population: 8 },
  { search: 'nsga2', inFlight: 4, generations: null, candidates: 32, population: 8 },
  { search: 'guided', inFlight: 4, generations: null, candidates: 32 },
  { search: 'random', inFlight: 4, generations: null, candidates: 32 },
];

async function searched(settings: SearchSettings, concurrency: number, stopAfter = Infinity) {
  const store = memoryRun(toyRunInfo(settings));
  const stop = new AbortController();
  await runSearch({
    ...{ space, settings, store, latency: null, summarise: toySize, concurrency },
    signal: stop.signal,
    // Some take longer than others, so that they do not finish in the order of their numbers.
    score: async (genotype) => {
      await new Promise((resolve) => setTimeout(resolve, concurrency * (sum(genotype) % 3)));
      return withoutZico(genotype);
    },
    onEvent: ({ evaluated, failed }) => {
      if (evaluated + failed >= stopAfter) stop.abort();
    },
  });
  return store;
}

describe.each(scoresBy)('a search by %s', { timeout: 60_000 }, (score) => {
  it.each(methods)(
    'depends on no number of processes, and is resumed alike: $search',
    async (by) => {
      const settings: SearchSettings = {
        ...toySettings,
        ...{ score, latency: 'macs', seconds: null, maxLatencyMs: null, seed: 5 },
        ...by,
      };
      const whole = (await searched(settings, 1)).candidates();
      expect(whole.some(({ status }) => status === 'failed')).toBe(true);
      expect((await searched(settings, 4)).candidates()).toEqual(whole);
      const half = await searched(settings, 1, 17);
      expect(half.candidates().length).toBeLessThan(whole.length);
      const resumed = memoryRun(half.info(), half.candidates());
      await runSearch({
        ...{ space, settings, store: resumed, latency: null, summarise: toySize, concurrency: 3 },
        score: (genotype) => Promise.resolve().then(() => withoutZico(genotype)),
      });
      expect(resumed.candidates()).toEqual(whole);
    },
  );
});
