/**
 * Candidates as rows. Numbers that rank are columns; descriptive details are JSON, which reproduces every
 * finite double exactly, as REAL columns do.
 */
import { isLatencyError, latencyErrorContent } from '../common/latency-content.ts';
import type { NetworkFacts } from '../common/network-facts.ts';
import { proxyKeys, type ProxyValues } from '../common/proxies.ts';
import {
  biasLayerSets,
  biasSizes,
  type BiasLayerSet,
  type Biases,
  type BiasSize,
} from '../common/zico-bc.ts';
import type { HostMeasurement } from '../latency/host-measurement.ts';
import { boundsOf, isDoubtful } from '../latency/bounds.ts';
import type { Latency, LatencyConditions } from '../latency/latency.ts';
import type { PhoneMeasurement } from '../latency/phone-measurement.ts';
import type { Candidate, CandidateId, CandidateScore, Proposal } from '../run/candidate.ts';
import type { RunPoint, RunRow } from '../run/run-store.ts';
import type { StoredNetwork } from '../space/known-network.ts';
import type { Genotype, Resolutions } from '../space/space.ts';
import {
  checkedRow,
  checkedValues,
  columnOf,
  damaged,
  numberOf,
  parsed,
  rowName,
  selectList,
  textOf,
  wellFormed,
  type Column,
  type Cover,
  type Raw,
  type Table,
} from './column.ts';
import { DamagedContent } from './damaged-content.ts';
import type { Row, SqlValue, Value } from './connection.ts';
import { digestOf } from './digest.ts';
import { biasColumn, candidateTable, detailTable } from './tables.ts';
import type { Known } from '../common/known.ts';

const columns = candidateTable.columns;
/** The columns that lists show, with their digest. */
const listed = columns.filter(({ cover, name }) => cover === 'digest' || name === 'digest');
/** Beside them what says how far a latency may be off. No digest of a list covers it: whoever looks closer checks it. */
const listedWithErrors = [...listed, columnOf(candidateTable, 'latency_conditions')];

export const insertOf = ({ name, columns: all }: Table): string =>
  `INSERT INTO ${name} (${all.map((column) => column.name).join(', ')})
    VALUES (${all.map(() => '?').join(', ')})`;
export const insertCandidate = insertOf(candidateTable);
export const insertDetail = insertOf(detailTable);

/** By the table's own id: the one of the list is an expression, by which SQLite would sort all rows for each page. */
const after = 'FROM candidate WHERE candidate.id > ? ORDER BY candidate.id LIMIT ?';

export const replaceOf = ({ name, columns: all }: Table): string =>
  insertOf({ name, columns: all, key: '' }).replace('INSERT', 'INSERT OR REPLACE');
export const replaceCandidate = replaceOf(candidateTable);
export const replaceDetail = replaceOf(detailTable);

/** Statements that read candidates of a file of some version. */
export function selectsOf(version: number) {
  return {
    candidates: `SELECT ${selectList(columns, version)} ${after}`,
    rows: `SELECT ${selectList(listedWithErrors, version)} ${after}`,
    points: `SELECT ${selectList(listed, version)} ${after}`,
    candidate: `SELECT ${selectList(columns, version)} FROM candidate WHERE id = ?`,
    detail: `SELECT ${selectList(detailTable.columns, version)} FROM candidate_detail WHERE id = ?`,
  };
}

type CandidateRow = Readonly<Record<string, SqlValue>> & { readonly digest: number };

