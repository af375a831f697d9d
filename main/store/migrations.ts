/** Brings a run file from the version it has to the version this program writes, step by step. */
import type { Connection } from './connection.ts';
import { runNewerVersion } from './store-errors.ts';

/** Takes a file from version i to i + 1, i being the step's place in its list. */
export type Migration = (connection: Connection) => void;

/**
 * Runs the steps that the file has not seen. The version is SQLite's `user_version`; 0 is an empty file. Call
 * it within a transaction: a step that fails must leave the file as it was.
 * Throws `run-newer-version` where the file has seen more steps than there are.
 */
export function migrate(connection: Connection, steps: readonly Migration[]): void {
  const version = Number(connection.pragma('user_version'));
  if (version > steps.length) throw runNewerVersion(connection.path);
  if (version === steps.length) return;
  for (const step of steps.slice(version)) step(connection);
  connection.pragma(`user_version = ${steps.length}`);
}
