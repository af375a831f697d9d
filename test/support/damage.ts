/** Damages run files in the ways that disks, copies and people do, by a seed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { seedOf } from '../../main/random.ts';
import { Connection } from '../../main/store/connection.ts';
import type { Known } from '../../main/common/known.ts';

/** A stream of numbers in [0, 1), the same for the same words. */
export function dice(...words: readonly (string | number)[]): () => number {
  let throws = 0;
  return () => seedOf(...words, throws++) / 2 ** 32;
}

type Roll = () => number;
type Bytes = (bytes: Buffer, roll: Roll) => Buffer | undefined;

const below = (roll: Roll, limit: number): number => Math.floor(roll() * limit);
const page = 4096;

const onBytes: Readonly<Record<string, Bytes>> = {
  flip(bytes, roll) {
    bytes[below(roll, bytes.length)]! ^= 1 << below(roll, 8);
    return undefined;
  },
  'several flips'(bytes, roll) {
    for (let n = 2 + below(roll, 30); n > 0; n--) {
      bytes[below(roll, bytes.length)]! ^= 1 << below(roll, 8);
    }
    return undefined;
  },
  // The first bytes of a page, where SQLite keeps its bookkeeping.
  'flip in a page header'(bytes, roll) {
    const at = below(roll, bytes.length / page) * page;
    bytes[at + below(roll, 64)]! ^= 1 << below(roll, 8);
    return undefined;
  },
  truncation: (bytes, roll) => bytes.subarray(0, below(roll, bytes.length)),
  'truncation at a page': (bytes, roll) =>
    bytes.subarray(0, below(roll, bytes.length / page) * page),
  'zeroed page'(bytes, roll) {
    const at = below(roll, bytes.length / page) * page;
    bytes.fill(0, at, at + page);
    return undefined;
  },
  'zeroed range'(bytes, roll) {
    const at = below(roll, bytes.length);
    bytes.fill(0, at, at + below(roll, 600));
    return undefined;
  },
  'page over page'(bytes, roll) {
    const [to, from] = [0, 1].map(() => below(roll, bytes.length / page) * page) as Known<number>;
    bytes.copy(bytes, to, from, from + page);
    return undefined;
  },
  'random page'(bytes, roll) {
    const at = below(roll, bytes.length / page) * page;
    for (let i = 0; i < page; i++) bytes[at + i] = below(roll, 256);
    return undefined;
  },
};

const view = (table: string, body: string): string => `
  ALTER TABLE ${table} RENAME TO kept;
  CREATE VIEW ${table} AS ${body};`;
const endless = (table: string): string =>
  `WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more)
    SELECT kept.* FROM kept, more /* ${table} */`;

/** Selects one of the candidates. */
const some = 'WHERE id = (SELECT id FROM candidate ORDER BY (id * 7919) % 101 LIMIT 1)';
const columns = [
  ...['genotype', 'generation', 'parents', 'parameters', 'macs', 'status', 'zico', 'bias'],
  ...['zico_capped', 'term_cap', 'losses', 'engine', 'scoring_seconds', 'resolutions'],
];
const runColumns = ['settings', 'space', 'status', 'created_at', 'scoring', 'run_id', 'tags'];
const odd = [
  "x'ff00fe'",
  "CAST(x'c328a0ff' AS TEXT)",
  "''",
  "'[]'",
  "'{}'",
  "'null'",
  "'[' || replace(hex(zeroblob(50000)), '00', '[') || ']'",
  '0',
  '-1',
  '1e308',
  '9e999',
  '9223372036854775807',
  '4503599627370497.5',
  'NULL',
  "replace(hex(zeroblob(3000000)), '00', 'long')",
];

/** Edits the schema as an attacker would, removing the types and checks of a table. */
const lax = (table: string): string => `
  PRAGMA writable_schema = ON;
  UPDATE sqlite_schema SET sql = replace(replace(sql, ' STRICT', ''), 'NOT NULL', '')
    WHERE name = '${table}';
  PRAGMA writable_schema = RESET;`;

const bySql: Readonly<Record<string, (roll: Roll) => string>> = {
  'view of candidates': () => view('candidate', 'SELECT * FROM kept'),
  'endless view of candidates': () => view('candidate', endless('candidate')),
  'endless view of the run': () => view('run', endless('run')),
  'view of itself': () => view('mark', 'SELECT * FROM run, candidate, candidate, candidate'),
  trigger: () => `CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM candidate; END`,
  'insert trigger': () =>
    `CREATE TRIGGER t AFTER INSERT ON candidate BEGIN UPDATE candidate SET zico = 1; END`,
  'foreign table': () => 'CREATE TABLE extra (x)',
  'generated column': () => 'ALTER TABLE run ADD COLUMN extra TEXT AS (hex(zeroblob(100000000)))',
  'odd value'(roll) {
    const column = columns[below(roll, columns.length)];
    return `PRAGMA ignore_check_constraints = ON; UPDATE candidate SET ${column} = ${odd[below(roll, odd.length)]} ${some}`;
  },
  'odd value of any type'(roll) {
    const column = columns[below(roll, columns.length)];
    return `${lax('candidate')} PRAGMA ignore_check_constraints = ON;
      UPDATE candidate SET ${column} = ${odd[below(roll, odd.length)]} ${some}`;
  },
  'odd value of the run'(roll) {
    const column = runColumns[below(roll, runColumns.length)];
    return `PRAGMA ignore_check_constraints = ON; UPDATE run SET ${column} = ${odd[below(roll, odd.length)]}`;
  },
  'odd details'(roll) {
    const column = ['layers', 'runs_ms'][below(roll, 2)];
    return `UPDATE candidate_detail SET ${column} = ${odd[below(roll, odd.length)]} ${some}`;
  },
  'other number'(roll) {
    return `UPDATE candidate SET ${['zico', 'bias', 'zico_capped'][below(roll, 3)]} = ${roll() * 100} ${some}`;
  },
  'lost candidate': () => `DELETE FROM candidate ${some}`,
  'renumbered candidate': (roll) => `UPDATE candidate SET id = ${below(roll, 2 ** 31)} ${some}`,
  'other version': (roll) => `PRAGMA user_version = ${below(roll, 10) - 1}`,
  'two runs': () => 'PRAGMA ignore_check_constraints = ON; UPDATE run SET one = 2',
};

/** The kinds of damage; one in three is a single flipped bit. */
export const damages: readonly string[] = [...Object.keys(onBytes), ...Object.keys(bySql)];

/**
 * Writes a damaged copy of a closed run.
 * @param number of the trial; the same number gives the same damage
 * @returns a description of the damage
 */
export function damagedCopy(file: string, copy: string, number: number): string {
  const roll = dice('damage', number);
  const how = number % 3 === 0 ? 'flip' : damages[below(roll, damages.length)]!;
  const bytes = readFileSync(file);
  const edit = onBytes[how];
  writeFileSync(copy, edit ? (edit(bytes, roll) ?? bytes) : bytes);
  if (edit === undefined) {
    const connection = new Connection(copy, 'write');
    try {
      connection.execute(`PRAGMA foreign_keys = OFF; ${bySql[how]!(roll)}`);
    } catch {
      // SQLite refuses this damage: the copy stays as it was up to here.
    }
    connection.release();
  }
  return how;
}