/** A candidate's row with its digests; `candidateValues` are its values for `insertCandidate`. */
export function rowOf(candidate: Candidate): CandidateRow {
  const failure = candidate.status === 'failed' ? candidate.failure : null;
  const score = candidate.status === 'evaluated' ? candidate.score : null;
  const latency = candidate.status === 'evaluated' ? candidate.latency : null;
  const row = {
    id: candidate.id,
    genotype: candidate.genotype,
    generation: candidate.generation,
    parents: JSON.stringify(candidate.parents),
    parameters: candidate.parameters,
    macs: candidate.macs,
    status: candidate.status,
    failure_code: failure?.code ?? null,
    failure_message: failure ? wellFormed(failure.message) : null,
    failure_hint: failure ? wellFormed(failure.hint) : null,
    zico: score?.zico ?? null,
    zico_capped: score?.zicoCapped ?? null,
    bias: score?.bias ?? null,
    latency_ms: latency?.latencyMs ?? null,
    facts: score?.facts ? JSON.stringify(score.facts) : null,
    ...biasValues(score?.biases),
    genes: genesText(score),
    term_cap: score?.termCap ?? null,
    losses: score && JSON.stringify(score.losses),
    engine: score && JSON.stringify(score.engine),
    scoring_seconds: score?.seconds ?? null,
    p90_ms: latency?.p90Ms ?? null,
    min_ms: latency?.minMs ?? null,
    latency_conditions: latency && JSON.stringify(latency.conditions),
    resolutions: score?.resolutions ? JSON.stringify(score.resolutions) : null,
  };
  return {
    ...row,
    digest: digestOf(columns, 'digest', row),
    rest_digest: digestOf(columns, 'rest_digest', row),
  };
}

function genesText(score: CandidateScore | null): string | null {
  const genes = score?.genes ?? score?.network?.genes;
  return genes ? JSON.stringify(genes) : null;
}

function biasValues(biases: Biases | undefined): Readonly<Record<string, number | null>> {
  return Object.fromEntries(
    eachBias((size, layers) => [biasColumn(size, layers), biases?.[size][layers] ?? null]),
  );
}

/** Null where the row is older than the choice among them. */
function biasesOf(raw: Raw): Biases | null {
  if (biasColumns.every((column) => raw[column] === null)) return null;
  const of = (size: BiasSize) => ({
    live: number(raw, biasColumn(size, 'live')),
    all: number(raw, biasColumn(size, 'all')),
  });
  return { deployment: of('deployment'), scoring: of('scoring') };
}

function eachBias<T>(of: (size: BiasSize, layers: BiasLayerSet) => T): T[] {
  return biasSizes.flatMap((size) => biasLayerSets.map((layers) => of(size, layers)));
}

const biasColumns = eachBias(biasColumn);

export const candidateValues = (row: CandidateRow): SqlValue[] => inOrder(columns, row);

/** Values for `insertDetail`; null where a candidate has no detail. */
export function detailValues(candidate: Candidate): SqlValue[] | null {
  if (candidate.status === 'failed') return null;
  const { id, score, latency } = candidate;
  // A single source measures a run, so what it records of its repeats has one column.
  const recorded = latency?.measurement ?? latency?.host;
  const row: Record<string, SqlValue> = {
    id,
    layers: JSON.stringify(score.layers),
    runs_ms: latency && JSON.stringify(latency.runsMs),
    measurement: recorded ? JSON.stringify(recorded) : null,
    network: score.network ? JSON.stringify(score.network) : null,
  };
  row['digest'] = digestOf(detailTable.columns, 'digest', row);
  return inOrder(detailTable.columns, row);
}

const inOrder = (all: readonly Column[], row: Readonly<Record<string, SqlValue>>): SqlValue[] =>
  all.map(({ name }) => row[name]!);

/**
 * The candidate of a row.
 * @param detail its row of details; without one, as in a list, its layers and runs are empty
 * Throws DamagedContent.
 */
export function candidateOf(row: Row, detail: Row | null = null): Candidate {
  const raw = checkedRow(candidateTable, columns, row);
  assertDigest(candidateTable, raw, 'digest', raw['digest']!);
  if (raw['digest'] !== null) assertDigest(candidateTable, raw, 'rest_digest', raw['rest_digest']!);
  assertAgreement(raw);
  const proposal: Proposal = {
    id: number(raw, 'id') as CandidateId,
    genotype: text(raw, 'genotype') as Genotype,
    generation: number(raw, 'generation'),
    parents: parentsOf(raw) as CandidateId[],
    parameters: number(raw, 'parameters'),
    macs: number(raw, 'macs'),
  };
  if (raw['status'] === 'failed') return { ...proposal, status: 'failed', failure: failureOf(raw) };
  const details = detail && detailOf(detail, raw);
  const score = scoreOf(raw, details);
  return { ...proposal, status: 'evaluated', score, latency: latencyOf(raw, details) };
}

