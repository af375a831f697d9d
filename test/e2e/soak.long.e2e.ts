/** A part of what `test/e2e/run-soak.ts` tries with 20,000 candidates. */
import { expect, it } from 'vitest';
import { soak } from './soak.ts';

it.runIf(process.platform === 'linux')(
  'a search of thousands with the window open on it stays as quick and as small as it began',
  async () => {
    const { candidates, failed, growth, perMinute, problems } = await soak(6000, () => undefined);
    expect({ candidates, failed, problems }).toEqual({ candidates: 6000, failed: 0, problems: [] });
    expect(growth.scoring).toBeLessThan(1.1);
    // A window of a few thousand candidates is garbage collected once or twice.
    expect(growth.main).toBeLessThan(1.25);
    // What else the computer does is in both figures, and in no other bound than this.
    expect(perMinute.last).toBeGreaterThan(0.5 * perMinute.first);
  },
  600_000,
);
