import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hypervolume, type Point } from '../../../main/common/hypervolume.ts';
import { generatorFor } from '../../../main/random.ts';
import type { MemoryRun } from '../../../main/search/memory-run.ts';
import type { Candidate } from '../../../main/run/candidate.ts';
import { Flow } from '../../../main/search/flow.ts';
import { runSearch, type SearchOutcome, type SearchRequest } from '../../../main/search/search.ts';
import { searchMethods } from '../../../main/common/settings/method.ts';
import type { SearchSettings } from '../../../main/common/settings/index.ts';
import { createToySpace } from '../../support/toy-space.ts';
import {
  createMemoryStore,
  toyCandidate,
  toyLatency,
  toyScore,
  toySettings,
  toySize,
} from '../../support/toy-search.ts';

const settings: SearchSettings = {
  ...toySettings,
  inFlight: 6,
  generations: null,
  candidates: 36,
};

function search(store: MemoryRun, options: Partial<SearchRequest> = {}): Promise<SearchOutcome> {
  return runSearch({
    space: createToySpace(),
    settings: store.info().settings,
    store,
    score: (genotype) => Promise.resolve(toyScore(genotype)),
    latency: null,
    summarise: toySize,
    ...options,
  });
}

async function candidatesOf(
  changes: Partial<SearchSettings>,
  options: Partial<SearchRequest> = {},
): Promise<readonly Candidate[]> {
  const store = createMemoryStore({ ...settings, ...changes });
  await search(store, options);
  return store.candidates();
}

it('a steady NSGA-II ends after the candidates of its generations', async () => {
  const changes = { search: 'nsga2', generations: 3, population: 8 } as const;
  const store = createMemoryStore({ ...settings, ...changes, candidates: null });
  expect(await search(store)).toMatchObject({ end: 'generations', evaluated: 24 });
  const fewer = createMemoryStore({ ...settings, ...changes, candidates: 10 });
  expect(await search(fewer)).toMatchObject({ end: 'candidates', evaluated: 10 });
});

describe('a guided search that ends by itself', { timeout: 60_000 }, () => {
  const settled: Partial<SearchSettings> = {
    ...{ search: 'guided', inFlight: 4, candidates: 400, settledPercent: 2, beta: 0 },
  };

  it('does so when little more is to be expected, whatever the number of processes', async () => {
    const store = createMemoryStore({ ...settings, ...settled });
    expect(await search(store)).toMatchObject({ status: 'finished', end: 'settled' });
    const found = store.candidates();
    expect(found.length).toBeGreaterThan(12);
    expect(found.length).toBeLessThan(300);
    expect(await candidatesOf(settled, { concurrency: 3 })).toEqual(found);
    const stricter = await candidatesOf({ ...settled, settledPercent: 0.5 });
    expect(stricter.length).toBeGreaterThan(found.length);
    expect(stricter.slice(0, found.length)).toEqual(found);
  });

  it('ends where it would have when it goes on after a stop, and at once where it had ended', async () => {
    const whole = await candidatesOf(settled);
    const store = createMemoryStore({ ...settings, ...settled }, whole.slice(0, -2));
    expect(await search(store)).toMatchObject({ end: 'settled' });
    expect(store.candidates()).toEqual(whole);
    expect(await search(store)).toMatchObject({ end: 'settled' });
    expect(store.candidates()).toEqual(whole);
  });

  it('needs a model: other methods refuse it', async () => {
    for (const method of ['nsga2', 'random'] as const) {
      const store = createMemoryStore({ ...settings, ...settled, search: method });
      await expect(search(store)).rejects.toMatchObject({ code: 'search-settings' });
    }
  });
});

