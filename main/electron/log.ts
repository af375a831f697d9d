/** What the window's process writes to the terminal that it was started from, if there is one. */
import { inspect } from 'node:util';
import { shown } from '../common/shown.ts';

/** Messages and stacks name files, layers and classes of the person's, any of which might steer a terminal. */
export function logError(what: string, error: unknown): void {
  console.error(shown(`${what}: ${inspect(error)}`));
}
