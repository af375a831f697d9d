/** Runs one program for the tooling and waits for it. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** After this long the program is killed and the promise rejects. */
  readonly limitMs?: number;
}

/**
 * Resolves when the program has ended well.
 *
 * @throws Error that names the program and carries the end of what it wrote, when it is missing, fails
 *   or takes longer than `limitMs`
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<void> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.limitMs,
    killSignal: 'SIGKILL',
  });
  const name = path.basename(program);
  let written = '';
  const keep = (chunk: Buffer): void => {
    written = (written + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  await new Promise<void>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'ENOENT' ? 'is not installed' : `could not start: ${error.message}`;
      reject(new Error(`${name} ${reason}.`, { cause: error }));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else if (signal && options.limitMs !== undefined) {
        reject(new Error(`${name} was stopped after ${options.limitMs / 1000} s.`));
      } else {
        reject(new Error(`${name} ended with ${signal ?? `code ${code}`}:\n${written.trim()}`));
      }
    });
  });
}
