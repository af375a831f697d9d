import { expect, it } from 'vitest';
import { redisServer } from '../../support/redis.ts';
import { waitingFarm } from '../../support/waiting-farm.ts';

// The whole figure is that of test/reliability/waiting-farm.ts; here less, on machines that do other things as well.
it.skipIf(redisServer === null)(
  'keeps fifty workers busy, at little cost',
  async () => {
    const asked = { workers: 50, processes: 2, inFlight: 64, jobMs: 2000, candidates: 400 };
    const { used, processorMs } = await waitingFarm(asked);
    expect(used).toBeGreaterThan(0.7);
    expect(processorMs).toBeLessThan(6);
  },
  120_000,
);
