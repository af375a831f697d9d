/**
 * Candidates as rows. Numbers that rank are columns; what only describes is JSON, which gives every
 * finite double back exactly, as REAL columns do.
 */
import type { EngineIdentity, LayerStatistics } from '../engine/engine.ts';
import type { Latency, LatencyConditions } from '../latency/latency.ts';
import type {
  Candidate,
  CandidateId,
  CandidateScore,
  Proposal,
  Resolutions,
} from '../search/candidate.ts';
import type { Genotype } from '../space/space.ts';
import type { Row, SqlValue } from './connection.ts';

const columns = [
  'id',
  'genotype',
  'generation',
  'parents',
  'parameters',
  'macs',
  'status',
  'failure_code',
  'failure_message',
  'failure_hint',
  'zico',
  'zico_capped',
  'bias',
  'term_cap',
  'losses',
  'engine',
  'scoring_seconds',
  'latency_ms',
  'p90_ms',
  'min_ms',
  'latency_conditions',
  'resolutions',
] as const;

export const insertCandidate = `INSERT INTO candidate (${columns.join(', ')})
  VALUES (${columns.map(() => '?').join(', ')})`;
export const insertDetail = 'INSERT INTO candidate_detail (id, layers, runs_ms) VALUES (?, ?, ?)';
export const selectAfter = 'SELECT * FROM candidate WHERE id > ? ORDER BY id';
export const selectPoints = `SELECT id, generation, zico, zico_capped, bias, latency_ms, macs
  FROM candidate WHERE id > ? AND status = 'evaluated' ORDER BY id LIMIT ?`;
export const selectCounts = `SELECT COUNT(*) AS candidates, COALESCE(SUM(status = 'failed'), 0) AS failed,
  COALESCE(MAX(generation), 0) AS generation FROM candidate`;
export const selectWithDetail = `SELECT candidate.*, layers, runs_ms
  FROM candidate LEFT JOIN candidate_detail USING (id) WHERE id = ?`;

/** Values for `insertCandidate`. */
export function candidateValues(candidate: Candidate): SqlValue[] {
  const failure = candidate.status === 'failed' ? candidate.failure : null;
  const score = candidate.status === 'evaluated' ? candidate.score : null;
  const latency = candidate.status === 'evaluated' ? candidate.latency : null;
  const values: Record<(typeof columns)[number], SqlValue> = {
    id: candidate.id,
    genotype: candidate.genotype,
    generation: candidate.generation,
    parents: JSON.stringify(candidate.parents),
    parameters: candidate.parameters,
    macs: candidate.macs,
    status: candidate.status,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    failure_hint: failure?.hint ?? null,
    zico: score?.zico ?? null,
    zico_capped: score?.zicoCapped ?? null,
    bias: score?.bias ?? null,
    term_cap: score?.termCap ?? null,
    losses: score && JSON.stringify(score.losses),
    engine: score && JSON.stringify(score.engine),
    scoring_seconds: score?.seconds ?? null,
    latency_ms: latency?.latencyMs ?? null,
    p90_ms: latency?.p90Ms ?? null,
    min_ms: latency?.minMs ?? null,
    latency_conditions: latency && JSON.stringify(latency.conditions),
    resolutions: score?.resolutions ? JSON.stringify(score.resolutions) : null,
  };
  return columns.map((column) => values[column]);
}

/** Values for `insertDetail`; null where a candidate has no detail. */
export function detailValues(candidate: Candidate): SqlValue[] | null {
  if (candidate.status === 'failed') return null;
  const { id, score, latency } = candidate;
  return [id, JSON.stringify(score.layers), latency && JSON.stringify(latency.runsMs)];
}

/**
 * The candidate of a row; without the columns of `selectWithDetail` its layers and runs are empty.
 * Throws DamagedContent.
 */
export function candidateOf(row: Row): Candidate {
  const proposal: Proposal = {
    id: number(row, 'id') as CandidateId,
    genotype: text(row, 'genotype') as Genotype,
    generation: number(row, 'generation'),
    parents: json<CandidateId[]>(row, 'parents'),
    parameters: number(row, 'parameters'),
    macs: number(row, 'macs'),
  };
  return text(row, 'status') === 'failed'
    ? { ...proposal, status: 'failed', failure: failureOf(row) }
    : { ...proposal, status: 'evaluated', score: scoreOf(row), latency: latencyOf(row) };
}

function failureOf(row: Row): { code: string; message: string; hint: string } {
  return {
    code: text(row, 'failure_code'),
    message: text(row, 'failure_message'),
    hint: text(row, 'failure_hint'),
  };
}

function scoreOf(row: Row): CandidateScore {
  return {
    zico: number(row, 'zico'),
    zicoCapped: number(row, 'zico_capped'),
    bias: number(row, 'bias'),
    termCap: number(row, 'term_cap'),
    losses: json<number[]>(row, 'losses'),
    layers: typeof row['layers'] === 'string' ? json<LayerStatistics[]>(row, 'layers') : [],
    engine: json<EngineIdentity>(row, 'engine'),
    seconds: number(row, 'scoring_seconds'),
    ...(row['resolutions'] !== null && { resolutions: json<Resolutions>(row, 'resolutions') }),
  };
}

function latencyOf(row: Row): Latency | null {
  if (row['latency_ms'] === null) return null;
  return {
    latencyMs: number(row, 'latency_ms'),
    p90Ms: number(row, 'p90_ms'),
    minMs: number(row, 'min_ms'),
    runsMs: typeof row['runs_ms'] === 'string' ? json<number[]>(row, 'runs_ms') : [],
    conditions: json<LatencyConditions>(row, 'latency_conditions'),
  };
}

/** What a column holds cannot be understood. */
export class DamagedContent extends Error {
  constructor(column: string, options?: ErrorOptions) {
    super(`Column ${column} does not hold what it should.`, options);
    this.name = 'DamagedContent';
  }
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new DamagedContent(column);
  return value;
}

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new DamagedContent(column);
  return value;
}

/**
 * A list or object. Only this program writes these columns, and migrations keep them current: beyond
 * that their shape is trusted.
 */
export function json<T extends object>(row: Row, column: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text(row, column));
  } catch (error) {
    throw new DamagedContent(column, { cause: error });
  }
  if (typeof value !== 'object' || value === null) throw new DamagedContent(column);
  return value as T;
}
