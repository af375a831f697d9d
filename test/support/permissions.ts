/** File permissions do not bind root, and some machines run tests as root. */

/** Runs the synchronous `work` as a user who is bound by permissions. */
export function boundByPermissions<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534); // nobody
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
