/**
 * The tables of a run file. A step that was released is never edited: a change is a new step, which also
 * rewrites the JSON of older files where that changed (an added setting gets its former behaviour).
 */
import type { Migration } from './migrations.ts';
import { sealRun } from './run-row.ts';

/** 'ZiCo', so that run files can be told from other SQLite files, by `file` as well. */
export const applicationId = 0x5a69436f;

export const migrations: readonly Migration[] = [
  (connection) => {
    connection.execute(`
      CREATE TABLE run (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        run_id TEXT NOT NULL,
        settings TEXT NOT NULL,
        data_description TEXT NOT NULL,
        product_version TEXT NOT NULL,
        created_at TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('running', 'stopped', 'finished')),
        elapsed_seconds REAL NOT NULL
      ) STRICT;

      CREATE TABLE candidate (
        id INTEGER PRIMARY KEY,
        genotype TEXT NOT NULL UNIQUE,
        generation INTEGER NOT NULL,
        parents TEXT NOT NULL,
        parameters INTEGER NOT NULL,
        macs INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('evaluated', 'failed')),
        failure_code TEXT,
        failure_message TEXT,
        failure_hint TEXT,
        zico REAL,
        zico_capped REAL,
        bias REAL,
        term_cap REAL,
        losses TEXT,
        engine TEXT,
        scoring_seconds REAL,
        latency_ms REAL,
        p90_ms REAL,
        min_ms REAL,
        latency_conditions TEXT
      ) STRICT;

      -- Apart from the candidate, so that a list of thousands reads a page where details take five.
      CREATE TABLE candidate_detail (
        id INTEGER PRIMARY KEY REFERENCES candidate (id),
        layers TEXT NOT NULL,
        runs_ms TEXT
      ) STRICT;
    `);
  },
  // The space as it was when the run began, and the resolutions of every score. Older runs were all of
  // nats-sss, which scores what it deploys.
  (connection) => {
    connection.execute(`
      ALTER TABLE run ADD COLUMN space TEXT;
      ALTER TABLE candidate ADD COLUMN resolutions TEXT;
      UPDATE candidate SET resolutions = '{"scoring":[32,32],"deployment":[32,32]}'
        WHERE status = 'evaluated';
    `);
  },
  // What people noted about candidates and runs.
  (connection) => {
    connection.execute(`
      CREATE TABLE mark (
        candidate INTEGER PRIMARY KEY REFERENCES candidate (id),
        starred INTEGER NOT NULL CHECK (starred IN (0, 1)),
        note TEXT NOT NULL
      ) STRICT;
      ALTER TABLE run ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
    `);
  },
  // What was found wrong with the data when the run began; for older runs nobody knows.
  (connection) => connection.execute('ALTER TABLE run ADD COLUMN warnings TEXT;'),
  // Who scores the run. Older runs were all scored by onnxruntime, with which a run without this continues.
  (connection) => {
    connection.execute('ALTER TABLE run ADD COLUMN scoring TEXT');
  },
  // Everything that went into a phone's measurement.
  (connection) => connection.execute('ALTER TABLE candidate_detail ADD COLUMN measurement TEXT;'),
  // Digests of rows (digest.ts). Existing rows have none, and the run says how many these are.
  (connection) => {
    connection.execute(`
      ALTER TABLE run ADD COLUMN candidates INTEGER;
      ALTER TABLE run ADD COLUMN failed INTEGER;
      ALTER TABLE run ADD COLUMN without_digest INTEGER;
      ALTER TABLE run ADD COLUMN candidates_digest INTEGER;
      ALTER TABLE run ADD COLUMN digest INTEGER;
      ALTER TABLE candidate ADD COLUMN digest INTEGER;
      ALTER TABLE candidate ADD COLUMN rest_digest INTEGER;
      ALTER TABLE candidate_detail ADD COLUMN digest INTEGER;
      ALTER TABLE mark ADD COLUMN digest INTEGER;
    `);
    connection.execute(`
      UPDATE run SET candidates_digest = 0, candidates = (SELECT COUNT(*) FROM candidate),
        without_digest = (SELECT COUNT(*) FROM candidate),
        failed = (SELECT COUNT(*) FROM candidate WHERE status = 'failed');
    `);
    sealRun(connection);
  },
  // Networks that a person had scored besides what the search proposed; and of every
  // candidate counts and second opinions, and the bias in every way of counting it, which nobody knows of older ones.
  (connection) => {
    connection.execute(`
      CREATE TABLE extra (
        id INTEGER PRIMARY KEY,
        genotype TEXT NOT NULL UNIQUE,
        generation INTEGER NOT NULL,
        parents TEXT NOT NULL,
        parameters INTEGER NOT NULL,
        macs INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('evaluated', 'failed')),
        failure_code TEXT,
        failure_message TEXT,
        failure_hint TEXT,
        zico REAL,
        zico_capped REAL,
        bias REAL,
        latency_ms REAL,
        facts TEXT,
        bias_deployment_live REAL,
        bias_deployment_all REAL,
        bias_scoring_live REAL,
        bias_scoring_all REAL,
        term_cap REAL,
        losses TEXT,
        engine TEXT,
        scoring_seconds REAL,
        p90_ms REAL,
        min_ms REAL,
        latency_conditions TEXT,
        resolutions TEXT,
        digest INTEGER,
        rest_digest INTEGER
      ) STRICT;
      CREATE TABLE extra_detail (
        id INTEGER PRIMARY KEY REFERENCES extra (id),
        layers TEXT NOT NULL,
        runs_ms TEXT,
        measurement TEXT,
        digest INTEGER
      ) STRICT;

      ALTER TABLE candidate ADD COLUMN facts TEXT;
      ALTER TABLE candidate ADD COLUMN bias_deployment_live REAL;
      ALTER TABLE candidate ADD COLUMN bias_deployment_all REAL;
      ALTER TABLE candidate ADD COLUMN bias_scoring_live REAL;
      ALTER TABLE candidate ADD COLUMN bias_scoring_all REAL;
    `);
  },
  // Networks of spaces in code, which nothing but their code could build again.
  (connection) => {
    connection.execute(`
      ALTER TABLE candidate ADD COLUMN genes TEXT;
      ALTER TABLE candidate_detail ADD COLUMN network TEXT;
      ALTER TABLE extra ADD COLUMN genes TEXT;
      ALTER TABLE extra_detail ADD COLUMN network TEXT;
    `);
  },
  // What became of candidates that a person trained.
  (connection) => {
    connection.execute(`
      CREATE TABLE trained (
        candidate INTEGER PRIMARY KEY REFERENCES candidate (id),
        model_digest TEXT NOT NULL,
        model_name TEXT NOT NULL,
        accuracy REAL NOT NULL,
        metric TEXT NOT NULL,
        data TEXT NOT NULL,
        new_head INTEGER,
        attached_at TEXT NOT NULL,
        float32_latency TEXT,
        int8_latency TEXT,
        digest INTEGER
      ) STRICT;
    `);
  },
  // What a person calls candidates.
  (connection) => connection.execute('ALTER TABLE mark ADD COLUMN name TEXT;'),
];
