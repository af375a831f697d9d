import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SearchBenchmarkSettings } from '../../../main/common/search-benchmarks.ts';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { SearchBenchmarks } from '../../../main/electron/search-benchmarks.ts';
import type { Services } from '../../../main/electron/services.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import { searchBenchmarkMethods } from '../../../preload/search-benchmarks.ts';
import { judgedSearches } from '../../support/judged-searches.ts';

const settings: SearchBenchmarkSettings = {
  ...{ space: 'nats-sss', methods: ['guided', 'random'], count: 20, seeds: 2, seed: 0 },
  ...{ preset: 'robust', beta: 2, termCap: 100 },
  ...{ weights: 'pytorch-default', batches: 4, batchSize: 8 },
};
const { result } = judgedSearches('x');

/** The one that runs, driven by the test. */
let driven: {
  readonly observer: Parameters<Services['searchBenchmark']>[1];
  readonly end: (error?: Error) => void;
};
let folder: string;
let turn: ComputeTurn;
let benchmarks: SearchBenchmarks;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-search-benchmarks-'));
  turn = new ComputeTurn();
  benchmarks = new SearchBenchmarks({
    ...{ folder, turn, changed: () => undefined },
    services: {
      productVersion: '0.0.0',
      searchBenchmark: (_settings, observer, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          driven = { observer, end: (error) => (error ? reject(error) : resolve(result)) };
        }),
    },
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const state = async () =>
  searchBenchmarkMethods['searchBenchmarks.state'].result.parse(await benchmarks.state());
async function idle(): Promise<void> {
  while (turn.isWith('benchmark')) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('searches that are judged', () => {
  it('say how far they are, and lie in a file when they have finished', async () => {
    benchmarks.start(settings);
    expect((await state()).running).toMatchObject({ search: null, done: 0, all: 80 });
    driven.observer.began?.('guided', 2);
    driven.observer.progress?.(true);
    driven.observer.progress?.(false);
    expect((await state()).running).toMatchObject({
      search: { method: 'guided', number: 2 },
      ...{ done: 2, kept: 1, stopping: false },
    });
    driven.end();
    await idle();
    const { running, results } = await state();
    expect(running).toBeNull();
    expect(results).toMatchObject([{ settings, error: null }]);
    const view = await benchmarks.view(results[0]!.benchmark);
    expect(searchBenchmarkMethods['searchBenchmarks.view'].result.parse(view).result).toEqual(
      JSON.parse(JSON.stringify(result)),
    );
    await benchmarks.delete(results[0]!.benchmark);
    expect((await state()).results).toEqual([]);
    await expect(benchmarks.delete('../other')).rejects.toMatchObject({
      code: 'unknown-benchmark',
    });
  });

  it('leave no result when they are stopped, and nothing else computes beside them', async () => {
    benchmarks.start(settings);
    expect(() => turn.take('search')).toThrow(/benchmark is running/);
    await benchmarks.close();
    expect(await state()).toEqual({ running: null, error: null, results: [] });
    expect(readdirSync(folder)).toEqual([]);
    turn.take('search')();
  });

  it('say why they failed, until the next ones begin', async () => {
    benchmarks.start(settings);
    driven.end(new WorkbenchError('disk-full', 'The disk is full.', 'Make room.'));
    await idle();
    expect((await state()).error).toMatchObject({ code: 'disk-full', hint: 'Make room.' });
    benchmarks.start(settings);
    expect((await state()).error).toBeNull();
    await benchmarks.close();
  });

  it.each([
    ['not JSON', 'not-a-benchmark-file'],
    ['{"format":"zico-benchmark","version":1}', 'not-a-benchmark-file'],
    ['{"format":"zico-search-benchmark","version":2}', 'newer-version'],
  ])('list a file with %s as one that cannot be read', async (text, code) => {
    writeFileSync(path.join(folder, '20250101T000000Z.searches.json'), text);
    expect((await state()).results).toMatchObject([{ settings: null, error: { code } }]);
  });
});
