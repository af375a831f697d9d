import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection } from '../../../main/store/connection.ts';
import { migrate, type Migration } from '../../../main/store/migrations.ts';
import { migrations } from '../../../main/store/schema.ts';

let folder: string;
let connection: Connection;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-migrations-'));
  connection = new Connection(path.join(folder, 'file'), 'create');
});
afterEach(() => {
  connection.release();
  rmSync(folder, { recursive: true, force: true });
});

const steps: readonly Migration[] = [
  (c) => {
    c.execute('CREATE TABLE phone (name TEXT) STRICT');
  },
  (c) => {
    c.execute('ALTER TABLE phone ADD COLUMN cores INTEGER');
    c.run('UPDATE phone SET cores = ?', [8]);
  },
  (c) => {
    c.execute('ALTER TABLE phone RENAME COLUMN name TO model');
  },
];
const apply = (list: readonly Migration[]): void =>
  connection.transaction(() => migrate(connection, list));

describe('migrations', () => {
  it.each([1, 2, 3])(
    'take a file of version %d to the current one and keep its content',
    (from) => {
      apply(steps.slice(0, from));
      const column = from === 3 ? 'model' : 'name';
      connection.run(`INSERT INTO phone (${column}) VALUES (?)`, ['S10']);
      apply(steps);
      expect(connection.pragma('user_version')).toBe(3);
      expect(connection.all('SELECT * FROM phone')).toEqual([
        { model: 'S10', cores: from === 1 ? 8 : null },
      ]);
    },
  );

  it('do nothing to a file that is current', () => {
    apply(steps);
    apply(steps.map(() => () => expect.unreachable()));
    expect(connection.pragma('user_version')).toBe(3);
  });

  it('leave a file as it was where a step fails', () => {
    apply(steps.slice(0, 1));
    const failing = [
      ...steps.slice(0, 2),
      () => {
        throw new Error('step 3');
      },
    ];
    expect(() => apply(failing)).toThrow('step 3');
    expect(connection.pragma('user_version')).toBe(1);
    expect(connection.all('PRAGMA table_info(phone)').map(({ name }) => name)).toEqual(['name']);
  });

  it('refuse a file that has seen more of them', () => {
    apply(steps);
    expect(() => apply(steps.slice(0, 2))).toThrow(
      expect.objectContaining({ code: 'run-newer-version' }),
    );
  });

  it('of run files lead from an empty file to the tables the store uses', () => {
    apply(migrations);
    const tables = connection.all('SELECT name FROM sqlite_schema WHERE type = ?', ['table']);
    expect(tables.map(({ name }) => name)).toEqual([
      'run',
      'candidate',
      'candidate_detail',
      'mark',
      'extra',
      'extra_detail',
      'trained',
    ]);
  });
});
