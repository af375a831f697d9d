import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/errors.ts';
import { seedOf } from '../../../main/random.ts';
import type { MemoryRun } from '../../../main/search/memory-run.ts';
import type { Candidate } from '../../../main/run/candidate.ts';
import { Pause } from '../../../main/search/pause.ts';
import { hypervolume, type Point } from '../../../main/common/hypervolume.ts';
import {
  runSearch,
  type SearchEvent,
  type SearchOutcome,
  type SearchRequest,
} from '../../../main/search/search.ts';
import type { SearchSettings } from '../../../main/common/settings/index.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { createToySpace } from '../../support/toy-space.ts';
import {
  createMemoryStore,
  toyLatency,
  toyScore,
  toySettings,
  toySize,
} from '../../support/toy-search.ts';

const space = createToySpace();

function toySearch(
  changes: Partial<SearchSettings> = {},
  options: Partial<SearchRequest> = {},
  store: MemoryRun = createMemoryStore({ ...toySettings, ...changes }),
): Promise<SearchOutcome> {
  return runSearch({
    space,
    settings: store.info().settings,
    store,
    score: (genotype) => Promise.resolve(toyScore(genotype)),
    latency: null,
    summarise: toySize,
    ...options,
  });
}

const host = (exclusive: boolean): NonNullable<SearchRequest['latency']> => ({
  exclusive,
  measure: (genotype) => Promise.resolve(toyLatency(genotype)),
});

async function uninterrupted(changes: Partial<SearchSettings> = {}): Promise<readonly Candidate[]> {
  const store = createMemoryStore({ ...toySettings, ...changes });
  await toySearch({}, changes.latency === 'host' ? { latency: host(true) } : {}, store);
  return store.candidates();
}