/** The candidate of a row together with its details. Throws DamagedContent where these are missing. */
export function wholeCandidateOf(row: Row, detail: Row | null): Candidate {
  const candidate = candidateOf(row, detail);
  if (candidate.status === 'evaluated' && detail === null) {
    throw new DamagedContent(`candidate ${candidate.id} has no layers`);
  }
  return candidate;
}

/** A row of lists, of its values in the order of `selectsOf`'s `rows`. Throws DamagedContent. */
export function runRowOf(values: readonly Value[]): RunRow {
  const raw = listedRow(values, listedWithErrors);
  return { ...ranksOf(raw), ...errorOf(raw) };
}

function ranksOf(raw: Raw): Omit<RunRow, 'latencyBounds' | 'latencyDoubtful'> {
  const failed = raw['status'] === 'failed';
  const known = (column: string): number | null => (failed ? null : numberOrNull(raw, column));
  return {
    id: number(raw, 'id'),
    genotype: text(raw, 'genotype') as Genotype,
    generation: number(raw, 'generation'),
    parents: parentsOf(raw),
    parameters: number(raw, 'parameters'),
    macs: number(raw, 'macs'),
    zico: known('zico'),
    zicoCapped: known('zico_capped'),
    bias: known('bias'),
    proxies: proxiesOf(raw),
    biases: biasesOf(raw),
    latencyMs: failed ? null : (raw['latency_ms'] as number | null),
    ...genesOf(raw),
    failure: failed ? failureOf(raw) : null,
  };
}

const latencyError = { schema: latencyErrorContent, fits: isLatencyError };

function errorOf(raw: Raw): Pick<RunRow, 'latencyBounds' | 'latencyDoubtful'> {
  if (raw['latency_ms'] === null || raw['latency_conditions'] === null) {
    return { latencyBounds: null, latencyDoubtful: false };
  }
  const conditions = parsed(candidateTable, raw, 'latency_conditions', latencyError);
  const latency = { latencyMs: number(raw, 'latency_ms'), conditions };
  return { latencyBounds: boundsOf(latency), latencyDoubtful: isDoubtful(latency) };
}

function genesOf(raw: Raw): { genes?: readonly number[] } {
  return raw['genes'] === null ? {} : { genes: parsed<number[]>(candidateTable, raw, 'genes') };
}

/** What ranks a row of lists, of the values of `points`; null for a failed candidate. Throws DamagedContent. */
export function pointOf(values: readonly Value[]): RunPoint | null {
  const { id, generation, zico, zicoCapped, bias, proxies, latencyMs, macs, failure } = ranksOf(
    listedRow(values, listed),
  );
  if (failure !== null) return null;
  return { id, generation, zico, zicoCapped, bias, proxies, latencyMs, macs };
}

function listedRow(values: readonly Value[], read: readonly Column[]): Raw {
  const raw = checkedValues(candidateTable, read, values);
  assertDigest(candidateTable, raw, 'digest', raw['digest']!);
  assertAgreement(raw);
  return raw;
}

/** Throws DamagedContent where the row's digest does not match it. */
export function assertDigest(table: Table, raw: Raw, cover: Cover, stored: Raw[string]): void {
  if (cover === 'digest' && stored === null) return;
  if (stored === digestOf(table.columns, cover, raw)) return;
  throw new DamagedContent(`${rowName(table, raw)} does not agree with its digest`);
}

