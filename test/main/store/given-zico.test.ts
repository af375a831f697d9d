/** Candidates of runs that rank by other scores: without ZiCo at first, and with it once somebody asked for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CandidateId, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import { createRun, openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import {
  toyCandidate,
  toyCandidateWithBiases,
  toyFailure,
  toyRunInfo,
  toySettings,
} from '../../support/toy-search.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-given-'));
  file = path.join(folder, 'run.zico');
});
afterEach(() => rmSync(folder, { recursive: true }));

const near = { near: { value: 12.25 } };

function withoutZico(id: number): EvaluatedCandidate {
  const candidate = toyCandidate(id);
  const none = { zico: null, zicoCapped: null, bias: null, losses: [], layers: [] };
  const facts = { layers: 3, liveLayers: null, lnChannels: 7, proxies: near };
  return { ...candidate, score: { ...candidate.score, ...none, facts } };
}

function stored(): void {
  const store = createRun(file, toyRunInfo({ ...toySettings, score: 'near' }));
  store.add(withoutZico(1), 1);
  store.add(toyFailure(2), 2);
  store.add(withoutZico(3), 3);
  store.close();
}

it('are stored without it, to the bit', () => {
  stored();
  const reader = openRunReadOnly(file);
  expect(reader.candidate(3 as CandidateId)).toEqual(withoutZico(3));
  expect(reader.rows(0, 9)[0]).toMatchObject({ zico: null, bias: null, proxies: { near: 12.25 } });
  expect(reader.points(0, 9).map(({ id }) => id)).toEqual([1, 3]);
  reader.close();
});

it('are given it later, and keep what they had; the file still agrees with its digests', () => {
  stored();
  const { score } = toyCandidateWithBiases(3);
  const counted = { layers: 3, liveLayers: 2, lnChannels: 7, proxies: {} };
  const store = openRunForWriting(file);
  store.setZico(3 as CandidateId, { ...score, facts: counted });
  store.setZico(2 as CandidateId, score);
  store.close();
  const reader = openRunReadOnly(file);
  const expected = withoutZico(3);
  const { zico, zicoCapped, bias, biases, losses, layers } = score;
  expect(reader.candidate(3 as CandidateId)).toEqual({
    ...expected,
    score: {
      ...{ ...expected.score, zico, zicoCapped, bias, biases, losses, layers },
      facts: { ...counted, proxies: near },
    },
  });
  expect(reader.candidates()).toHaveLength(3);
  expect(reader.candidate(2 as CandidateId)).toEqual(toyFailure(2));
  expect(reader.candidate(1 as CandidateId)).toEqual(withoutZico(1));
  reader.close();
});

it('keep the ZiCo that they have', () => {
  stored();
  const { score } = toyCandidate(3);
  const store = openRunForWriting(file);
  store.setZico(3 as CandidateId, score);
  store.setZico(3 as CandidateId, { ...score, zico: 1 });
  expect(store.candidate(3 as CandidateId)).toMatchObject({ score: { zico: score.zico } });
  expect(() => store.setZico(9 as CandidateId, score)).toThrow(/no candidate 9/);
  store.close();
});
