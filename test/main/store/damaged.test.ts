import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Candidate, CandidateId } from '../../../main/run/candidate.ts';
import { Connection } from '../../../main/store/connection.ts';
import { createRun, openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { damagedCopy } from '../../support/damage.ts';
import { asOfVersion } from '../../support/older-run.ts';
import { toyCandidate, toyFailure, toyRunInfo } from '../../support/toy-search.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-damaged-'));
  file = path.join(folder, 'run.zico');
  const store = createRun(file, { ...toyRunInfo(), dataDescription: 'Bilder, digest 12ab' });
  for (let id = 1; id <= 30; id++) {
    store.add(id % 7 === 0 ? toyFailure(id) : toyCandidate(id, 'host'), id);
  }
  store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that a run holds; throws where any of it is not as it was stored. */
function contentOf(open: typeof openRunForWriting, path: string): unknown {
  const store = open(path);
  try {
    const candidates = store.candidates();
    const whole = candidates.map(({ id }) => store.candidate(id));
    return [candidates, whole, store.rows(0, 1000), store.points(0, 1000), store.counts()];
  } finally {
    store.close();
  }
}

function edit(sql: string): void {
  const connection = new Connection(file, 'write');
  connection.execute(`PRAGMA foreign_keys = OFF; ${sql}`);
  connection.release();
}

function replaceBytes(from: string, to: Buffer): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThan(0);
  to.copy(bytes, at);
  writeFileSync(file, bytes);
}

const refusal = (what: RegExp): unknown =>
  expect.objectContaining({
    code: 'not-a-run-file',
    message: expect.stringMatching(what) as string,
  });

describe.each([
  ['looking at a run', openRunReadOnly],
  ['going on with a run', openRunForWriting],
] as const)('%s', (_what, open) => {
  it('names a text that is no UTF-8, wherever it stands', () => {
    asOfVersion(file, 6);
    replaceBytes('Bilder', Buffer.from([0xff]));
    expect(() => open(file)).toThrow(refusal(/data_description holds a text that is no UTF-8/));
  });

  it.each(['genotype', 'parents', 'engine', 'latency_conditions'])(
    'names it in column %s of a candidate',
    (column) => {
      asOfVersion(file, 6);
      edit(`UPDATE candidate SET ${column} = CAST(x'61c328ff' AS TEXT) WHERE id = 3`);
      const named = refusal(
        new RegExp(`candidate 3, column ${column} holds a text that is no UTF`),
      );
      expect(() => contentOf(open, file)).toThrow(named);
    },
  );

  it.each([
    ['a view', 'ALTER TABLE candidate RENAME TO c; CREATE VIEW candidate AS SELECT * FROM c'],
    [
      'an endless view',
      'ALTER TABLE run RENAME TO r; CREATE VIEW run AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT r.* FROM r, n',
    ],
    ['a trigger', 'CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM candidate; END'],
    ['another table', 'CREATE TABLE history (url TEXT)'],
    ['another column', 'ALTER TABLE candidate ADD COLUMN more TEXT'],
    ['an index', 'CREATE INDEX i ON candidate (macs)'],
  ])('refuses %s beside the tables of a run', (_name, sql) => {
    edit(sql);
    expect(() => open(file)).toThrow(refusal(/^.*: it[s ]/));
  });

  it.each([
    ['generation', '999999999', /candidate 3, column generation holds 999999999/],
    ['macs', '0', /candidate 3, column macs holds 0/],
    ['macs', '-1', /candidate 3, column macs holds -1/],
    ['zico', '1e300', /candidate 3, column zico holds 1e\+300/],
    ['latency_ms', '-1', /candidate 3, column latency_ms holds -1/],
    ['parents', "'[0]'", /candidate 3, column parents/],
    ['losses', `'["a"]'`, /candidate 3, column losses/],
    ['engine', "'{}'", /candidate 3, column engine/],
    ['zico', 'NULL', /candidate 3, column zico holds nothing/],
  ])('names the row where %s is %s', (column, value, what) => {
    asOfVersion(file, 6);
    edit(`UPDATE candidate SET ${column} = ${value} WHERE id = 3`);
    expect(() => contentOf(open, file)).toThrow(refusal(what));
  });

  it('names layers that are no layers', () => {
    asOfVersion(file, 6);
    edit(`UPDATE candidate_detail SET layers = '[{"name":1}]' WHERE id = 3`);
    expect(() => contentOf(open, file)).toThrow(refusal(/candidate_detail 3, column layers/));
  });

  it.each([
    ['a candidate', 'UPDATE candidate SET zico = zico + 1 WHERE id = 3', /candidate 3 does not/],
    ['what lists do not show', "UPDATE candidate SET losses = '[1,2]' WHERE id = 3", /candidate 3/],
    ['details', "UPDATE candidate_detail SET runs_ms = '[1]' WHERE id = 3", /candidate_detail 3/],
    ['the run', 'UPDATE run SET elapsed_seconds = 1', /run does not agree with its digest/],
    ['a lost candidate', 'DELETE FROM candidate WHERE id = 30', /29 candidates of 30/],
    [
      'a lost digest',
      'UPDATE candidate SET digest = NULL WHERE id = 3',
      /not those that were stored/,
    ],
    ['lost details', 'DELETE FROM candidate_detail WHERE id = 3', /candidate 3 has no layers/],
  ])('tells a change of %s', (_name, sql, what) => {
    edit(sql);
    expect(() => contentOf(open, file)).toThrow(refusal(what));
  });

  it('never gives back other candidates than were stored, however the file was damaged', () => {
    const stored = contentOf(openRunReadOnly, file);
    const copy = path.join(folder, 'copy.zico');
    let refused = 0;
    for (let number = 0; number < 80; number++) {
      const how = damagedCopy(file, copy, number);
      let content: unknown;
      try {
        content = contentOf(open, copy);
      } catch (error) {
        expect(error, `${how} (${number})`).toMatchObject({ code: expect.any(String) as string });
        refused++;
        continue;
      }
      expect(content, `${how} (${number})`).toEqual(stored);
    }
    expect(refused).toBeGreaterThan(40);
  }, 60_000);
});

