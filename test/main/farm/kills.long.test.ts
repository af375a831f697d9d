import { describe, expect, it } from 'vitest';
import { farmKills } from '../../support/farm-kills.ts';
import { redisServer } from '../../support/redis.ts';

describe.skipIf(redisServer === null)(
  'a search whose workers, Redis and itself are killed at random',
  () => {
    it('holds what one computer stores', async () => {
      const kills = { worker: 3, redis: 1, search: 1 };
      const outcome = await farmKills({ candidates: 60, workers: 2, kills, seed: 1 });
      expect(outcome.differences).toEqual([]);
      expect(outcome.candidates).toBe(60);
      expect(outcome.kills.worker + outcome.kills.redis + outcome.kills.search).toBeGreaterThan(2);
    }, 240_000);
  },
);