describe.each(searchMethods)(
  'a search by %s with candidates in flight',
  { timeout: 60_000 },
  (method) => {
    it('tries so many networks, each once, in blocks of twenty', async () => {
      const store = createMemoryStore({ ...settings, search: method });
      const outcome = await search(store);
      expect(outcome).toMatchObject({ status: 'finished', end: 'candidates', evaluated: 36 });
      const candidates = store.candidates();
      expect(candidates.map(({ id }) => id)).toEqual(Array.from({ length: 36 }, (_, i) => i + 1));
      expect(new Set(candidates.map(({ genotype }) => genotype)).size).toBe(36);
      expect(candidates[19]!.generation).toBe(0);
      expect(candidates[20]!.generation).toBe(1);
      expect(outcome.generations).toBe(2);
    });

    it('gives the same whatever the number of processes and their speed', async () => {
      const expected = await candidatesOf({ search: method });
      for (const concurrency of [1, 4, 9]) {
        const random = generatorFor(method, concurrency);
        const score: SearchRequest['score'] = async (genotype) => {
          await sleep((random.next() >>> 0) % 5);
          return toyScore(genotype);
        };
        expect(await candidatesOf({ search: method }, { score, concurrency })).toEqual(expected);
      }
    });

    it('gives others a turn between the networks that it describes, also while it fills up', async () => {
      const inTurn: number[] = [];
      let ticking = setImmediate(function tick() {
        inTurn.push(0);
        ticking = setImmediate(tick);
      });
      const summarise: SearchRequest['summarise'] = (genotype) => {
        inTurn[inTurn.length - 1]! += 1;
        return toySize(genotype);
      };
      const changes = { search: method, inFlight: 12 };
      await candidatesOf(changes, { summarise, count: toySize, concurrency: 12 });
      clearImmediate(ticking);
      expect(Math.max(...inTurn)).toBeLessThanOrEqual(3);
    });

    it('keeps as many processes busy as there may be in flight', async () => {
      let [running, most] = [0, 0];
      const score: SearchRequest['score'] = async (genotype) => {
        most = Math.max(most, ++running);
        await sleep(5);
        running--;
        return toyScore(genotype);
      };
      await candidatesOf({ search: method }, { score, concurrency: 12 });
      expect(most).toBe(6);
    });

    it('goes on from any subset that a crash may leave, scoring only what is missing', async () => {
      const expected = await candidatesOf({ search: method });
      const random = generatorFor('crash');
      for (const done of [0, 5, 30]) {
        // The first ones are there; of those in flight some were quicker than others.
        const kept = expected.filter(
          ({ id }) => id <= done || (id <= done + 6 && random.next() % 2 === 0),
        );
        const store = createMemoryStore({ ...settings, search: method }, kept);
        let scored = 0;
        await search(store, {
          score: (genotype) => {
            scored++;
            return Promise.resolve(toyScore(genotype));
          },
        });
        expect(store.candidates()).toEqual(expected);
        expect(scored).toBe(36 - kept.length);
      }
    });

    it('is stopped, and goes on to the same end', async () => {
      const expected = await candidatesOf({ search: method });
      const store = createMemoryStore({ ...settings, search: method });
      const stop = new AbortController();
      const outcome = await search(store, {
        signal: stop.signal,
        concurrency: 3,
        onEvent: ({ phase, candidate }) => {
          if (phase === 'stored' && candidate?.id === 14) stop.abort();
        },
      });
      expect(outcome).toMatchObject({ status: 'stopped', end: 'stopped' });
      await search(store);
      expect(store.candidates()).toEqual(expected);
    });

    it('goes on with failed candidates, and measures beside scoring', async () => {
      const fails = (genotype: string): boolean => genotype.startsWith('2');
      const latency = {
        exclusive: false,
        measure: (genotype: Parameters<typeof toyLatency>[0]) =>
          fails(genotype) ? Promise.reject(new Error('no')) : Promise.resolve(toyLatency(genotype)),
      };
      const changes = { search: method, latency: 'host' as const, maxLatencyMs: 2 };
      const once = await candidatesOf(changes, { latency });
      expect(once).toHaveLength(36);
      expect(await candidatesOf(changes, { latency, concurrency: 4 })).toEqual(once);
      for (const { status, genotype } of once) {
        expect(status).toBe(fails(genotype) ? 'failed' : 'evaluated');
      }
    });

    it('keeps within limits, ends with the space, and says where nothing meets them', async () => {
      const limited = await candidatesOf({ search: method, maxParameters: 14 });
      expect(limited).toHaveLength(36);
      for (const { parameters } of limited) expect(parameters).toBeLessThanOrEqual(14);
      const tiny = { space: createToySpace(2, 4) };
      const store = createMemoryStore({ ...settings, search: method });
      expect(await search(store, tiny)).toMatchObject({ end: 'space-exhausted', evaluated: 16 });
      const one = createMemoryStore({ ...settings, search: method });
      expect(await search(one, { space: createToySpace(1, 1) })).toMatchObject({ evaluated: 1 });
      await expect(candidatesOf({ search: method, maxParameters: 1 })).rejects.toMatchObject({
        code: 'no-feasible-network',
      });
    });

    it('ends when its time is over', async () => {
      let nowMs = 0;
      const store = createMemoryStore({
        ...settings,
        search: method,
        candidates: null,
        seconds: 3,
      });
      const outcome = await search(store, { clock: () => (nowMs += 60) });
      expect(outcome).toMatchObject({ end: 'seconds', status: 'finished' });
      expect(outcome.evaluated).toBeGreaterThan(0);
    });

    it('ends with the error of its store, all that was committed kept', async () => {
      const store = createMemoryStore({ ...settings, search: method }, [], 7);
      await expect(search(store)).rejects.toMatchObject({ code: 'disk-full' });
      expect(store.added).toHaveLength(7);
    });

    it('goes on to more candidates as if it had been begun with them', async () => {
      const more = await candidatesOf({ search: method, candidates: 48 });
      const store = createMemoryStore(
        { ...settings, search: method, candidates: 48 },
        await candidatesOf({ search: method }),
      );
      await search(store);
      expect(store.candidates()).toEqual(more);
    });
  },
);

