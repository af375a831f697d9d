import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Benchmarks } from '../../../main/electron/benchmarks.ts';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import type { Services } from '../../../main/electron/services.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import type { Genotype } from '../../../main/space/space.ts';
import type { BenchmarkSettings } from '../../../main/common/benchmarks.ts';
import { benchmarkMethods } from '../../../preload/benchmarks.ts';
import type { Known } from '../../../main/common/known.ts';

const settings: BenchmarkSettings = {
  space: 'nats-sss',
  count: 2,
  seed: 3,
  preset: 'custom',
  weights: 'pytorch-default',
  batches: 2,
  batchSize: 8,
  termCap: 100,
  biasSize: 'deployment',
  biasLayers: 'live',
  repeatability: true,
  draws: 1,
};
const engine = { name: 'onnxruntime', version: '0.0.0', threads: 1 } as const;
const [one, two] = ['8:8:8:8:8', '16:8:8:8:8'] as Genotype[] as Known<Genotype>;
const score = { zico: 20, zicoCapped: 18, bias: 5, parameters: 10, macs: 100 };

type Observer = Parameters<Services['benchmark']>[1];
/** The benchmark that runs, driven by the test. */
let driven: { observer: Observer; end: (error?: Error) => void; signal: AbortSignal };
let folder: string;
/** What judging does; tests replace it. */
let judged: Services['judgeBenchmark'];
let turn: ComputeTurn;
let benchmarks: Benchmarks;

function open(): Benchmarks {
  return new Benchmarks({
    folder,
    turn,
    changed: () => undefined,
    services: {
      productVersion: '0.0.0',
      benchmark: (_settings, observer, signal) =>
        new Promise<void>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          const end = (error?: Error): void => (error ? reject(error) : resolve());
          driven = { observer, end, signal };
          const accuracies = new Map([
            [one, [79.8, 32.3]],
            [two, [81.5, 40]],
          ]);
          observer.known?.(['cifar10_test_acc', 'cifar100_test_acc'], accuracies);
        }),
      judgeBenchmark: async (asked, onProgress, signal) => judged(asked, onProgress, signal),
    },
  });
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-benchmarks-'));
  turn = new ComputeTurn();
  judged = async () => ({});
  benchmarks = open();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const view = async (benchmark: string) =>
  benchmarkMethods['benchmarks.view'].result.parse(await benchmarks.view(benchmark));
const list = async () => benchmarkMethods['benchmarks.list'].result.parse(await benchmarks.list());
async function idle(): Promise<void> {
  while (benchmarks.busy) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('a benchmark of the window', () => {
  it('grows network by network, and pass by pass', async () => {
    const benchmark = await benchmarks.start(settings);
    driven.observer.started?.({ workers: 2, threads: 1 }, engine, 'test images');
    expect((await view(benchmark)).progress).toEqual({
      ...{ pass: 'scores', done: 0, all: 6, secondsLeft: null },
    });
    driven.observer.scored?.('scores', one, score);
    driven.observer.failed?.('scores', two, { code: 'x', message: 'No.', hint: 'Why.' });
    driven.observer.scored?.('otherWeights', one, { ...score, zico: 21 });
    const shown = await view(benchmark);
    expect(shown).toMatchObject({
      progress: { pass: 'otherWeights', done: 3, all: 6 },
      summary: { state: 'running', scored: 1 },
      data: 'test images',
      scoring: { workers: 2, threads: 1 },
      columns: ['cifar10_test_acc', 'cifar100_test_acc'],
      failed: [{ genotype: two, pass: 'scores' }],
    });
    expect(shown.networks).toEqual([
      {
        ...{ genotype: one, parameters: 10, macs: 100, accuracies: [79.8, 32.3] },
        scores: { zico: 20, zicoCapped: 18, bias: 5 },
        otherWeights: { zico: 21, zicoCapped: 18, bias: 5 },
        otherBatches: null,
      },
    ]);
  });

  it('lies in a file when it has finished, and a later session opens it', async () => {
    const benchmark = await benchmarks.start(settings);
    driven.observer.scored?.('scores', one, score);
    driven.observer.scored?.('scores', two, score);
    driven.end();
    await idle();
    benchmarks = open();
    expect(await list()).toMatchObject([{ benchmark, state: 'finished', scored: 2, settings }]);
    expect((await view(benchmark)).networks).toHaveLength(2);
    const file = path.join(folder, `${benchmark}.benchmark.json`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      ...{ format: 'zico-benchmark', version: 1, status: 'finished' },
    });
  });

  it('keeps what it scored when it is stopped', async () => {
    const benchmark = await benchmarks.start(settings);
    driven.observer.scored?.('scores', one, score);
    benchmarks.stop();
    await idle();
    expect(await view(benchmark)).toMatchObject({
      summary: { state: 'stopped', scored: 1, error: null },
      progress: null,
    });
  });

  it('says what ended it', async () => {
    const benchmark = await benchmarks.start(settings);
    driven.end(new WorkbenchError('memory-ceiling', 'Too large.', 'Use fewer.'));
    await idle();
    expect((await view(benchmark)).summary).toMatchObject({
      ...{ state: 'failed', error: { code: 'memory-ceiling', message: 'Too large.' } },
    });
  });

  it('is deleted, but not while it runs', async () => {
    const benchmark = await benchmarks.start(settings);
    await expect(benchmarks.delete(benchmark)).rejects.toMatchObject({ code: 'benchmark-running' });
    driven.end();
    await idle();
    await benchmarks.delete(benchmark);
    expect(await list()).toEqual([]);
    await expect(benchmarks.view(benchmark)).rejects.toMatchObject({ code: 'unknown-benchmark' });
  });

  it('runs alone', async () => {
    const end = turn.take('search');
    await expect(benchmarks.start(settings)).rejects.toMatchObject({ code: 'search-running' });
    end();
    await benchmarks.start(settings);
    await expect(benchmarks.start(settings)).rejects.toMatchObject({ code: 'benchmark-running' });
    await benchmarks.close();
    expect(benchmarks.busy).toBe(false);
  });

  it('reads no file outside of its folder', async () => {
    writeFileSync(path.join(folder, 'other.json'), '{}');
    for (const name of ['other', '../x', '/etc/passwd']) {
      await expect(benchmarks.view(name)).rejects.toMatchObject({ code: 'unknown-benchmark' });
      await expect(benchmarks.delete(name)).rejects.toMatchObject({ code: 'unknown-benchmark' });
    }
  });
});

