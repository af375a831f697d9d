/** The real outside world: this process's streams and signals. */
import { productVersion } from '../version.ts';
import type { CliEnvironment } from './environment.ts';
import { exitCodes } from './errors.ts';

/**
 * The first Ctrl-C (or request to terminate) asks the command to stop, the second ends the process.
 * A reader of results that goes away (`zico spaces | head`) ends it quietly.
 */
export function processEnvironment(
  outside: Pick<CliEnvironment, 'assetsFolder' | 'openServices'>,
): CliEnvironment {
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.success);
  });
  // Nobody watches the progress any more: no reason to end a search.
  process.stderr.on('error', () => undefined);
  return {
    ...outside,
    version: productVersion,
    stdout: (text) => void process.stdout.write(text),
    stderr: {
      write: (text) => void process.stderr.write(text),
      isTTY: process.stderr.isTTY,
      columns: () => process.stderr.columns || 80,
    },
    interrupted: interruption.signal,
  };
}
