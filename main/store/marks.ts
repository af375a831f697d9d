/** What a person noted about candidates, as rows. */
import type { CandidateId } from '../run/candidate.ts';
import type { CandidateMark } from '../run/run-store.ts';
import { assertDigest } from './candidate-rows.ts';
import { checkedRow, numberOf, selectList, textOf, wellFormed } from './column.ts';
import type { Connection } from './connection.ts';
import { digestOf } from './digest.ts';
import { markTable } from './tables.ts';

const { columns } = markTable;

/** The first version of run files that has notes. */
const firstVersion = 3;
/** No person would make more marks than this. */
const mostMarks = 1_000_000;

/** In the order of the candidates. Throws DamagedContent. */
export function marksOf(connection: Connection, version: number): readonly CandidateMark[] {
  if (version < firstVersion) return [];
  const select = `SELECT ${selectList(columns, version)} FROM mark ORDER BY candidate LIMIT ?`;
  return connection.all(select, [mostMarks]).map((row) => {
    const raw = checkedRow(markTable, columns, row);
    assertDigest(markTable, raw, 'digest', raw['digest']!);
    return {
      candidate: numberOf(markTable, raw, 'candidate') as CandidateId,
      starred: numberOf(markTable, raw, 'starred') === 1,
      note: textOf(markTable, raw, 'note'),
      name: raw['name'] === null ? '' : textOf(markTable, raw, 'name'),
    };
  });
}

/** A mark with neither star nor note nor name is removed. */
export function writeMark(
  connection: Connection,
  { candidate, starred, note, name }: CandidateMark,
): void {
  if (!starred && note === '' && name === '') {
    connection.run('DELETE FROM mark WHERE candidate = ?', [candidate]);
    return;
  }
  const row = {
    ...{ candidate, starred: starred ? 1 : 0, note: wellFormed(note) },
    name: name === '' ? null : wellFormed(name),
  };
  const digest = digestOf(columns, 'digest', row);
  const upsert =
    'INSERT OR REPLACE INTO mark (candidate, starred, note, name, digest) VALUES (?, ?, ?, ?, ?)';
  connection.run(upsert, [row.candidate, row.starred, row.note, row.name, digest]);
}

/** Removes all of them, so that no page of the file holds their text any more. Not within a transaction. */
export function eraseMarks(connection: Connection): void {
  connection.run('DELETE FROM mark', []);
  connection.execute('VACUUM');
}
