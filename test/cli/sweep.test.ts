import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readSweep } from '../../main/asked/sweep.ts';
import type { SweepGroup, SweepRow } from '../../main/analysis/sweep-results.ts';
import { fakeWorkbench, run, type FakeWorkbench } from './fake-workbench.ts';

let folder: string;
let runs: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-sweep-'));
  runs = path.join(folder, 'runs');
});
afterEach(() => rm(folder, { recursive: true }));

async function written(text: string, name = 'sweep.yaml'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

interface Result {
  readonly searches: readonly SweepRow[];
  readonly groups: readonly SweepGroup[];
}

async function sweep(
  file: string,
  services: FakeWorkbench = fakeWorkbench(),
  signal?: AbortSignal,
) {
  const args = ['sweep', file, '--folder', runs, '--json'];
  const ran = await run(args, { services, ...(signal && { interrupted: signal }) });
  return { ...ran, result: JSON.parse(ran.stdout || '{}') as Result };
}

const crossed = 'search: nsga2\npopulation: 4\ncandidates: 6\nseed: [1, 2]\nbeta: [0, 1]\n';

describe('zico sweep', () => {
  it('crosses the lists of one configuration, each search a run of its own', async () => {
    const { code, result } = await sweep(await written(crossed));
    expect(code).toBe(0);
    const labels = result.searches.map(({ name }) => name.replace(/-[0-9a-f]{8}$/, ''));
    expect(labels).toEqual(['seed1-beta0', 'seed1-beta1', 'seed2-beta0', 'seed2-beta1']);
    expect(result.searches.every(({ status }) => status === 'finished')).toBe(true);
    const files = (await readdir(runs)).filter((name) => name.endsWith('.zico'));
    expect(files.sort()).toEqual(result.searches.map(({ name }) => `${name}.zico`).sort());
    expect(result.groups.map((group) => group.runs.length)).toEqual([2, 2]);
    for (const { hypervolume, bestScore } of result.groups) {
      expect(hypervolume.most).toBe(1);
      expect(bestScore.least).toBeLessThanOrEqual(bestScore.median);
    }
    const kept = JSON.parse(await readFile(path.join(runs, 'sweep.json'), 'utf8')) as Result;
    expect(kept.searches).toEqual(result.searches);
  });

  it('runs a list of configurations in its order', async () => {
    const text =
      '- {search: nsga2, candidates: 4, population: 4}\n- {search: random, candidates: 5}\n';
    const { result } = await sweep(await written(text));
    expect(result.searches.map(({ evaluated }) => evaluated)).toEqual([4, 5]);
    expect(result.groups).toEqual([]);
  });

  it('goes on where it was stopped, and ends as one that was not', async () => {
    const file = await written(crossed);
    const stop = new AbortController();
    const services = fakeWorkbench();
    const { startSearch } = services;
    let begun = 0;
    services.startSearch = (...args) => {
      if (++begun === 3) stop.abort();
      return startSearch(...args);
    };
    const stopped = await sweep(file, services, stop.signal);
    expect(stopped.code).toBe(130);
    const again = await sweep(file);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/search 1 of 4, seed1-beta0-\w+: finished before/);
    const whole = await run(['sweep', file, '--folder', path.join(folder, 'other'), '--json']);
    const plain = ({ searches }: Result) =>
      searches.map(({ run: _run, elapsedSeconds: _seconds, ...rest }) => rest);
    expect(plain(again.result)).toEqual(plain(JSON.parse(whole.stdout) as Result));
  });

  it('says which search cannot start, and runs the others', async () => {
    const services = fakeWorkbench();
    const { startSearch } = services;
    services.startSearch = async (settings, ...rest) => {
      if (settings.seed === 2) throw new Error('no room for it');
      return startSearch(settings, ...rest);
    };
    const file = await written('search: nsga2\npopulation: 4\ncandidates: 4\nseed: [1, 2, 3]\n');
    const { code, result, stderr } = await sweep(file, services);
    expect(code).toBe(3);
    expect(result.searches.map(({ status }) => status)).toEqual(['finished', 'failed', 'finished']);
    expect(result.searches[1]!.error?.message).toContain('no room for it');
    expect(stderr).toContain('no room for it');
    const again = await sweep(file);
    expect(again.result.searches.every(({ status }) => status === 'finished')).toBe(true);
  });

  it.each([
    ['an unknown key', 'seed: [1, 2]\ncandiates: 4\n', /sweep\.yaml:2: candiates/],
    ['one in a list', '- seed: 1\n- sed: 2\n', /sweep\.yaml:2: sed is not a key/],
    ['a wrong value among many', 'batches: [4, 1]\n', /sweep\.yaml:1: batches/],
    ['a contradiction', '- search: random\n  generations: 3\n', /generations \(.*:2\)/],
    ['a run file', 'run: a.zico\nseed: [1, 2]\n', /run \(.*:1\)/],
    ['an empty list', 'candidates: 5\nseed: []\n', /:2: seed is an empty list/],
    ['nothing', '[]', /holds no search/],
    ['the same twice', 'seed: [1, 1]\n', /the same search twice/],
    [
      'too many',
      `seed: [${Array.from({ length: 40 }, (_, i) => i).join()}]\nbeta: [${Array.from({ length: 40 }, (_, i) => i).join()}]`,
      /1600 searches/,
    ],
  ])('refuses %s before it searches', async (_, text, message) => {
    const { code, stderr } = await run(['sweep', await written(text), '--folder', runs]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('gives every combination once, whatever is crossed', async () => {
    const values = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(values, values, async (seed, maxMacs) => {
        const limits = maxMacs.map((n) => n + 1);
        const file = await written(JSON.stringify({ seed, maxMacs: limits }), 'crossed.json');
        const searches = await readSweep(file);
        const pairs = searches.map(({ asked }) => `${asked.seed} ${asked.maxMacs}`);
        expect(pairs).toEqual(seed.flatMap((s) => limits.map((m) => `${s} ${m}`)));
        expect(new Set(searches.map(({ name }) => name)).size).toBe(pairs.length);
        expect(new Set(searches.map(({ group }) => group)).size).toBe(limits.length);
      }),
      { numRuns: 25 },
    );
  });
});
