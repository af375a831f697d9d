import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchBenchmarkResult } from '../../main/workbench/search-benchmark.ts';
import { run } from './fake-workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-benchmark-'));
  vi.stubEnv('ZICO_STATE_FOLDER', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const searches = ['benchmark', 'nats-sss', '--search', 'guided,random', '--count', '10'];
async function judged(...more: string[]): Promise<SearchBenchmarkResult & { error?: object }> {
  const { stdout } = await run([...searches, ...more, '--json']);
  return JSON.parse(stdout) as SearchBenchmarkResult;
}

describe('zico benchmark --search', () => {
  it('judges the fronts of searches by the accuracies, beside fronts that need no score', async () => {
    const first = await judged('--seeds', '2');
    expect(first.methods.map(({ search }) => search)).toEqual(['guided', 'random']);
    for (const { after } of first.methods) {
      expect(after.map(({ candidates }) => candidates)).toEqual([10]);
      for (const which of ['offered', 'scored', 'raw'] as const) {
        const { median, least, most } = after[0]![which].regret['cifar10_test_acc']!;
        expect(least).toBeGreaterThan(0);
        expect(median).toBeGreaterThanOrEqual(least);
        expect(most).toBeGreaterThanOrEqual(median);
      }
    }
    const { accuracy, macs, parameters } = first.baselines;
    expect(accuracy.regret['cifar100_test_acc']!.median).toBe(0);
    // As the same yardstick has it elsewhere (numpy): 0.45 / 0.78 / 1.71 and 1.84 / 7.34 / 6.54.
    const rounded = ({ regret }: typeof macs) =>
      first.columns.map((column) => Number(regret[column]!.median.toFixed(2)));
    expect(rounded(parameters)).toEqual([0.45, 0.78, 1.71]);
    expect(rounded(macs)).toEqual([1.84, 7.34, 6.54]);

    const again = await judged('--seeds', '2');
    expect(again.methods).toEqual(first.methods);
    expect(again.computed).toBe(0);
    expect(again.reused).toBe(first.computed + first.reused);
  });

  it('scores anew what other images or weights decide', async () => {
    const one = await judged('--seeds', '1', '--seed', '4');
    const other = await judged('--seeds', '1', '--seed', '4', '--batches', '3');
    expect(other.computed).toBe(one.computed);
  });

  it('says what is wrong with a method', async () => {
    const { code, stderr } = await run([...searches.slice(0, 2), '--search', 'guided,magic']);
    expect(code).toBe(2);
    expect(stderr).toContain('guided, nsga2 or random');
  });
});
