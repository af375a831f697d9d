/** A run in an open SQLite file. */
import { z } from 'zod';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { Candidate, CandidateId } from '../search/candidate.ts';
import type {
  Mark,
  RunCounts,
  RunInfo,
  RunFile,
  RunPoint,
  RunStatus,
} from '../search/run-store.ts';
import { searchSettingsSchema } from '../search/settings.ts';
import type { Warning } from '../warning.ts';
import {
  candidateOf,
  candidateValues,
  DamagedContent,
  detailValues,
  insertCandidate,
  insertDetail,
  json,
  number,
  selectAfter,
  selectCounts,
  selectPoints,
  selectWithDetail,
  text,
} from './candidate-rows.ts';
import type { Connection, Row } from './connection.ts';
import { notARunFile, runReadOnly, unknownCandidate } from './store-errors.ts';

export class SqliteRunStore implements RunFile {
  readonly path: string;
  readonly #connection: Connection;
  readonly #writable: boolean;
  readonly #onClose: () => void;
  #closed = false;

  /** @param onClose gives the connection back; called once */
  constructor(connection: Connection, writable: boolean, onClose: () => void) {
    this.path = connection.path;
    this.#connection = connection;
    this.#writable = writable;
    this.#onClose = onClose;
  }

  info(): RunInfo {
    return this.#read(() => {
      const row = this.#connection.first('SELECT * FROM run');
      if (row === null) throw new DamagedContent('run');
      return infoOf(row);
    });
  }

  add(candidate: Candidate, elapsedSeconds: number): void {
    this.#assertWritable();
    const detail = detailValues(candidate);
    this.#connection.transaction(() => {
      this.#connection.run(insertCandidate, candidateValues(candidate));
      if (detail !== null) this.#connection.run(insertDetail, detail);
      this.#connection.run('UPDATE run SET elapsed_seconds = ?', [elapsedSeconds]);
    });
  }

  candidates(after = 0): readonly Candidate[] {
    return this.#read(() => this.#connection.all(selectAfter, [after]).map(candidateOf));
  }

  points(after: number, most: number): readonly RunPoint[] {
    return this.#read(() =>
      this.#connection.all(selectPoints, [after, most]).map((row) => ({
        id: number(row, 'id'),
        generation: number(row, 'generation'),
        zico: number(row, 'zico'),
        zicoCapped: number(row, 'zico_capped'),
        bias: number(row, 'bias'),
        latencyMs: row['latency_ms'] === null ? null : number(row, 'latency_ms'),
        macs: number(row, 'macs'),
      })),
    );
  }

  candidate(id: CandidateId): Candidate | null {
    return this.#read(() => {
      const row = this.#connection.first(selectWithDetail, [id]);
      return row === null ? null : candidateOf(row);
    });
  }

  counts(): RunCounts {
    return this.#read(() => {
      const row = this.#connection.first(selectCounts) ?? {};
      const failed = number(row, 'failed');
      const evaluated = number(row, 'candidates') - failed;
      return { evaluated, failed, generation: number(row, 'generation') };
    });
  }

  setScoring(plan: ScoringPlan): void {
    this.#assertWritable();
    this.#connection.run('UPDATE run SET scoring = ?', [JSON.stringify(plan)]);
  }

  setStatus(status: RunStatus, elapsedSeconds: number): void {
    this.#assertWritable();
    const update = 'UPDATE run SET status = ?, elapsed_seconds = ?';
    this.#connection.run(update, [status, elapsedSeconds]);
  }

  marks(): readonly Mark[] {
    return this.#read(() =>
      this.#connection.all('SELECT * FROM mark ORDER BY candidate').map((row) => ({
        candidate: number(row, 'candidate') as CandidateId,
        starred: number(row, 'starred') === 1,
        note: text(row, 'note'),
      })),
    );
  }

  setMark({ candidate, starred, note }: Mark): void {
    this.#assertWritable();
    if (this.#connection.first('SELECT 1 FROM candidate WHERE id = ?', [candidate]) === null) {
      throw unknownCandidate(candidate);
    }
    if (!starred && note === '') {
      this.#connection.run('DELETE FROM mark WHERE candidate = ?', [candidate]);
      return;
    }
    const upsert = 'INSERT OR REPLACE INTO mark (candidate, starred, note) VALUES (?, ?, ?)';
    this.#connection.run(upsert, [candidate, starred ? 1 : 0, note]);
  }

  tags(): readonly string[] {
    return this.#read(() => {
      const row = this.#connection.first('SELECT tags FROM run');
      const tags = row && json(row, 'tags');
      if (!Array.isArray(tags)) throw new DamagedContent('tags');
      return tags.map(String);
    });
  }

  setTags(tags: readonly string[]): void {
    this.#assertWritable();
    this.#connection.run('UPDATE run SET tags = ?', [JSON.stringify(tags)]);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
  }

  #assertWritable(): void {
    if (!this.#writable) throw runReadOnly(this.path);
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof DamagedContent ? notARunFile(this.path, error) : error;
    }
  }
}

export function insertRun(connection: Connection, info: RunInfo): void {
  connection.run(
    `INSERT INTO run (one, run_id, settings, data_description, product_version, created_at, status,
      elapsed_seconds, space, warnings, scoring) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      info.runId,
      JSON.stringify(info.settings),
      info.dataDescription,
      info.productVersion,
      info.createdAt,
      info.status,
      info.elapsedSeconds,
      info.space === undefined ? null : JSON.stringify(info.space),
      info.warnings === undefined ? null : JSON.stringify(info.warnings),
      info.scoring === undefined ? null : JSON.stringify(info.scoring),
    ],
  );
}

function infoOf(row: Row): RunInfo {
  const settings = searchSettingsSchema.safeParse(json(row, 'settings'));
  if (!settings.success) throw new DamagedContent('settings', { cause: settings.error });
  return {
    runId: text(row, 'run_id'),
    settings: settings.data,
    dataDescription: text(row, 'data_description'),
    productVersion: text(row, 'product_version'),
    createdAt: text(row, 'created_at'),
    status: text(row, 'status') as RunStatus, // the table admits no other
    elapsedSeconds: number(row, 'elapsed_seconds'),
    ...(row['space'] !== null && { space: json(row, 'space') }),
    ...((row['warnings'] ?? null) !== null && { warnings: warningsOf(row) }),
    ...((row['scoring'] ?? null) !== null && { scoring: json<ScoringPlan>(row, 'scoring') }),
  };
}

const warningsSchema = z.array(
  z.object({
    ...{ code: z.string(), message: z.string(), hint: z.string() },
    ...{ count: z.number(), examples: z.array(z.string()) },
  }),
);

function warningsOf(row: Row): readonly Warning[] {
  const warnings = warningsSchema.safeParse(json(row, 'warnings'));
  if (!warnings.success) throw new DamagedContent('warnings', { cause: warnings.error });
  return warnings.data;
}
