import { describe, expect, it } from 'vitest';
import {
  frontAgainSummary,
  type MemberAgain,
} from '../../../renderer/open-run/front-again.svelte.ts';

function member(
  id: number,
  storedMs: number,
  againMs: number,
  changes: {
    readonly wide?: number | null;
    readonly unsteady?: string[];
    readonly same?: boolean;
  } = {},
): MemberAgain {
  const { wide = 0.1, unsteady = [], same = true } = changes;
  const bounds = (ms: number) =>
    wide === null ? null : { lowMs: ms - wide, highMs: ms + wide, basis: 'interval' as const };
  const stored = bounds(storedMs);
  return {
    id,
    stored: { cost: storedMs, low: stored?.lowMs ?? null, high: stored?.highMs ?? null },
    again: {
      ...{ latencyMs: againMs, p90Ms: againMs, minMs: againMs, runsMs: [], conditions: '' },
      ...{ bounds: bounds(againMs), phone: null, unsteady, sameConditions: same },
    },
  };
}

describe('a front measured again', () => {
  it('agrees where two latencies differ by less than their errors', () => {
    const summary = frontAgainSummary([member(1, 1, 1.05), member(2, 2, 2.5), member(3, 3, 3.01)]);
    expect(summary).toMatchObject({ measured: 3, judged: 3, agreeing: 2, swapped: 0 });
  });

  it('counts neighbours that are the other way round', () => {
    expect(frontAgainSummary([member(1, 1, 2.2), member(2, 2, 2.1), member(3, 3, 3)]).swapped).toBe(
      1,
    );
  });

  it('judges nothing whose errors are not known, and tells what is unsteady or not comparable', () => {
    const summary = frontAgainSummary([
      member(1, 1, 1, { wide: null }),
      member(2, 2, 2, { unsteady: ['other-program'] }),
      member(3, 3, 3, { same: false }),
    ]);
    expect(summary).toMatchObject({ judged: 2, unsteady: 1, otherConditions: 1 });
  });

  it('of nothing says nothing', () => {
    expect(frontAgainSummary([])).toMatchObject({
      measured: 0,
      judged: 0,
      agreeing: 0,
      swapped: 0,
    });
  });
});
