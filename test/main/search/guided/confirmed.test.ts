import { expect, it } from 'vitest';
import { besides, type EvaluatedCandidate } from '../../../../main/run/candidate.ts';
import { worthConfirming } from '../../../../main/search/guided/confirmed.ts';
import type { OfferedNetwork } from '../../../../main/search/guided/estimates.ts';
import type { Genotype } from '../../../../main/space/space.ts';

const offered = (name: string, frontShare: number, scored = false): OfferedNetwork => ({
  genotype: name as Genotype,
  candidate: scored ? ({} as EvaluatedCandidate) : null,
  size: { parameters: 1, macs: 1 },
  ...{ latencyMs: null, estimate: { score: 1, deviation: 1 }, frontShare },
});

it('what is confirmed was not scored, is likely on the front, and spread over it', () => {
  const front = Array.from({ length: 30 }, (_, i) =>
    offered(`n${i}`, i % 3 === 0 ? 0.3 : 0.9, i % 3 === 1),
  );
  // n2, n5, n8, ..., n29 are left.
  expect(worthConfirming(front, 3)).toEqual(['n5', 'n17', 'n26']);
  expect(worthConfirming(front, 100)).toHaveLength(10);
  expect(worthConfirming([], 8)).toEqual([]);
  // What was scored besides counts.
  const there = { ...offered('x', 1), candidate: { id: besides } as EvaluatedCandidate };
  expect(worthConfirming([...front, there], 3)).toEqual(['n8', 'n23']);
  expect(worthConfirming([...front, there], 1)).toEqual([]);
});
