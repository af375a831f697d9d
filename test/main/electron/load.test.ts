import { expect, it } from 'vitest';
import { loadOf, type ProcessMetric } from '../../../main/electron/load.ts';

const metric = (type: string, name: string, percentCPUUsage: number): ProcessMetric => ({
  ...{ type, name, cpu: { percentCPUUsage }, memory: { workingSetSize: 1000 } },
});

it('adds up the children that compute, and leaves Chromium’s own out', () => {
  const load = loadOf([
    metric('Browser', 'browser', 50),
    metric('Utility', 'ZiCo scoring', 30),
    metric('Utility', 'ZiCo scoring', 40),
    metric('Utility', 'Network Service', 90),
    metric('Utility', 'ZiCo latency', 5),
    metric('Utility', 'ZiCo guide', 10),
  ]);
  expect(load).toEqual({ share: 0.85, bytes: 4 * 1_024_000, processes: 4 });
});

it('is nothing where no child runs, and never more than everything', () => {
  expect(loadOf([])).toEqual({ share: 0, bytes: 0, processes: 0 });
  expect(loadOf([metric('Utility', 'ZiCo scoring', 130)]).share).toBe(1);
});
