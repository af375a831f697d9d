/** Lists of tens of thousands of candidates are read page by page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FailedCandidate } from '../../../main/run/candidate.ts';
import { selectsOf } from '../../../main/store/candidate-rows.ts';
import { Connection } from '../../../main/store/connection.ts';
import { createRun, openRunReadOnly } from '../../../main/store/run-file.ts';
import { migrations } from '../../../main/store/schema.ts';
import { toyFailure, toyRunInfo } from '../../support/toy-search.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-listing-'));
  file = path.join(folder, 'run.zico');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('goes along the table, and sorts nothing for a page', () => {
  createRun(file, toyRunInfo()).close();
  const connection = new Connection(file, 'read');
  const { candidates, rows, points } = selectsOf(migrations.length);
  for (const select of [candidates, rows, points]) {
    const plan = connection.all(`EXPLAIN QUERY PLAN ${select}`, [0, 10]);
    expect(plan.map(({ detail }) => detail)).toEqual([
      'SEARCH candidate USING INTEGER PRIMARY KEY (rowid>?)',
    ]);
  }
  connection.release();
});

it('reads long texts and those beyond ASCII as they were written', () => {
  const messages = ['short', 'x'.repeat(500), 'größer als erlaubt', `${'λ'.repeat(200)}!`];
  const store = createRun(file, toyRunInfo());
  messages.forEach((message, i) => {
    const failure = { code: 'engine-crashed', message, hint: 'Retry.' };
    store.add({ ...(toyFailure(i + 1) as FailedCandidate), failure }, i + 1);
  });
  store.close();
  const reader = openRunReadOnly(file);
  expect(reader.rows(0, 10).map(({ failure }) => failure?.message)).toEqual(messages);
  expect(reader.rows(2, 1).map(({ id }) => id)).toEqual([3]);
  reader.close();
});
