/** The error for requests that contradict themselves or cannot be met. */
import { WorkbenchError } from '../errors.ts';

export function badArguments(message: string, hint: string): WorkbenchError {
  return new WorkbenchError('bad-arguments', message, hint);
}
