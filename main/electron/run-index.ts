/**
 * What the list of runs shows of each file: read from the run once as long as the file does not change, and kept
 * across sessions, so that a folder of hundreds is listed at once.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { runSummary, type RunSummary } from '../../preload/contract.ts';
import { writeSmallFileAtomically } from '../atomic-write.ts';
import { fileStampOf } from './file-stamp.ts';

/** More than anybody keeps in a folder. */
const mostKept = 5000;

const kept = z.object({ stamp: z.string(), summary: runSummary });
type Kept = Readonly<z.infer<typeof kept>>;

export class RunIndex {
  readonly #file: string | null;
  #known: Map<string, Kept> | null = null;
  #changed = false;

  /** @param file where it is kept; null keeps it for this session alone */
  constructor(file: string | null) {
    this.#file = file;
  }

  /**
   * @param read opens the run
   * Throws what that throws; nothing is kept then.
   */
  async of(path: string, read: () => Promise<RunSummary>): Promise<RunSummary> {
    const stamp = fileStampOf(path);
    const found = this.#all.get(path);
    if (found && found.stamp === stamp) return found.summary;
    const summary = await read();
    if (stamp !== null && stamp === fileStampOf(path)) this.#keep(path, { stamp, summary });
    return summary;
  }

  /** Writes down what is new. @param paths all that are listed; others are forgotten */
  save(paths: readonly string[]): void {
    const there = new Set(paths);
    for (const path of this.#all.keys()) {
      if (!there.has(path) || this.#all.size > mostKept) this.#changed = this.#all.delete(path);
    }
    if (!this.#changed || this.#file === null) return;
    this.#changed = false;
    try {
      writeSmallFileAtomically(this.#file, JSON.stringify(Object.fromEntries(this.#all)));
    } catch {
      // It only caches what can be read again.
    }
  }

  get #all(): Map<string, Kept> {
    this.#known ??= read(this.#file);
    return this.#known;
  }

  #keep(path: string, found: Kept): void {
    this.#all.set(path, found);
    this.#changed = true;
  }
}

/** Anything that is not an index of ours, or of another version of the product, is read anew. */
function read(file: string | null): Map<string, Kept> {
  if (file === null) return new Map();
  try {
    const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(
      Object.entries(stored as Record<string, unknown>).flatMap(([path, one]) => {
        const parsed = kept.safeParse(one);
        return parsed.success ? [[path, parsed.data] as const] : [];
      }),
    );
  } catch {
    return new Map();
  }
}
