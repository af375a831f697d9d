/** The real outside world: this process's streams and signals. */
import { productVersion } from '../version.ts';
import type { CliEnvironment } from './environment.ts';
import { exitCodes } from './errors.ts';

/**
 * The first Ctrl-C (or SIGTERM) asks the command to stop; the second ends the process.
 * If the reader of the results goes away (`zico spaces | head`), the process ends quietly.
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
  process.stdout.on('error', endUnwritten);
  // Losing the audience for progress is no reason to end a search.
  process.stderr.on('error', () => undefined);
  return {
    ...outside,
    version: productVersion,
    stdout(text) {
      try {
        process.stdout.write(text);
      } catch (error) {
        endUnwritten(error as Error); // writing to a file is synchronous and throws
      }
    },
    stdin: () => process.stdin,
    stderr: {
      write: (text) => void process.stderr.write(text),
      isTTY: process.stderr.isTTY,
      columns: () => process.stderr.columns || 80,
    },
    interrupted: interruption.signal,
  };
}

/** A reader that goes away has what it wanted; a full disk loses the result, which is an error. */
function endUnwritten(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(exitCodes.success);
  process.stderr.write(
    `zico: The result could not be written to standard output: ${error.message}.\n` +
      'Free some space, or send it somewhere else.\n',
  );
  process.exit(exitCodes.failure);
}