describe('a search', () => {
  it('evaluates population times generations candidates, all distinct, and finishes', async () => {
    const store = createMemoryStore();
    expect(await toySearch({}, {}, store)).toMatchObject({
      status: 'finished',
      end: 'generations',
      generations: 5,
      evaluated: 40,
      failed: 0,
    });
    const candidates = store.candidates();
    expect(candidates.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(new Set(candidates.map(({ genotype }) => genotype)).size).toBe(40);
    expect(candidates.map(({ generation }) => generation).filter((g) => g === 3)).toHaveLength(8);
    expect(store.info().status).toBe('finished');
  });

  it('finds better fronts than drawing as many at random', async () => {
    const volume = (candidates: readonly Candidate[]): number => {
      const points = candidates.flatMap((one): Point[] =>
        one.status === 'evaluated' ? [[-one.score.zico!, Math.log(one.macs)]] : [],
      );
      return hypervolume(points, [0, Math.log(toySize('8-8-8-8-8' as Genotype).macs)]);
    };
    let better = 0;
    for (let seed = 0; seed < 9; seed++) {
      const found = await uninterrupted({ seed, population: 20, generations: 10, beta: 0 });
      const drawn = await uninterrupted({ seed, population: 200, generations: 1, beta: 0 });
      if (volume(found) > volume(drawn)) better++;
    }
    expect(better).toBeGreaterThanOrEqual(7);
  });

  it('ends at whichever budget is reached first', async () => {
    expect(await toySearch({ candidates: 21 })).toMatchObject({ end: 'candidates', evaluated: 21 });
    let nowMs = 0;
    const clock = (): number => (nowMs += 100);
    const timed = await toySearch({ seconds: 3 }, { clock });
    expect(timed).toMatchObject({ end: 'seconds', status: 'finished' });
    expect(timed.evaluated).toBeGreaterThan(0);
    expect(timed.evaluated).toBeLessThan(40);
  });

  it('counts the time of earlier sessions', async () => {
    const store = createMemoryStore({ ...toySettings, seconds: 3 });
    store.setStatus('stopped', 2.9);
    let nowMs = 0;
    const ended = await toySearch({}, { clock: () => (nowMs += 100) }, store);
    expect(ended).toMatchObject({ end: 'seconds', evaluated: 0 });
  });

  it('ends when the space is used up, even where nothing else ends it', async () => {
    const tiny = createToySpace(2, 4);
    const ended = await toySearch({ generations: null, seconds: 1e6 }, { space: tiny });
    expect(ended).toMatchObject({ end: 'space-exhausted', status: 'finished', evaluated: 16 });
  });

  it('ends when the space is used up although every candidate fails', async () => {
    const tiny = createToySpace(2, 4);
    const score = (): Promise<never> => Promise.reject(new Error('no'));
    const ended = await toySearch({ generations: null, seconds: 1e6 }, { space: tiny, score });
    expect(ended).toMatchObject({ end: 'space-exhausted', evaluated: 0, failed: 16 });
  });

  it('reports every step', async () => {
    const events: SearchEvent[] = [];
    await toySearch(
      { latency: 'host', generations: 2 },
      { latency: host(true), onEvent: (event) => events.push(event) },
    );
    const phases = events.map(({ phase }) => phase);
    const candidate = ['scoring', 'measuring', 'stored'];
    const generation = ['proposing', ...Array.from({ length: 8 }, () => candidate).flat()];
    expect(phases).toEqual([...generation, ...generation, 'ended']);
    expect(events.at(-1)).toMatchObject({ evaluated: 16, failed: 0, planned: 16 });
    const stored = events.find(({ phase }) => phase === 'stored');
    expect(stored?.candidate).toMatchObject({ id: 1, score: { layers: { length: 5 } } });
  });

  it.each([
    ['MACs', 'macs', null],
    ['an exclusive latency', 'host', host(true)],
    ['a latency measured elsewhere', 'host', host(false)],
  ] as const)(
    'gives the same candidates in whatever order they complete, with %s',
    async (_name, latency, source) => {
      const expected = await uninterrupted({ latency });
      for (const concurrency of [1, 2, 5]) {
        const store = createMemoryStore({ ...toySettings, latency });
        const score: SearchRequest['score'] = async (genotype) => {
          await sleep(seedOf(genotype, concurrency) % 4);
          return toyScore(genotype);
        };
        await toySearch({}, { score, concurrency, latency: source }, store);
        expect(store.candidates()).toEqual(expected);
      }
    },
  );

  it('refuses a source that does not fit its settings', async () => {
    await expect(toySearch({ latency: 'host' })).rejects.toThrow(TypeError);
    await expect(toySearch({}, { settings: { ...toySettings, seed: 1 } })).rejects.toMatchObject({
      code: 'settings-contradict',
    });
  });
});

describe('a candidate that fails', () => {
  const unlucky = (genotype: string): boolean => seedOf(genotype) % 3 === 0;

  it('is stored with its reason, and the search goes on', async () => {
    const store = createMemoryStore();
    const score: SearchRequest['score'] = (genotype) => {
      if (!unlucky(genotype)) return Promise.resolve(toyScore(genotype));
      throw new WorkbenchError('memory-ceiling', `${genotype} is large.`, 'Take less.');
    };
    const ended = await toySearch({}, { score }, store);
    const failed = store.candidates().filter((one) => one.status === 'failed');
    expect(ended).toMatchObject({ evaluated: 40 - failed.length, failed: failed.length });
    expect(failed.length).toBeGreaterThan(3);
    for (const { genotype, failure } of failed) {
      expect(unlucky(genotype)).toBe(true);
      expect(failure).toEqual({
        code: 'memory-ceiling',
        message: `${genotype} is large.`,
        hint: 'Take less.',
      });
    }
    const parents = new Set(store.candidates().flatMap((one) => one.parents));
    expect(failed.some(({ id }) => parents.has(id))).toBe(false);
  });

  it('may fail while it is measured, with an error nobody foresaw', async () => {
    const store = createMemoryStore({ ...toySettings, latency: 'host' });
    const latency: SearchRequest['latency'] = {
      exclusive: true,
      measure: (genotype) =>
        unlucky(genotype)
          ? Promise.reject(new RangeError('unplugged'))
          : Promise.resolve(toyLatency(genotype)),
    };
    const ended = await toySearch({}, { latency }, store);
    expect(ended.failed).toBeGreaterThan(3);
    expect(ended.evaluated + ended.failed).toBe(40);
    const failed = store.candidates().find((one) => one.status === 'failed');
    expect(failed?.failure).toMatchObject({ code: 'internal', message: 'unplugged' });
  });

  it.each(['zico', 'zicoCapped', 'bias'])('includes one whose %s is not finite', async (name) => {
    const store = createMemoryStore();
    const score: SearchRequest['score'] = (genotype) =>
      Promise.resolve({ ...toyScore(genotype), ...(unlucky(genotype) ? { [name]: NaN } : {}) });
    const ended = await toySearch({}, { score }, store);
    expect(ended.failed).toBeGreaterThan(3);
    const failed = store.candidates().find((one) => one.status === 'failed');
    expect(failed?.failure.code).toBe('score-not-finite');
  });

  it('stays failed when the run is resumed', async () => {
    const score: SearchRequest['score'] = (genotype) =>
      unlucky(genotype) ? Promise.reject(new Error('no')) : Promise.resolve(toyScore(genotype));
    const store = createMemoryStore();
    await toySearch({}, { score }, store);
    const resumed = createMemoryStore(toySettings, store.candidates().slice(0, 19));
    const asked: string[] = [];
    await toySearch(
      {},
      { score: (genotype, signal) => (asked.push(genotype), score(genotype, signal)) },
      resumed,
    );
    expect(resumed.candidates()).toEqual(store.candidates());
    expect(asked).toHaveLength(21);
  });
});

describe('a search that is interrupted', () => {
  it('ends the same, whatever part of it was already stored', async () => {
    const all = await uninterrupted();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.array(fc.nat({ max: 39 })), async (kept, lost) => {
        // Several scorings at once leave gaps: a later candidate may be stored before an earlier one.
        const generation = Math.floor(kept / 8);
        const earlier = all
          .slice(0, kept)
          .filter((one) => one.generation < generation || !lost.includes(one.id));
        const store = createMemoryStore(toySettings, earlier);
        await toySearch({}, {}, store);
        expect(store.candidates()).toEqual(all);
      }),
      { numRuns: 60 },
    );
  });

  it.each([true, false])(
    'stops when told to and keeps what was done (exclusive: %s)',
    async (exclusive) => {
      const all = await uninterrupted({ latency: 'host' });
      const store = createMemoryStore({ ...toySettings, latency: 'host' });
      const stop = new AbortController();
      const stopped = await toySearch(
        {},
        {
          latency: host(exclusive),
          signal: stop.signal,
          onEvent: ({ evaluated }) => {
            if (evaluated === 13) stop.abort();
          },
        },
        store,
      );
      expect(stopped).toMatchObject({ status: 'stopped', end: 'stopped', failed: 0 });
      expect(store.info().status).toBe('stopped');
      expect(store.added.length).toBeLessThan(16);
      await toySearch({}, { latency: host(exclusive) }, store);
      expect(store.candidates()).toEqual(all);
    },
  );

  it('does not call a candidate failed that was given up', async () => {
    const store = createMemoryStore();
    const stop = new AbortController();
    const score: SearchRequest['score'] = (genotype, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
        if (store.added.length < 5) resolve(toyScore(genotype));
        else stop.abort();
      });
    const ended = await toySearch({}, { score, signal: stop.signal }, store);
    expect(ended).toMatchObject({ end: 'stopped', evaluated: 5, failed: 0 });
    expect(store.added).toHaveLength(5);
  });

  it('does nothing where it is stopped before it begins', async () => {
    const ended = await toySearch({}, { signal: AbortSignal.abort() });
    expect(ended).toMatchObject({ status: 'stopped', evaluated: 0, failed: 0 });
  });

  it.each([
    ['that counts MACs', null],
    ['that measures on this computer', host(true)],
    ['that measures elsewhere', { ...host(false), queued: true }],
  ])('%s begins nothing while it is paused, and comes to the same end', async (_, latency) => {
    let now = 0;
    const pause = new Pause(() => now);
    const settings = { ...toySettings, latency: latency ? ('host' as const) : ('macs' as const) };
    const store = createMemoryStore(settings);
    const begun: string[] = [];
    const ended = toySearch(
      {},
      {
        ...{ latency, pause, clock: () => now },
        onEvent: ({ phase }) => {
          if (phase === 'stored' && store.added.length === 13) pause.begin();
          if (phase === 'scoring' || phase === 'measuring') begun.push(phase);
        },
      },
      store,
    );
    while (!pause.active) await sleep(1);
    await sleep(20); // what was in flight ends
    const before = begun.length;
    const stored = store.added.length;
    now += 60_000;
    await sleep(20);
    expect([begun.length, store.added.length]).toEqual([before, stored]);
    expect(stored).toBeLessThan(40);
    pause.end();
    const { evaluated, elapsedSeconds } = await ended;
    expect({ evaluated, elapsedSeconds }).toEqual({ evaluated: 40, elapsedSeconds: 0 });
    expect(store.candidates()).toEqual(await uninterrupted({ latency: settings.latency }));
  });

  it('that is paused can be stopped', async () => {
    const pause = new Pause();
    const stop = new AbortController();
    pause.begin();
    const ended = toySearch({}, { pause, signal: stop.signal });
    await sleep(5);
    stop.abort();
    expect(await ended).toMatchObject({ end: 'stopped', evaluated: 0 });
  });

  it.each([1, 3])(
    'by a full disk says so, and can be resumed (concurrency %d)',
    async (concurrency) => {
      const all = await uninterrupted();
      const full = createMemoryStore(toySettings, [], 17);
      await expect(toySearch({}, { concurrency }, full)).rejects.toMatchObject({
        code: 'disk-full',
      });
      expect(full.info().status).toBe('stopped');
      expect(full.added).toHaveLength(17);
      const roomy = createMemoryStore(toySettings, full.candidates());
      await toySearch({}, { concurrency }, roomy);
      expect(roomy.candidates()).toEqual(all);
    },
  );

  it('by a fault of its listener gives that fault, not a failed candidate', async () => {
    const store = createMemoryStore();
    const onEvent = ({ phase, evaluated }: SearchEvent): void => {
      if (phase === 'scoring' && evaluated === 3) throw new Error('window gone');
    };
    await expect(toySearch({}, { onEvent }, store)).rejects.toThrow('window gone');
    expect(store.candidates().every(({ status }) => status === 'evaluated')).toBe(true);
  });

  it('is not continued where the run proposes other networks', async () => {
    const all = await uninterrupted();
    const swapped = [
      { ...all[0]!, genotype: all[1]!.genotype },
      { ...all[1]!, genotype: all[0]!.genotype },
    ];
    const store = createMemoryStore(toySettings, swapped);
    await expect(toySearch({}, {}, store)).rejects.toMatchObject({ code: 'run-not-resumable' });
    expect(store.added).toHaveLength(2);
  });
});
