import { describe, expect, it } from 'vitest';
import { ComputingShare } from '../../../main/search/computing-share.ts';
import { runSearch, type SearchEvent } from '../../../main/search/search.ts';
import { createMemoryStore, toyScore, toySettings, toySize } from '../../support/toy-search.ts';
import { createToySpace } from '../../support/toy-space.ts';

describe('the share of the time that scoring processes compute', () => {
  it('is that of all processes from the first score on', () => {
    const share = new ComputingShare(2);
    expect(share.share()).toBeNull();
    share.begun(1_000);
    share.begun(1_100);
    expect(share.share()).toBeNull();
    share.scored(0.9, 2_000);
    share.scored(0.6, 2_000);
    expect(share.share()).toBeCloseTo(0.75, 12);
    // Rounding of clocks claims no more than there is.
    share.scored(9, 2_000);
    expect(share.share()).toBe(1);
  });

  it('is told by a search that knows its processes, without its pauses and what came from the file', async () => {
    const settings = { ...toySettings, search: 'random', inFlight: 4, generations: null } as const;
    const store = createMemoryStore({ ...settings, candidates: 6 });
    let ms = 0;
    const shares: (number | undefined)[] = [];
    const request = {
      ...{ space: createToySpace(), settings: store.info().settings, store },
      ...{ latency: null, summarise: toySize, clock: () => ms },
      score: (genotype: Parameters<typeof toyScore>[0]) => {
        ms += 1_000;
        return Promise.resolve({ ...toyScore(genotype), seconds: 0.9 });
      },
      onEvent: ({ phase, computing }: SearchEvent) => {
        if (phase === 'stored') shares.push(computing);
      },
    };
    await runSearch({ ...request, processes: 1 });
    expect(shares.length).toBe(6);
    expect(shares.at(-1)).toBeCloseTo(0.9, 12);
    shares.length = 0;
    const other = createMemoryStore({ ...settings, candidates: 2 });
    await runSearch({ ...request, settings: other.info().settings, store: other });
    expect(shares).toEqual([undefined, undefined]);
  });
});
