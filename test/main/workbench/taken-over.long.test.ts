import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import { generationalDefaults } from '../../../main/common/settings/method.ts';
import { openRunReadOnly } from '../../../main/store/run-file.ts';
import { settingsTakenOver } from '../../../main/workbench/taken-over.ts';
import { workbenchInFolder } from '../../support/workbench-in-folder.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 }); // real children, on a machine that may be busy

const settings: SearchSettings = { ...defaultSearchSettings, candidates: 6, batchSize: 2, seed: 4 };

const own = workbenchInFolder('taken-over');

async function searched(
  name: string,
  asked: SearchSettings,
  from?: string,
  most = Infinity,
): Promise<string> {
  const file = path.join(own.folder, `${name}.zico`);
  let stored = 0;
  const listener = ({ phase }: { phase: string }) => {
    if (phase === 'stored' && ++stored >= most) running.stop();
  };
  const running = await own.workbench.startSearch(asked, file, listener, { from });
  await running.finished;
  return file;
}

function contentOf(file: string) {
  const run = openRunReadOnly(file);
  try {
    return { info: run.info(), candidates: run.candidates(), first: run.candidate(1 as never) };
  } finally {
    run.close();
  }
}

it('begins with what was scored, goes on from it, and resumes to the same', async () => {
  const earlier = await searched('earlier', { ...settings, search: 'random', inFlight: 2 });
  const before = contentOf(earlier).candidates;
  const more = { ...settings, search: 'guided', inFlight: 2, candidates: 20 } as const;
  const whole = contentOf(await searched('whole', more, earlier));
  const taken = whole.info.settings.takenOver;
  expect(taken).toBeGreaterThanOrEqual(before.length);
  expect(whole.candidates).toHaveLength(20);
  for (const [i, { genotype }] of before.entries()) {
    expect(whole.candidates[i]!.genotype).toBe(genotype);
    const [now, then] = [whole.candidates[i]!, before[i]!];
    if (now.status === 'failed' || then.status === 'failed') throw new Error('none failed');
    // Seconds of the one time that it was scored.
    expect(now.score).toEqual(then.score);
  }
  if (whole.first?.status !== 'evaluated') throw new Error('it was scored');
  expect(whole.first.score.layers.length).toBeGreaterThan(0);
  expect(new Set(whole.candidates.map(({ genotype }) => genotype)).size).toBe(20);

  const stopped = await searched('stopped', more, earlier, 2);
  await (
    await own.workbench.resumeSearch(stopped, () => undefined)
  ).finished;
  const genotypes = (file: string) => contentOf(file).candidates.map(({ genotype }) => genotype);
  expect(genotypes(stopped)).toEqual(whole.candidates.map(({ genotype }) => genotype));
});

it('refuses what would come to other scores, and generations', async () => {
  const earlier = await searched('other', { ...settings, candidates: 2 });
  const from = (changes: Partial<SearchSettings>) =>
    searched('refused', { ...settings, ...changes }, earlier);
  await expect(from({ seed: 5 })).rejects.toMatchObject({
    code: 'runs-differ',
    message: expect.stringContaining('seed is 4 there and 5 here') as string,
  });
  await expect(from({ weights: 'kaiming-normal-fan-out' })).rejects.toMatchObject({
    code: 'runs-differ',
  });
  const generational = { ...generationalDefaults, generations: 1, population: 4 };
  await expect(from(generational)).rejects.toMatchObject({ code: 'search-settings' });
  await expect(
    searched('nothing', settings, path.join(own.folder, 'missing.zico')),
  ).rejects.toThrow();
});

it('takes what decides a score from the other run, and not the path of its images', () => {
  const stored = { ...settings, data: '/elsewhere', beta: 0.5, latency: 'host' as const };
  expect(settingsTakenOver(stored, {})).toMatchObject({ seed: 4, beta: 0.5, latency: 'host' });
  expect(settingsTakenOver(stored, {})).not.toHaveProperty('data');
  expect(settingsTakenOver(stored, { latency: 'macs' })).not.toHaveProperty('latency');
});
