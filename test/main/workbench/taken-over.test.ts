import { describe, expect, it } from 'vitest';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import type { ScoringPlan } from '../../../main/engine/scoring-plan.ts';
import type { RunInfo } from '../../../main/run/run-store.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { engineToTakeOver, type WantedFromRun } from '../../../main/workbench/taken-over.ts';
import { toyRunInfo } from '../../support/toy-search.ts';

const settings: SearchSettings = { ...defaultSearchSettings, space: 'nats-sss' };
const space = spaceNamed('nats-sss');
const scoring: ScoringPlan = {
  ...{ engine: 'onnxruntime', version: '1.30.0', workers: 2, threads: 1, note: null },
};
const info: RunInfo = { ...toyRunInfo(settings), space: space.description, scoring };
const wanted: WantedFromRun = { settings, space, engine: 'auto', precision: 'auto' };
const here = { versionOf: () => '1.30.0', instructions: () => 'avx2' as const };

describe('a run with whose candidates a search may begin', () => {
  it('has the same space, images, deciding settings and an engine that is here', () => {
    expect(engineToTakeOver(info, wanted, here)).toEqual({
      name: 'onnxruntime',
      precision: 'float32',
    });
    // Beta, budget, method and limits do not decide a score.
    const other = {
      ...settings,
      beta: 3,
      candidates: 500,
      search: 'random',
      maxMacs: 1e9,
    } as const;
    expect(engineToTakeOver(info, { ...wanted, settings: other }, here)).not.toBeNull();
  });

  it.each([
    ['another seed', { settings: { ...settings, seed: 9 } }],
    ['other batches', { settings: { ...settings, batches: 7 } }],
    ['other images', { settings: { ...settings, data: '/pictures' } }],
    ['latencies that it has not', { settings: { ...settings, latency: 'host' } }],
    ['another space', { space: spaceNamed('ffnet') }],
    ['another engine', { engine: 'onednn' }],
    ['another precision', { precision: 'bf16' }],
  ] as const)('is not one with %s', (_, change) => {
    expect(engineToTakeOver(info, { ...wanted, ...change }, here)).toBeNull();
  });

  it('is not one where its engine is gone, or nobody knows what scored it', () => {
    const newer = { ...here, versionOf: () => '9.0.0' };
    expect(engineToTakeOver(info, wanted, newer)).toBeNull();
    const entries = Object.entries(info).filter(([key]) => key !== 'scoring');
    const older = Object.fromEntries(entries) as unknown as typeof info;
    expect(engineToTakeOver(older, wanted, here)).toBeNull();
    const onednn: ScoringPlan = { ...scoring, engine: 'onednn', instructions: 'avx512' };
    expect(engineToTakeOver({ ...info, scoring: onednn }, wanted, here)).toBeNull();
  });
});