describe('guided search', { timeout: 60_000 }, () => {
  it('learns: its front beats that of twice as many random networks', async () => {
    const volume = (candidates: readonly Candidate[]): number => {
      const points = candidates.flatMap((one): Point[] =>
        one.status === 'evaluated' ? [[Math.log(one.macs), -one.score.zico!]] : [],
      );
      return hypervolume(points, [Math.log(2e8), 0]);
    };
    let better = 0;
    for (let seed = 0; seed < 3; seed++) {
      const guided = await candidatesOf({ search: 'guided', seed, beta: 0 });
      const random = await candidatesOf({ search: 'random', seed, beta: 0, candidates: 72 });
      if (volume(guided) > volume(random)) better++;
    }
    expect(better).toBe(3);
  });

  it('copes with scores that are all equal', async () => {
    const score = () => Promise.resolve({ ...toyScore(createToySpace().at(0)) });
    const candidates = await candidatesOf({ search: 'guided' }, { score });
    expect(new Set(candidates.map(({ genotype }) => genotype)).size).toBe(36);
  });

  it('copes with scores that are no numbers', async () => {
    const score: SearchRequest['score'] = (genotype) =>
      Promise.resolve({ ...toyScore(genotype), zico: genotype.includes('4') ? NaN : 3 });
    expect(await candidatesOf({ search: 'guided' }, { score })).toHaveLength(36);
  });

  it.each([
    [{ generations: 4 }, /no generations/],
    [{ inFlight: null }, /in flight/],
  ])('is refused with %o', async (changes, message) => {
    await expect(candidatesOf({ search: 'guided', ...changes })).rejects.toMatchObject({
      code: 'search-settings',
      message: expect.stringMatching(message) as string,
    });
  });

  it('cannot go on with a run of another method', async () => {
    const store = createMemoryStore({ ...settings, search: 'nsga2' });
    const changed = { ...settings, search: 'guided' as const };
    await expect(search(store, { settings: changed })).rejects.toMatchObject({
      code: 'settings-contradict',
      message: expect.stringContaining('search is "nsga2" in the run') as string,
    });
  });
});

describe('the order of a search', () => {
  it('shows proposal i the results of those up to i - L, and no others', async () => {
    const flow = new Flow(3, 10);
    const seen: number[][] = [];
    const filling = flow.fill((place, results) => {
      seen.push(results.map(({ id }) => id));
      return Promise.resolve(toyCandidate(place));
    });
    await sleep(0);
    expect(seen).toHaveLength(3);
    for (const id of [3, 2]) flow.completed(toyCandidate(id)); // the first is slow
    await sleep(0);
    expect(seen).toHaveLength(3);
    flow.completed(toyCandidate(1));
    await sleep(0);
    expect(seen.slice(3)).toEqual([[1], [1, 2], [1, 2, 3]]);
    flow.end();
    await filling;
  });
});
