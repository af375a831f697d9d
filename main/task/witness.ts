/**
 * What a data set was opened from: how far opening has got, and whether any of it has changed since.
 *
 * Kinds of data list folders and read files many calls deep, and none of these calls should have to pass a
 * listener on: whatever looks at a folder or file notes it here, in the context in which opening or reading
 * runs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataProgress } from '../common/data-progress.ts';
import { WorkbenchError } from '../errors.ts';
import type { DataProblem } from './batches.ts';

export type HearProgress = (progress: DataProgress) => void;

/** People do not read any faster. */
const progressIntervalMs = 200;
/**
 * A file that was changed this shortly before it was looked at may be changed again within the same tick of the
 * file system's clock.
 */
const youngMs = 2000;

interface Stamp {
  readonly mtimeMs: number;
  readonly size: number;
}

const at = new AsyncLocalStorage<{ readonly witness: Witness; readonly opening: boolean }>();

export class Witness {
  readonly #hear: HearProgress;
  #openedAt = Date.now();
  #toldAt = performance.now();
  #names = 0;
  /** Folders and files that were looked at while opening. */
  readonly #seen = new Map<string, Stamp>();
  /** Files that had been changed after the listing when they were read. */
  readonly #younger = new Set<string>();

  constructor(hear: HearProgress = () => undefined) {
    this.#hear = hear;
  }

  /** Runs what opens the data set. */
  opening<T>(work: () => Promise<T>): Promise<T> {
    this.#openedAt = Date.now();
    return at.run({ witness: this, opening: true }, work);
  }

  /** Runs what reads images of the data set. Throws `data-changed-meanwhile` and what that throws. */
  reading<T>(work: () => Promise<T>): Promise<T> {
    return at.run({ witness: this, opening: false }, work);
  }

  /** What has changed since the data set was opened. */
  async changes(): Promise<readonly DataProblem[]> {
    const changed: DataProblem[] = [...this.#younger].map((file) => ({
      file,
      reason: 'was changed after its folder was listed',
    }));
    for (const [entry, then] of this.#seen) {
      const now = await stat(entry).catch(() => null);
      if (now?.mtimeMs === then.mtimeMs && now.size === then.size) continue;
      const reason =
        now === null
          ? 'is no longer there'
          : now.isDirectory()
            ? 'has other files than when it was listed: what was added is not among the images'
            : 'was changed after it was read';
      changed.push({ file: entry, reason });
    }
    return changed;
  }

  /** Whether opening again would find the same. */
  async isCurrent(): Promise<boolean> {
    for (const { mtimeMs } of this.#seen.values()) {
      if (mtimeMs > this.#openedAt - youngMs) return false;
    }
    return (await this.changes()).length === 0;
  }

  progress(progress: DataProgress): void {
    const now = performance.now();
    if (now - this.#toldAt < progressIntervalMs) return;
    this.#toldAt = now;
    this.#hear(progress);
  }

  names(more: number): void {
    this.#names += more;
    this.progress({ doing: 'listing', names: this.#names });
  }

  saw(entry: string, { mtimeMs, size }: Stamp): void {
    // For a file that is read several times the first look counts.
    if (!this.#seen.has(entry)) this.#seen.set(entry, { mtimeMs, size });
  }

  /** For a file whose parts were located while opening: something else is at those places now. */
  assertUnchanged(file: string, { mtimeMs, size }: Stamp): void {
    const then = this.#seen.get(file);
    if (!then || (then.mtimeMs === mtimeMs && then.size === size)) return;
    throw new WorkbenchError(
      'data-changed-meanwhile',
      `${file} was changed after it was opened.`,
      'Start again once nothing writes to it any more.',
    );
  }

  read(file: string, { mtimeMs }: Stamp): void {
    // A time in the future proves nothing: other computers' clocks may be wrong.
    if (mtimeMs > this.#openedAt && mtimeMs <= Date.now()) this.#younger.add(file);
  }
}

/** The names in a folder were read. */
export function noteNames(more: number): void {
  at.getStore()?.witness.names(more);
}

/** A folder is about to be listed. */
export function noteFolder(folder: string, info: Stamp): void {
  const here = at.getStore();
  if (here?.opening) here.witness.saw(folder, info);
}

/** A file is read as a whole. */
export async function noteFile(file: string): Promise<void> {
  const here = at.getStore();
  if (!here) return;
  const info = await stat(file);
  if (here.opening) here.witness.saw(file, info);
  else here.witness.read(file, info);
}

/** A file has been opened, and parts of it are read. Throws `data-changed-meanwhile`. */
export function noteParts(file: string, info: Stamp): void {
  const here = at.getStore();
  if (here?.opening) here.witness.saw(file, info);
  else here?.witness.assertUnchanged(file, info);
}

/** That much of a file has been read. */
export function noteBytes(file: string, bytes: number): void {
  at.getStore()?.witness.progress({ doing: 'reading', file: path.basename(file), bytes });
}
