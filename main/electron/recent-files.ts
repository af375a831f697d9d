/** Run files that were opened from outside of the runs folder, the latest first: a small file beside the preferences. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeSmallFileAtomically } from '../atomic-write.ts';

const mostFiles = 10;
const stored = z.object({ version: z.literal(1), files: z.array(z.string()) });

export class RecentFiles {
  readonly #file: string;
  readonly #tellSystem: (file: string) => void;
  #paths: readonly string[];

  /**
   * A file that is missing or damaged counts as none.
   * @param tellSystem of each file that is opened, for its own lists
   */
  constructor(file: string, tellSystem: (file: string) => void = () => undefined) {
    this.#file = file;
    this.#tellSystem = tellSystem;
    try {
      this.#paths = stored.parse(JSON.parse(readFileSync(file, 'utf8'))).files.slice(0, mostFiles);
    } catch {
      this.#paths = [];
    }
  }

  /** Those that are still there. */
  list(): readonly string[] {
    return this.#paths.filter((file) => existsSync(file));
  }

  add(file: string): void {
    const absolute = path.resolve(file);
    this.#tellSystem(absolute);
    this.#keep([absolute, ...this.#paths.filter((one) => one !== absolute)]);
  }

  /** The file has another name now. */
  renamed(from: string, to: string): void {
    this.#keep(this.#paths.map((one) => (one === from ? to : one)));
  }

  #keep(paths: readonly string[]): void {
    this.#paths = paths.slice(0, mostFiles);
    try {
      writeSmallFileAtomically(this.#file, JSON.stringify({ version: 1, files: this.#paths }));
    } catch {
      // Nothing is lost but a short way to a file.
    }
  }
}
