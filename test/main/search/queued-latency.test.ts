/** Searches whose source of latencies keeps a queue of its own, as phones do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LatencySourceLost } from '../../../main/latency/latency.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import { runSearch, type SearchRequest } from '../../../main/search/search.ts';
import { defaultPhoneSettings } from '../../../main/common/phone-settings.ts';
import type { SearchSettings } from '../../../main/common/settings/index.ts';
import { createToySpace } from '../../support/toy-space.ts';
import {
  createMemoryStore,
  toyLatency,
  toyScore,
  toySettings,
  toySize,
} from '../../support/toy-search.ts';

const space = createToySpace(7, 9);
const settings: SearchSettings = {
  ...toySettings,
  ...{ latency: 'phone', phone: defaultPhoneSettings, population: 8, generations: 2 },
};

function request(
  changes: Partial<SearchRequest>,
  store = createMemoryStore(settings),
): SearchRequest {
  return {
    ...{ space, settings, store, summarise: toySize },
    score: (genotype) => Promise.resolve(toyScore(genotype)),
    latency: {
      ...{ exclusive: false, queued: true },
      measure: (genotype) => Promise.resolve(toyLatency(genotype)),
    },
    ...changes,
  };
}

describe('a search whose phone keeps a queue', () => {
  it('scores a whole generation while the first of it waits for a hot phone', async () => {
    let scored = 0;
    let cool = (): void => undefined;
    const cooled = new Promise<void>((resolve) => (cool = resolve));
    const store = createMemoryStore(settings);
    const searching = runSearch(
      request(
        {
          score: (genotype) => {
            scored += 1;
            return Promise.resolve(toyScore(genotype));
          },
          latency: {
            ...{ exclusive: false, queued: true },
            measure: async (genotype) => {
              await cooled;
              return toyLatency(genotype);
            },
          },
        },
        store,
      ),
    );
    await sleep(50);
    expect(scored).toBe(8);
    expect(store.added).toEqual([]);
    cool();
    expect(await searching).toMatchObject({ status: 'finished', evaluated: 16 });
  });

  it('finds the same networks in whichever order they were measured', async () => {
    const orders = await Promise.all(
      [0, 1].map(async (salt) => {
        const store = createMemoryStore(settings);
        let asked = 0;
        await runSearch(
          request(
            {
              concurrency: 1 + salt,
              latency: {
                ...{ exclusive: false, queued: true },
                measure: async (genotype) => {
                  await sleep(salt === 0 ? 1 : (asked++ * 7) % 10);
                  return toyLatency(genotype);
                },
              },
            },
            store,
          ),
        );
        return store.candidates().map(({ id, genotype }) => `${id} ${genotype}`);
      }),
    );
    expect(orders[1]).toEqual(orders[0]);
  });

  it('fails a candidate by its own fault, and ends when the phones themselves are lost', async () => {
    const killed = new WorkbenchError('runner-killed', 'It was killed.', 'Close other apps.');
    const lost = new LatencySourceLost('phone-gone', 'It is gone.', 'Plug it in.');
    const store = createMemoryStore(settings);
    let measured = 0;
    await expect(
      runSearch(
        request(
          {
            latency: {
              ...{ exclusive: false, queued: true },
              measure: async (genotype) => {
                measured += 1;
                if (measured === 2) throw killed;
                if (measured === 11) throw lost;
                await Promise.resolve();
                return toyLatency(genotype);
              },
            },
          },
          store,
        ),
      ),
    ).rejects.toBe(lost);
    expect(store.info().status).toBe('stopped');
    const failed = store.added.filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ failure: { code: 'runner-killed' } }]);
    const { status } = await runSearch(request({}, store));
    expect(status).toBe('finished');
    expect(store.added).toHaveLength(16);
    expect(new Set(store.added.map(({ id }) => id)).size).toBe(16);
  });

  it('stops with what was measured, and leaves what waits to a later session', async () => {
    const stop = new AbortController();
    const store = createMemoryStore(settings);
    const { status } = await runSearch(
      request(
        {
          signal: stop.signal,
          onEvent: ({ phase }) => {
            if (phase === 'stored' && store.added.length === 3) stop.abort();
          },
          latency: {
            ...{ exclusive: false, queued: true },
            measure: (genotype, signal) =>
              new Promise((resolve, reject) => {
                signal.addEventListener('abort', () => reject(new Error('stopped')));
                if (store.added.length < 3) setTimeout(() => resolve(toyLatency(genotype)), 5);
              }),
          },
        },
        store,
      ),
    );
    expect(status).toBe('stopped');
    expect(store.added.every((one) => one.status === 'evaluated')).toBe(true);
    expect(await runSearch(request({}, store))).toMatchObject({ evaluated: 16, failed: 0 });
  });
});
