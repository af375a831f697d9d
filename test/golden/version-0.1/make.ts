/**
 * Made the records beside it, with the built program of version 0.1: `node make.ts DIST/main/cli.js`.
 * It is kept to show how; a later version must not make them again, since they say what 0.1 did.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import {
  recorded,
  recordedCommands,
  recordedRuns,
  recordOf,
  rowsOf,
  searchArguments,
  type Answer,
} from '../version-0.1.ts';

const program = process.argv.slice(2)[0]!;
const folder = mkdtempSync(path.join(tmpdir(), 'zico-records-'));
const runs = mkdtempSync(path.join(tmpdir(), 'zico-recorded-runs-'));
const places = { out: folder, runs, records: recorded, golden: path.dirname(recorded) };
const inRecords = (...parts: string[]) => path.join(recorded, ...parts);
const write = (file: string, value: object) =>
  writeFileSync(inRecords(file), `${JSON.stringify(value, null, 1)}\n`);

function zico(args: readonly string[]): Promise<Answer> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout })));
}

/** Candidates that are committed in a file somebody writes: a copy of it and its log is opened. */
function committed(file: string): number {
  if (!existsSync(`${file}-wal`)) return 0;
  const copy = path.join(mkdtempSync(path.join(folder, 'peek-')), 'run');
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
  try {
    const database = new Database(copy);
    const rows = database.prepare('SELECT count(*) AS n FROM candidate').all([]) as { n: number }[];
    database.close();
    return rows[0]!.n;
  } catch {
    return 0; // copied while it was written
  }
}

/** Starts a search in a process group of its own and kills the group. */
function killed(args: readonly string[], file: string, after: number): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore', detached: true });
  const timer = setInterval(() => {
    if (committed(file) >= after) process.kill(-child.pid!, 'SIGKILL');
  }, 10);
  return new Promise((resolve, reject) =>
    child.on('exit', (_, signal) => {
      clearInterval(timer);
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`${file} ended before it was killed`));
    }),
  );
}

for (const run of recordedRuns) {
  const whole = path.join(runs, `${run.name}.zico`);
  const { code, stdout } = await zico(searchArguments(run, whole));
  write(
    `commands/search-${run.name}.json`,
    recordOf({ name: '', args: [] }, { code, stdout }, places),
  );
  write(`rows/${run.name}.json`, rowsOf(whole));
  const half = path.join(folder, `${run.name}.zico`);
  await killed(searchArguments(run, half), half, run.killedAfter);
  for (const suffix of ['', '-wal'])
    copyFileSync(half + suffix, inRecords('runs', `${run.name}.zico${suffix}`));
}
for (const command of recordedCommands(folder, runs))
  write(
    `commands/${command.name}.json`,
    recordOf(command, await zico([...command.args, '--json']), places),
  );
rmSync(folder, { recursive: true });
rmSync(runs, { recursive: true });
