import { describe, expect, it } from 'vitest';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import type { EvaluatedCandidate } from '../../../main/run/candidate.ts';
import { candidateRows } from '../../../main/workbench/candidate-rows.ts';
import { fakeCandidate } from '../../cli/fake-workbench.ts';

const settings = { ...defaultSearchSettings, space: 'nats-sss' };

const scoredBy = (id: number, engine: object): EvaluatedCandidate => {
  const candidate = fakeCandidate(id, settings, false) as EvaluatedCandidate;
  return {
    ...candidate,
    score: { ...candidate.score, engine: { ...candidate.score.engine, ...engine } },
  };
};

describe('the rows of candidates', () => {
  it('tell scores apart that workers with other instructions or precision gave', () => {
    const info = { settings } as Parameters<typeof candidateRows>[0]['info'];
    const candidates = [
      scoredBy(1, { instructions: 'avx512' }),
      scoredBy(2, { instructions: 'avx2', precision: 'bf16' }),
    ];
    const rows = candidateRows(
      { info, candidates, extras: [], trained: [], withoutDigest: 0 },
      null,
    );
    expect(
      rows.map(({ enginePrecision, engineInstructions }) => [enginePrecision, engineInstructions]),
    ).toEqual([
      ['float32', 'avx512'],
      ['bf16', 'avx2'],
    ]);
  });
});
