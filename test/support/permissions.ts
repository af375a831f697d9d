/** File permissions do not bind root, and some machines run tests as root. */

/** Runs `work` (synchronous) as a user whom permissions bind. */
export function boundByPermissions<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534); // nobody
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
