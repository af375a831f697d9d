/** What was asked for contradicts itself, or cannot be had. */
import { WorkbenchError } from '../errors.ts';

export function badArguments(message: string, hint: string): WorkbenchError {
  return new WorkbenchError('bad-arguments', message, hint);
}
