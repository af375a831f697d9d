/** Finds a runtime bundle, where it was built or in the package. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  bundlesFolder,
  manifestName,
  packedFolder,
  readBundle,
  type BundleKind,
  type RunnerBundle,
} from './bundles.ts';
import { unpackBundle } from './packed.ts';

/** Unpacked once per process: later callers wait for the same result. */
const unpacking = new Map<BundleKind, Promise<RunnerBundle>>();

/**
 * @param folder where the bundles are; by default dist/runner or the package
 * @throws WorkbenchError `runner-not-built`, what `unpackBundle` throws
 */
export async function findBundle(kind: BundleKind, folder?: string): Promise<RunnerBundle> {
  const packed = path.join(packedFolder(), kind);
  const built = path.join(folder ?? bundlesFolder(), kind, manifestName);
  if (folder !== undefined || existsSync(built) || !existsSync(path.join(packed, manifestName))) {
    return readBundle(kind, folder);
  }
  let found = unpacking.get(kind);
  if (!found) {
    found = unpackBundle(kind, packed);
    unpacking.set(kind, found);
    // A failure may be temporary, such as a full disk, so the next caller tries again.
    found.catch(() => unpacking.delete(kind));
  }
  return found;
}
