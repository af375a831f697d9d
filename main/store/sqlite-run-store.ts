/** A run in an open SQLite file. */
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Warning } from '../warning.ts';
import {
  hasZico,
  type Candidate,
  type CandidateId,
  type CandidateScore,
  type EvaluatedCandidate,
} from '../run/candidate.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import type { Genotype } from '../space/space.ts';
import type {
  CandidateMark,
  RunCounts,
  RunFile,
  RunInfo,
  RunPoint,
  RunRow,
  RunStatus,
} from '../run/run-store.ts';
import {
  candidateOf,
  candidateValues,
  detailValues,
  insertCandidate,
  insertDetail,
  pointOf,
  replaceCandidate,
  replaceDetail,
  rowOf,
  runRowOf,
  selectsOf,
  wholeCandidateOf,
} from './candidate-rows.ts';
import { parsed, type Raw } from './column.ts';
import { DamagedContent } from './damaged-content.ts';
import type { Connection, Row, Value } from './connection.ts';
import { sumAfterReplacing, sumOfDigests } from './digest.ts';
import { extraOf, extrasOf, writeExtra } from './extras.ts';
import { eraseMarks, marksOf, writeMark } from './marks.ts';
import { deleteTrained, trainedOf, writeTrained } from './trained.ts';
import { infoOf, readRunRow, tallyColumns, tallyOf, updateRun, type Tally } from './run-row.ts';
import { migrations } from './schema.ts';
import { assertInOrder, countsIn } from './tally.ts';
import { runTable } from './tables.ts';
import { damagedRun, runReadOnly, unknownCandidate } from './store-errors.ts';

const idOfGenotype = 'SELECT id FROM candidate WHERE genotype = ?';

/** How many rows are read at a time where all are wanted. */
const piece = 2000;

export interface StoreOptions {
  readonly writable: boolean;
  /** The file's version; a file that is open for writing has the current one. */
  readonly version?: number;
  /** Throws where the file is no longer in its place. */
  readonly assertInPlace?: () => void;
  /** Releases the connection; called once. */
  readonly onClose: () => void;
}

export class SqliteRunStore implements RunFile {
  readonly path: string;
  readonly #connection: Connection;
  readonly #options: StoreOptions;
  readonly #version: number;
  readonly #selects: ReturnType<typeof selectsOf>;
  /** The run's row as this writer left it. */
  #written: Raw | null = null;
  #closed = false;

  constructor(connection: Connection, options: StoreOptions) {
    this.path = connection.path;
    this.#connection = connection;
    this.#options = options;
    this.#version = options.version ?? migrations.length;
    this.#selects = selectsOf(this.#version);
  }

  info(): RunInfo {
    return this.#read(() => infoOf(readRunRow(this.#connection, this.#version)));
  }

