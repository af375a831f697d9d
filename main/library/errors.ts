/** Errors of the library: every one has a code, a message and a hint. */
import { reportOf, WorkbenchError } from '../errors.ts';

/**
 * What a call rejects with, whatever went wrong: a WorkbenchError. An abort is `aborted`, with the signal's reason as
 * its cause; an unforeseen error is `internal`, with the error as its cause.
 */
export function typedError(error: unknown, signal?: AbortSignal): WorkbenchError {
  if (signal?.aborted) {
    const cause: unknown = signal.reason;
    return new WorkbenchError('aborted', 'Stopped before the end.', 'Call it again.', { cause });
  }
  if (error instanceof WorkbenchError) return error;
  const { code, message, hint } = reportOf(error);
  return new WorkbenchError(code, message, hint, { cause: error });
}
