import { plannedCandidates } from '../../../main/common/planned-candidates.ts';
import { describe, expect, it } from 'vitest';
import { estimatedSeconds, measuredRate } from '../../../renderer/runs/estimate.ts';
import { description, fakeRun, settings } from '../fake-bridge.ts';

const folder = description.runsFolder;
const summary = (options: Parameters<typeof fakeRun>[0]) => fakeRun(options).summary;

describe('planned candidates', () => {
  it('are population times generations, or the smaller limit, never more than the space has', () => {
    expect(plannedCandidates(settings, 32_768)).toBe(200);
    expect(plannedCandidates({ ...settings, candidates: 30 }, 32_768)).toBe(30);
    expect(plannedCandidates({ ...settings, generations: 10_000 }, 32_768)).toBe(32_768);
  });

  it('are unknown where only time ends the search', () => {
    expect(plannedCandidates({ ...settings, generations: null, seconds: 60 }, 32_768)).toBeNull();
  });
});

describe('the measured rate', () => {
  it('comes from the latest run of this computer that did the same work', () => {
    const runs = [
      summary({ run: 'old', candidates: 100, createdAt: '2026-01-01T00:00:00Z' }),
      summary({ run: 'new', candidates: 50, createdAt: '2026-02-01T00:00:00Z' }),
      summary({
        run: 'macs',
        candidates: 50,
        createdAt: '2026-03-01T00:00:00Z',
        settings: { latency: 'macs' },
      }),
      summary({
        run: 'batch',
        candidates: 50,
        createdAt: '2026-03-01T00:00:00Z',
        settings: { batchSize: 128 },
      }),
    ];
    expect(measuredRate(settings, runs, folder)).toMatchObject({
      name: 'new.zico',
      candidates: 50,
    });
    expect(measuredRate(settings, runs, folder)?.secondsPerCandidate).toBeCloseTo(1.1);
  });

  it('is never invented: too few candidates, or a file from elsewhere, give none', () => {
    const few = summary({ run: 'few', candidates: 3 });
    const foreign = { ...summary({ run: 'far', candidates: 99 }), path: '/elsewhere/far.zico' };
    expect(measuredRate(settings, [few, foreign], folder)).toBeNull();
    expect(estimatedSeconds(200, null, null)).toBeNull();
  });

  it('gives an estimate that a time limit cuts short', () => {
    const rate = { secondsPerCandidate: 2, name: 'a', candidates: 10 };
    expect(estimatedSeconds(100, rate, null)).toBe(200);
    expect(estimatedSeconds(100, rate, 60)).toBe(60);
    expect(estimatedSeconds(null, rate, 60)).toBeNull();
  });
});
