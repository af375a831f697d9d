/**
 * Which files have been checked in this process and not changed since: a run is opened many times while it is
 * viewed, and its pages need not be checked each time.
 */
import { statSync } from 'node:fs';

const stamps = new Map<string, string>();
const mostKept = 1000;

/** A file that changed this recently may change again without its timestamps showing it. */
const settledMs = 2000;

/** For the file at a real path. */
export function isVerified(file: string): boolean {
  return stamps.get(file) === stampOf(file);
}

export function setVerified(file: string): void {
  stamps.delete(file);
  const { mtimeMs, ctimeMs } = statSync(file);
  if (Date.now() - Math.max(mtimeMs, ctimeMs) < settledMs) return;
  if (stamps.size >= mostKept) stamps.clear();
  stamps.set(file, stampOf(file));
}

function stampOf(file: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
