/**
 * Networks that a person had scored besides what the search proposed, as rows. They have their own tables, so
 * that neither proposals nor replay encounter them. Their row numbers are not used elsewhere.
 */
import { besides, type CandidateId, type EvaluatedCandidate } from '../run/candidate.ts';
import type { Genotype } from '../space/space.ts';
import {
  candidateValues,
  detailValues,
  replaceOf,
  rowOf,
  wholeCandidateOf,
} from './candidate-rows.ts';
import { selectList } from './column.ts';
import type { Connection } from './connection.ts';
import { DamagedContent } from './damaged-content.ts';
import { extraDetailTable, extraTable } from './tables.ts';

/** Run files have these tables from this version on. */
const firstVersion = 8;
/** No person would add more than this. */
const mostExtras = 100_000;

const selectExtra = (version: number): string =>
  `SELECT ${selectList(extraTable.columns, version)} FROM extra`;
const selectDetail = (version: number): string =>
  `SELECT ${selectList(extraDetailTable.columns, version)} FROM extra_detail WHERE id = ?`;

/** With per-layer detail, in the order in which they were scored. Throws DamagedContent. */
export function extrasOf(connection: Connection, version: number): readonly EvaluatedCandidate[] {
  if (version < firstVersion) return [];
  return connection
    .all(`${selectExtra(version)} ORDER BY id LIMIT ?`, [mostExtras])
    .map((row) => evaluated(connection, version, row));
}

/** With per-layer detail; null where this network was not scored besides. Throws DamagedContent. */
export function extraOf(
  connection: Connection,
  version: number,
  genotype: Genotype,
): EvaluatedCandidate | null {
  if (version < firstVersion) return null;
  const row = connection.first(`${selectExtra(version)} WHERE genotype = ?`, [genotype]);
  return row === null ? null : evaluated(connection, version, row);
}

/** In the place of what was stored of the same network. */
export function writeExtra(connection: Connection, scored: EvaluatedCandidate): void {
  const { genotype } = scored;
  const earlier = connection.first('SELECT id FROM extra WHERE genotype = ?', [genotype])?.['id'];
  const last = connection.first('SELECT COALESCE(MAX(id), 0) AS last FROM extra')?.['last'];
  const extra = { ...scored, id: Number(earlier ?? Number(last) + 1) as CandidateId };
  connection.transaction(() => {
    connection.run(replaceOf(extraTable), candidateValues(rowOf(extra)));
    connection.run(replaceOf(extraDetailTable), detailValues(extra) ?? []);
  });
}

function evaluated(
  connection: Connection,
  version: number,
  row: Parameters<typeof wholeCandidateOf>[0],
): EvaluatedCandidate {
  const id = row['id'];
  const detail = typeof id === 'number' ? connection.first(selectDetail(version), [id]) : null;
  const extra = wholeCandidateOf(row, detail);
  if (extra.status === 'evaluated') return { ...extra, id: besides };
  throw new DamagedContent(`network ${extra.genotype} was scored besides, and has no score`);
}
