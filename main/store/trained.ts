/** Trained models of candidates, as rows. */
import type { CandidateId } from '../run/candidate.ts';
import type { TrainedLatency, TrainedModel } from '../run/trained-model.ts';
import { assertDigest } from './candidate-rows.ts';
import {
  checkedRow,
  numberOf,
  parsed,
  selectList,
  textOf,
  wellFormed,
  type Raw,
} from './column.ts';
import type { Connection } from './connection.ts';
import { digestOf } from './digest.ts';
import { trainedTable } from './tables.ts';

const { columns } = trainedTable;

/** Run files have the table from this version on. */
const firstVersion = 10;
/** Nobody would train more than this. */
const mostTrained = 1_000_000;

/** In the order of the candidates. Throws DamagedContent. */
export function trainedOf(connection: Connection, version: number): readonly TrainedModel[] {
  if (version < firstVersion) return [];
  const select = `SELECT ${selectList(columns, version)} FROM trained ORDER BY candidate LIMIT ?`;
  return connection.all(select, [mostTrained]).map((row) => {
    const raw = checkedRow(trainedTable, columns, row);
    assertDigest(trainedTable, raw, 'digest', raw['digest']!);
    return modelOf(raw);
  });
}

/** In the place of what was attached to the same candidate. */
export function writeTrained(connection: Connection, model: TrainedModel): void {
  const row: Raw = {
    candidate: model.candidate,
    model_digest: model.digest,
    model_name: wellFormed(model.name),
    accuracy: model.accuracy,
    metric: wellFormed(model.metric),
    data: wellFormed(model.data),
    new_head: model.newHead,
    attached_at: model.attachedAt,
    float32_latency: latencyText(model.latencies.float32),
    int8_latency: latencyText(model.latencies.int8),
  };
  const names = columns.map(({ name }) => name);
  const values = { ...row, digest: digestOf(columns, 'digest', row) };
  connection.run(
    `INSERT OR REPLACE INTO trained (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    names.map((name) => values[name as keyof typeof values] ?? null),
  );
}

export function deleteTrained(connection: Connection, id: CandidateId): void {
  connection.run('DELETE FROM trained WHERE candidate = ?', [id]);
}

function modelOf(raw: Raw): TrainedModel {
  const text = (name: string) => textOf(trainedTable, raw, name);
  const latency = (name: string) =>
    raw[name] === null ? null : parsed<TrainedLatency>(trainedTable, raw, name);
  return {
    candidate: numberOf(trainedTable, raw, 'candidate') as CandidateId,
    digest: text('model_digest'),
    name: text('model_name'),
    accuracy: numberOf(trainedTable, raw, 'accuracy'),
    metric: text('metric'),
    data: text('data'),
    newHead: raw['new_head'] === null ? null : numberOf(trainedTable, raw, 'new_head'),
    attachedAt: text('attached_at'),
    latencies: { float32: latency('float32_latency'), int8: latency('int8_latency') },
  };
}

const latencyText = (latency: TrainedLatency | null): string | null =>
  latency === null ? null : JSON.stringify(latency);
