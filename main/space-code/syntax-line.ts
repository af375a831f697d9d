/** Where a file of code cannot be read: the loader of modules names the fault alone. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The line, from 1, on which Node stops reading a file of JavaScript as a module; null where it reads it, or does
 * not say. Nothing in the file is run.
 */
export function syntaxErrorLine(file: string): number | null {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--check'], {
    input: readFileSync(file),
    encoding: 'utf8',
    timeout: 10_000,
    env,
  });
  const line = /^\[stdin\]:(\d+)$/m.exec(stderr);
  return line ? Number(line[1]) : null;
}