/** How columns must relate to one another: every generation has at least one candidate. */
function assertAgreement(raw: Raw): void {
  const [id, generation, macs] = ['id', 'generation', 'macs'].map((name) =>
    number(raw, name),
  ) as Known<number>;
  const refuse = (name: string, what: string): DamagedContent =>
    damaged(candidateTable, raw, columnOf(candidateTable, name), what);
  if (generation > id) throw refuse('generation', `${generation}, which comes later`);
  const zico = ['zico', 'zico_capped', 'bias'];
  // Without proxies there is no other score; with them there is all of ZiCo, or nothing of it.
  const whole = raw['facts'] === null || zico.some((name) => raw[name] !== null);
  if (raw['status'] === 'evaluated' && whole) for (const name of zico) number(raw, name);
  // Only networks with at least one layer have a score.
  if (macs === 0 && raw['status'] === 'evaluated') throw refuse('macs', '0, and it was scored');
}

function parentsOf(raw: Raw): readonly number[] {
  // Candidates of the first generation have none, and parsing JSON is half of the work.
  return raw['parents'] === '[]' ? [] : parsed<number[]>(candidateTable, raw, 'parents');
}

/** Facts of a list are read for this alone. */
function proxiesOf(raw: Raw): ProxyValues {
  if (raw['facts'] === null) return {};
  const { proxies } = parsed<NetworkFacts>(candidateTable, raw, 'facts');
  const asked = proxyKeys.filter((key) => proxies[key] !== undefined);
  return Object.fromEntries(asked.map((key) => [key, proxies[key]!.value]));
}

function failureOf(raw: Raw): { code: string; message: string; hint: string } {
  return {
    code: text(raw, 'failure_code'),
    message: text(raw, 'failure_message'),
    hint: text(raw, 'failure_hint'),
  };
}

function scoreOf(raw: Raw, details: Raw | null): CandidateScore {
  const { resolutions } = raw;
  const biases = biasesOf(raw);
  return {
    zico: numberOrNull(raw, 'zico'),
    zicoCapped: numberOrNull(raw, 'zico_capped'),
    bias: numberOrNull(raw, 'bias'),
    ...(raw['facts'] !== null && {
      facts: parsed<NetworkFacts>(candidateTable, raw, 'facts'),
    }),
    ...(biases && { biases }),
    termCap: number(raw, 'term_cap'),
    losses: parsed(candidateTable, raw, 'losses'),
    layers: details ? parsed(detailTable, details, 'layers') : [],
    engine: parsed(candidateTable, raw, 'engine'),
    seconds: number(raw, 'scoring_seconds'),
    ...(resolutions !== null && {
      resolutions: parsed<Resolutions>(candidateTable, raw, 'resolutions'),
    }),
    ...genesOf(raw),
    ...(details !== null &&
      details['network'] !== null && {
        network: parsed<StoredNetwork>(detailTable, details, 'network'),
      }),
  };
}

function latencyOf(raw: Raw, details: Raw | null): Latency | null {
  if (raw['latency_ms'] === null) return null;
  const conditions = parsed<LatencyConditions>(candidateTable, raw, 'latency_conditions');
  const recorded = details !== null && details['measurement'] !== null ? details : null;
  return {
    latencyMs: number(raw, 'latency_ms'),
    p90Ms: number(raw, 'p90_ms'),
    minMs: number(raw, 'min_ms'),
    runsMs: details ? parsed(detailTable, details, 'runs_ms') : [],
    conditions,
    ...(recorded &&
      (conditions.source === 'host'
        ? { host: parsed<HostMeasurement>(detailTable, recorded, 'measurement') }
        : { measurement: parsed<PhoneMeasurement>(detailTable, recorded, 'measurement') })),
  };
}

/** The details of a candidate with a digest have one as well. */
function detailOf(row: Row, candidate: Raw): Raw {
  const raw = checkedRow(detailTable, detailTable.columns, row);
  if (candidate['digest'] !== null && raw['digest'] === null) {
    throw new DamagedContent(`${rowName(detailTable, raw)} has lost its digest`);
  }
  assertDigest(detailTable, raw, 'digest', raw['digest']!);
  return raw;
}

const number = (raw: Raw, name: string): number => numberOf(candidateTable, raw, name);
const numberOrNull = (raw: Raw, name: string): number | null =>
  raw[name] === null ? null : number(raw, name);
const text = (raw: Raw, name: string): string => textOf(candidateTable, raw, name);
