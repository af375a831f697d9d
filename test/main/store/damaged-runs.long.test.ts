import { expect, it } from 'vitest';
import { tryDamagedRuns } from '../../support/damaged-runs.ts';

it('damaged runs end, hold up and exhaust nothing, and give no other candidates', async () => {
  const trials = await tryDamagedRuns(300);
  expect(trials.faults).toEqual([]);
  expect(trials.files).toBe(300);
  // Both happen: most damage is told, and some lies where nothing is kept.
  expect(trials.refused).toBeGreaterThan(300);
  expect(trials.same).toBeGreaterThan(50);
}, 900_000);
