/** A message of a forked Node to its parent. */

/**
 * A parent that was killed leaves a pipe that nobody reads: the child ends by itself when it hears of that
 * (`disconnect`), and what it still had to say is nobody's fault and no error.
 */
export function sendToParent(message: unknown): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
