import { expect, it } from 'vitest';
import { searchProgress } from '../../main/cli/search-progress.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import type { SearchEvent } from '../../main/search/search.ts';

const counts = { generation: 3, evaluated: 60, failed: 0, planned: 60, elapsedSeconds: 30 };

it('tells how much of the expected front is confirmed, and when that is done', () => {
  let nowMs = 0;
  const progress = searchProgress(defaultSearchSettings, [], () => nowMs);
  const confirmed = (done: number): SearchEvent => ({
    ...{ ...counts, phase: 'confirming', confirmed: { done, planned: 8 } },
  });
  progress.hear({ ...counts, phase: 'ended' });
  expect(progress.line()).toMatch(/60\/60 candidates, 30 s in all$/);
  progress.hear(confirmed(0));
  expect(progress.line()).toMatch(/60\/60 candidates, confirming the front, 0 of 8$/);
  nowMs = 2000;
  progress.hear(confirmed(1));
  expect(progress.line()).toMatch(/60\/60 candidates, 14 s left, confirming the front, 1 of 8$/);
});
