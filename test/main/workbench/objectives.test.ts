/** Searches of real networks by other scores, and with networks that no gradient reaches. */
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import type { Candidate, CandidateId } from '../../../main/run/candidate.ts';
import { frontOf, rankingOf } from '../../../main/run/ranking.ts';
import { openRunReadOnly } from '../../../main/store/run-file.ts';
import { workbenchInFolder } from '../../support/workbench-in-folder.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 }); // real children, on a machine that may be busy

const settings: SearchSettings = {
  ...defaultSearchSettings,
  ...{ search: 'random', seed: 4, candidates: 5, batches: 2, batchSize: 4, proxies: 'none' },
};

const own = workbenchInFolder('objectives');

async function searched(
  name: string,
  changes: Partial<SearchSettings>,
): Promise<{ file: string; candidates: readonly Candidate[] }> {
  const file = path.join(own.folder, `${name}.zico`);
  const all = { ...settings, ...changes };
  await (
    await own.workbench.startSearch(all, file, () => undefined, { workers: 1 })
  ).finished;
  const run = openRunReadOnly(file);
  try {
    return { file, candidates: run.candidates() };
  } finally {
    run.close();
  }
}

it('computes what the score names, and ZiCo once somebody asks for it', async () => {
  const by = await searched('near', { score: 'near+synflow' });
  for (const candidate of by.candidates) {
    expect(candidate).toMatchObject({
      status: 'evaluated',
      score: {
        ...{ zico: null, zicoCapped: null, bias: null, losses: [] },
        facts: { liveLayers: null },
      },
    });
    if (candidate.status !== 'evaluated') continue;
    expect(Object.keys(candidate.score.facts!.proxies)).toEqual(['near', 'synflow']);
  }
  const plain = await searched('zico', { score: 'zico-bc' });
  const [expected, before] = [plain.candidates[2]!, by.candidates[2]!];
  expect(expected.genotype).toBe(before.genotype);
  if (expected.status !== 'evaluated' || before.status !== 'evaluated') throw new Error('failed');
  const id = 3 as CandidateId;
  const { candidate } = await own.workbench.giveZico(by.file, id, new AbortController().signal);
  const { zico, zicoCapped, bias, biases, losses } = expected.score;
  // To the bit what a search by ZiCo-BC computes.
  expect(candidate.score).toMatchObject({ zico, zicoCapped, bias, biases, losses });
  expect(before.score.facts!.layers).toBe(expected.score.facts!.layers);
  expect(candidate.score.layers).toHaveLength(expected.score.facts!.layers);
  expect(candidate.score.facts).toEqual({
    ...expected.score.facts,
    proxies: before.score.facts!.proxies,
  });
  const signal = new AbortController().signal;
  await expect(own.workbench.giveZico(by.file, 99 as CandidateId, signal)).rejects.toMatchObject({
    code: 'unknown-candidate',
  });
});

it('leaves networks behind that no gradient reaches, and says so', async () => {
  // Of the cells without a convolution many connect nothing.
  const cells: Partial<SearchSettings> = {
    ...{ space: 'nas-bench-201', candidates: 16, maxMacs: 8_000_000, beta: 0 },
  };
  const { candidates } = await searched('dead', { ...cells, score: 'zico-bc' });
  const dead = candidates.filter((one) => one.status === 'failed');
  expect(dead.length).toBeGreaterThan(0);
  expect(dead.length).toBeLessThan(candidates.length);
  for (const { failure } of dead) {
    expect(failure.code).toBe('no-gradient');
    expect(failure.message).toMatch(/ranks below all others/);
  }
  const front = frontOf(candidates, rankingOf({ ...settings, ...cells }));
  expect(front.length).toBeGreaterThan(0);
  expect(front.every((one) => !dead.some(({ id }) => id === one.id))).toBe(true);
});
