/**
 * Which files have been checked in this process and not changed since: a run is opened many times while it is
 * viewed, and its pages need not be checked each time.
 */
import { statSync } from 'node:fs';

/** `read`: the tables that are read. `whole`: also the free pages and indices, which additions change. */
export type CheckedExtent = 'read' | 'whole';

const checked = new Map<string, { readonly stamp: string; readonly extent: CheckedExtent }>();
const mostKept = 1000;

/** A file that changed this recently may change again without its timestamps showing it. */
const settledMs = 2000;

/** For the file at a real path. */
export function isVerified(file: string, extent: CheckedExtent): boolean {
  const known = checked.get(file);
  if (known === undefined || known.stamp !== stampOf(file)) return false;
  return known.extent === 'whole' || extent === 'read';
}

export function setVerified(file: string, extent: CheckedExtent): void {
  if (isVerified(file, extent)) return;
  checked.delete(file);
  const { mtimeMs, ctimeMs } = statSync(file);
  if (Date.now() - Math.max(mtimeMs, ctimeMs) < settledMs) return;
  if (checked.size >= mostKept) checked.clear();
  checked.set(file, { stamp: stampOf(file), extent });
}

/** Changes with the file; also says to another process which state of it was looked at. */
export function stampOf(file: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
