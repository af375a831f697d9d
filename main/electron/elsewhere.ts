/** Run files that were opened from outside the app's own folder: a small file remembers them for the next start. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeSmallFileAtomically } from '../atomic-write.ts';
import { logError } from './log.ts';

const stored = z.array(z.string().min(1));
/** The oldest are forgotten beyond that: a list is for what somebody still works with. */
const most = 100;

export interface RunsElsewhere {
  /** Paths, the latest last. */
  list(): readonly string[];
  remember(path: string): void;
  forget(path: string): void;
}

export class ElsewhereFile implements RunsElsewhere {
  readonly #file: string;
  readonly #tellSystem: (path: string) => void;
  #paths: readonly string[];

  /**
   * If the file is missing or damaged, nothing is remembered.
   * @param tellSystem of each run that is opened, for its own lists
   */
  constructor(file: string, tellSystem: (path: string) => void = () => undefined) {
    this.#file = file;
    this.#tellSystem = tellSystem;
    this.#paths = read(file);
  }

  list(): readonly string[] {
    return this.#paths;
  }

  remember(path: string): void {
    this.#tellSystem(path);
    this.#set([...this.#paths.filter((one) => one !== path), path].slice(-most));
  }

  forget(path: string): void {
    if (this.#paths.includes(path)) this.#set(this.#paths.filter((one) => one !== path));
  }

  #set(paths: readonly string[]): void {
    if (paths.join('\0') === this.#paths.join('\0')) return;
    this.#paths = paths;
    try {
      writeSmallFileAtomically(this.#file, JSON.stringify(paths, null, 2));
    } catch (error) {
      logError('Which runs were opened could not be stored', error); // they are listed until the end
    }
  }
}

function read(file: string): readonly string[] {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8'))).slice(-most);
  } catch {
    return [];
  }
}