  add(candidate: Candidate, elapsedSeconds: number): void {
    this.#assertWritable();
    const row = rowOf(candidate);
    const detail = detailValues(candidate);
    const run = this.#current();
    const tally = tallyOf(run);
    const failed = candidate.status === 'failed' ? 1 : 0;
    const changes = {
      elapsed_seconds: elapsedSeconds,
      ...(tally && more(tally, failed, row.digest)),
    };
    this.#written = this.#connection.transaction(() => {
      this.#connection.run(insertCandidate, candidateValues(row));
      if (detail !== null) this.#connection.run(insertDetail, detail);
      return updateRun(this.#connection, run, changes);
    });
  }

  setZico(id: CandidateId, score: CandidateScore): void {
    this.#assertWritable();
    const stored = this.candidate(id);
    if (stored === null) throw unknownCandidate(id);
    if (stored.status === 'failed' || hasZico(stored.score)) return;
    const { zico, zicoCapped, bias, biases, termCap, losses, layers } = score;
    const gradients = {
      zico,
      zicoCapped,
      bias,
      ...(biases && { biases }),
      termCap,
      losses,
      layers,
    };
    const facts = factsWith(stored.score.facts, score.facts);
    const candidate = { ...stored, score: { ...stored.score, ...gradients, ...facts } };
    const [former, row] = [rowOf(stored), rowOf(candidate)];
    const run = this.#current();
    const tally = tallyOf(run);
    const digest = tally && sumAfterReplacing(tally.digest, former.digest, row.digest);
    this.#written = this.#connection.transaction(() => {
      this.#connection.run(replaceCandidate, candidateValues(row));
      this.#connection.run(replaceDetail, detailValues(candidate)!);
      return updateRun(
        this.#connection,
        run,
        tally ? tallyColumns({ ...tally, digest: digest! }) : {},
      );
    });
  }

  candidates(after = 0, most = Infinity): readonly Candidate[] {
    return this.#read(() => {
      const candidates: Candidate[] = [];
      for (let last = after; ;) {
        const wanted = Math.min(piece, most - candidates.length);
        const rows = this.#ordered(this.#selects.candidates, last, wanted);
        for (const row of rows) candidates.push(candidateOf(row));
        last = candidates.at(-1)?.id ?? after;
        if (rows.length < wanted || candidates.length === most) break;
      }
      if (
        after === 0 &&
        most === Infinity &&
        candidates.length !== countsIn(this.#connection).candidates
      ) {
        throw new DamagedContent('some of its candidates cannot be found');
      }
      return candidates;
    });
  }

  rows(after: number, most: number): readonly RunRow[] {
    return this.#read(() => this.#listed(this.#selects.rows, after, most).map(runRowOf));
  }

  points(after: number, most: number): readonly RunPoint[] {
    return this.#read(() => {
      const points: RunPoint[] = [];
      // Failed candidates have no point, so rows are read until there are enough points.
      for (let last = after; points.length < most;) {
        const wanted = most - points.length;
        const rows = this.#listed(this.#selects.points, last, wanted);
        points.push(...rows.map(pointOf).filter((point) => point !== null));
        if (rows.length < wanted) break;
        last = rows[rows.length - 1]![0] as number;
      }
      return points;
    });
  }

  candidate(id: CandidateId): Candidate | null {
    return this.#read(() => {
      const row = this.#connection.first(this.#selects.candidate, [id]);
      if (row === null) return null;
      return wholeCandidateOf(row, this.#connection.first(this.#selects.detail, [id]));
    });
  }

  counts(): RunCounts {
    return this.#read(() => {
      const { candidates, failed, generation } = countsIn(this.#connection);
      return { evaluated: candidates - failed, failed, generation };
    });
  }

  withoutDigest(): number {
    return this.#read(() => {
      const tally = tallyOf(readRunRow(this.#connection, this.#version));
      return tally?.withoutDigest ?? countsIn(this.#connection).candidates;
    });
  }

  setScoring(plan: ScoringPlan): void {
    this.#change({ scoring: JSON.stringify(plan) });
  }

  setSettings(settings: SearchSettings, warnings: readonly Warning[]): void {
    this.#change({ settings: JSON.stringify(settings), warnings: JSON.stringify(warnings) });
  }

  setStatus(status: RunStatus, elapsedSeconds: number): void {
    this.#change({ status, elapsed_seconds: elapsedSeconds });
  }

  extras(): readonly EvaluatedCandidate[] {
    return this.#read(() => extrasOf(this.#connection, this.#version));
  }

  extra(genotype: Genotype): EvaluatedCandidate | null {
    return this.#read(() => extraOf(this.#connection, this.#version, genotype));
  }

  network(genotype: Genotype): Candidate | null {
    const tried = this.#read(() => this.#connection.first(idOfGenotype, [genotype]));
    return tried === null ? this.extra(genotype) : this.candidate(tried['id'] as CandidateId);
  }

  addExtra(scored: EvaluatedCandidate): void {
    this.#assertWritable();
    writeExtra(this.#connection, scored);
  }

  marks(): readonly CandidateMark[] {
    return this.#read(() => marksOf(this.#connection, this.#version));
  }

  setMark(mark: CandidateMark): void {
    this.#assertWritable();
    this.#assertCandidate(mark.candidate);
    writeMark(this.#connection, mark);
  }

  eraseNotes(): void {
    this.#assertWritable();
    this.setTags([]);
    eraseMarks(this.#connection);
  }

  trained(): readonly TrainedModel[] {
    return this.#read(() => trainedOf(this.#connection, this.#version));
  }

  setTrained(model: TrainedModel): void {
    this.#assertWritable();
    this.#assertCandidate(model.candidate);
    writeTrained(this.#connection, model);
  }

  removeTrained(id: CandidateId): void {
    this.#assertWritable();
    deleteTrained(this.#connection, id);
  }

  tags(): readonly string[] {
    return this.#read(() => parsed(runTable, readRunRow(this.#connection, this.#version), 'tags'));
  }

  setTags(tags: readonly string[]): void {
    this.#change({ tags: JSON.stringify(tags) });
  }

  assertInPlace(): void {
    this.#options.assertInPlace?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose();
  }

  #change(changes: Raw): void {
    this.#assertWritable();
    this.#written = updateRun(this.#connection, this.#current(), changes);
  }

  #current(): Raw {
    this.#written ??= this.#read(() => readRunRow(this.#connection, this.#version));
    return this.#written;
  }

  #ordered(select: string, after: number, most: number): readonly Row[] {
    const rows = this.#connection.all(select, [after, most]);
    assertInOrder(
      rows.map(({ id }) => id),
      after,
    );
    return rows;
  }

  /** Each row as its values, of which the first is its id. */
  #listed(select: string, after: number, most: number): readonly (readonly Value[])[] {
    const rows = this.#connection.values(select, [after, most]);
    assertInOrder(
      rows.map(([id]) => id),
      after,
    );
    return rows;
  }

  #assertCandidate(id: CandidateId): void {
    const found = this.#connection.first('SELECT 1 AS one FROM candidate WHERE id = ?', [id]);
    if (found === null) throw unknownCandidate(id);
  }

  #assertWritable(): void {
    if (!this.#options.writable) throw runReadOnly(this.path);
    this.assertInPlace();
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof DamagedContent ? damagedRun(this.path, error) : error;
    }
  }
}

function more(tally: Tally, failed: number, digest: number): Raw {
  return tallyColumns({
    candidates: tally.candidates + 1,
    failed: tally.failed + failed,
    withoutDigest: tally.withoutDigest,
    digest: sumOfDigests(tally.digest, digest),
  });
}

/** Counts that only gradients tell, beside what proxies said before. */
function factsWith(
  stored: CandidateScore['facts'],
  scored: CandidateScore['facts'],
): Pick<CandidateScore, 'facts'> {
  if (stored === undefined || scored === undefined) return {};
  return { facts: { ...scored, proxies: { ...scored.proxies, ...stored.proxies } } };
}