describe('a run that is older than digests', () => {
  it('is looked at as it is, and says that its rows have none', () => {
    const stored = contentOf(openRunReadOnly, file);
    asOfVersion(file, 6);
    const before = readFileSync(file);
    expect(contentOf(openRunReadOnly, file)).toEqual(stored);
    const store = openRunReadOnly(file);
    expect(store.withoutDigest()).toBe(30);
    store.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('gets digests for the rows that are added', () => {
    asOfVersion(file, 6);
    const store = openRunForWriting(file);
    store.add(toyCandidate(31, 'host'), 31);
    expect(store.withoutDigest()).toBe(30);
    store.close();
    const all: Candidate[] = [...openRunReadOnly(file).candidates()];
    expect(all).toHaveLength(31);
    edit('UPDATE candidate SET zico = zico + 1 WHERE id = 31');
    expect(() => contentOf(openRunReadOnly, file)).toThrow(refusal(/candidate 31 does not agree/));
    edit('UPDATE candidate SET zico = zico - 1 WHERE id = 31; DELETE FROM candidate WHERE id = 2');
    expect(() => openRunReadOnly(file)).toThrow(refusal(/30 candidates of 31/));
  });
});

describe('a file that was looked through before', () => {
  it('is looked through again once it has changed', () => {
    const old = new Date(Date.now() - 10_000);
    utimesSync(file, old, old);
    openRunReadOnly(file).close();
    edit('DELETE FROM candidate WHERE id = 30');
    expect(() => openRunReadOnly(file)).toThrow(refusal(/29 candidates of 30/));
  });

  it('is another file under another name', () => {
    const copy = path.join(folder, 'copy.zico');
    openRunReadOnly(file).close();
    edit('DELETE FROM candidate WHERE id = 30');
    copyFileSync(file, copy);
    expect(() => openRunReadOnly(copy)).toThrow(refusal(/29 candidates of 30/));
    expect(() => openRunForWriting(copy).candidate(1 as CandidateId)).toThrow(
      refusal(/29 candidates/),
    );
  });
});