describe('a result that cannot be read', () => {
  it.each([
    ['not JSON', 'not-a-benchmark-file'],
    ['{"format":"other","version":1}', 'not-a-benchmark-file'],
    ['{"format":"zico-benchmark","version":1}', 'not-a-benchmark-file'],
    ['{"format":"zico-benchmark","version":2}', 'newer-version'],
  ])('is listed with what is wrong with it: %s', async (text, code) => {
    writeFileSync(path.join(folder, 'x.benchmark.json'), text);
    const [summary] = await list();
    expect(summary).toMatchObject({ benchmark: 'x', settings: null, error: { code } });
    await benchmarks.delete('x');
    expect(await list()).toEqual([]);
  });
});

describe('judging', () => {
  async function stored(): Promise<string> {
    const benchmark = await benchmarks.start({ ...settings, repeatability: false, draws: 2 });
    for (const genotype of [one, two]) driven.observer.scored?.('scores', genotype, score);
    driven.observer.scored?.('moreDraws', one, { ...score, zico: 30 });
    driven.observer.failed?.('moreDraws', two, { code: 'x', message: 'No.', hint: 'Why.' });
    driven.end();
    await idle();
    return benchmark;
  }

  it('hears of every draw that was stored, and of beta', async () => {
    const benchmark = await stored();
    expect((await view(benchmark)).networks.map(({ moreDraws }) => moreDraws)).toEqual([
      [{ zico: 30, zicoCapped: 18, bias: 5 }],
      [null],
    ]);
    const asked: unknown[] = [];
    judged = async (request, onProgress) => {
      asked.push(request);
      onProgress({ done: 1, all: 2 });
      return {};
    };
    expect(await benchmarks.judge(benchmark, { beta: 2, models: false })).toEqual({});
    expect(asked).toMatchObject([{ beta: 2, models: false, networks: [{}, {}] }]);
  });

  it('is ended by the next question, and by a person', async () => {
    const benchmark = await stored();
    const signals: AbortSignal[] = [];
    judged = (_asked, _progress, signal) =>
      new Promise((resolve, reject) => {
        signals.push(signal);
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        if (signals.length === 3) resolve({});
      });
    const first = benchmarks.judge(benchmark, { beta: 1, models: false });
    const asked = async (n: number): Promise<void> => {
      while (signals.length < n) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await asked(1);
    const second = benchmarks.judge(benchmark, { beta: 2, models: true });
    expect(await first).toBeNull();
    await asked(2);
    // Models take minutes of a core: nothing else computes meanwhile.
    await expect(benchmarks.start(settings)).rejects.toMatchObject({ code: 'benchmark-running' });
    benchmarks.cancelJudging();
    expect(await second).toBeNull();
    expect(benchmarks.busy).toBe(false);
    expect(await benchmarks.judge(benchmark, { beta: 2, models: false })).toEqual({});
  });

  it('tells what went wrong, and is not asked of one that runs', async () => {
    const benchmark = await stored();
    judged = () => Promise.reject(new WorkbenchError('judge-crashed', 'Gone.', 'Again.'));
    await expect(benchmarks.judge(benchmark, { beta: 1, models: true })).rejects.toMatchObject({
      code: 'judge-crashed',
    });
    expect(benchmarks.busy).toBe(false);
    await expect(benchmarks.judge('none', { beta: 1, models: false })).rejects.toMatchObject({
      code: 'unknown-benchmark',
    });
    const running = await benchmarks.start(settings);
    await expect(benchmarks.judge(running, { beta: 1, models: false })).rejects.toMatchObject({
      code: 'benchmark-running',
    });
    driven.end();
    await idle();
  });
});
