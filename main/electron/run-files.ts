/** Which run files the window may refer to, and by what name. The page never sees or sends a path to open. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { mostNameLength, withoutUnfit } from '../common/file-names.ts';
import { WorkbenchError } from '../errors.ts';
import { runFileExtension } from '../store/run-file.ts';
import type { RunsElsewhere } from './elsewhere.ts';

/** In a menu: older ones are in the list of runs. */
const mostRecent = 10;

/** A run by its name of the moment, for what goes on while somebody renames it. */
export interface FollowedRun {
  readonly run: string;
  /** Where its file lies. */
  readonly path: string;
}

export class RunFiles {
  readonly folder: string;
  readonly #paths = new Map<string, string>();
  readonly #followed = new Set<{ run: string; path: string }>();
  readonly #renames = new Set<Promise<unknown>>();
  readonly #elsewhere: RunsElsewhere | null;

  /** @param elsewhere remembers runs from outside the folder for the next start */
  constructor(folder: string, elsewhere: RunsElsewhere | null = null) {
    this.folder = folder;
    this.#elsewhere = elsewhere;
    for (const file of elsewhere?.list() ?? []) this.register(file);
  }

  /** A run that could be opened is listed at the next start as well, wherever it lies. */
  remember(run: string): void {
    const file = this.#paths.get(run);
    if (file !== undefined && path.dirname(file) !== path.resolve(this.folder)) {
      this.#elsewhere?.remember(file);
    }
  }

  /** Files that were opened from outside the folder and are still there, the latest first. */
  recent(): readonly string[] {
    const there = (this.#elsewhere?.list() ?? []).filter((file) => existsSync(file));
    return there.toReversed().slice(0, mostRecent);
  }

  /** The file's opaque name; the same file has the same name in every session. */
  register(file: string): string {
    const absolute = path.resolve(file);
    const run = runIdOf(absolute);
    this.#paths.set(run, absolute);
    return run;
  }

  /** Whether the file has a name already. */
  knows(file: string): boolean {
    return this.#paths.has(runIdOf(file));
  }

  /** Throws `unknown-run` for a name that this app has not given out. */
  async pathOf(run: string): Promise<string> {
    const known = this.#paths.get(run);
    if (known !== undefined) return known;
    await this.all(); // a name from an earlier session
    const found = this.#paths.get(run);
    if (found !== undefined) return found;
    throw new WorkbenchError(
      'unknown-run',
      'This run is not known here.',
      'Its file may have been moved or deleted. Open it with “Open file…”.',
    );
  }

  /**
   * Works on a run that somebody may rename meanwhile: what is asked of `followed` is true at that moment.
   * Throws `unknown-run`.
   */
  async follow<T>(run: string, work: (followed: FollowedRun) => Promise<T>): Promise<T> {
    const followed = { run, path: await this.pathOf(run) };
    this.#followed.add(followed);
    try {
      return await work(followed);
    } finally {
      this.#followed.delete(followed);
    }
  }

  /** Gives a file another name; whoever needs to know where it lies can wait for that. */
  async whileRenaming<T>(work: () => Promise<T>): Promise<T> {
    const rename = work();
    this.#renames.add(rename);
    try {
      return await rename;
    } finally {
      this.#renames.delete(rename);
    }
  }

  /** Settles when the renames at work have succeeded or failed; null where there is none. */
  get renaming(): Promise<unknown> | null {
    return this.#renames.size === 0 ? null : Promise.allSettled(this.#renames);
  }

  /** The file of a run has another name. Returns what the run is called from now on. */
  renamed(run: string, to: string): string {
    this.forget(run);
    const renamed = this.register(to);
    this.remember(renamed);
    for (const followed of this.#followed) {
      if (followed.run === run) Object.assign(followed, { run: renamed, path: to });
    }
    return renamed;
  }

  nameOf(file: string): string {
    return path.parse(file).name;
  }

  /** Names of the files that lie in the folder itself. */
  async inFolder(): Promise<ReadonlySet<string>> {
    const names = await filesOf(this.folder);
    return new Set(names.map((name) => runIdOf(path.join(this.folder, name))));
  }

  /** The file is gone. */
  forget(run: string): void {
    this.#elsewhere?.forget(this.#paths.get(run) ?? '');
    this.#paths.delete(run);
  }

  /**
   * Every run of the folder and every file opened from elsewhere, the newest first. One that is gone keeps its
   * name: its search may still be at work, and whoever asks about it learns that its file is missing.
   */
  async all(): Promise<{ readonly run: string; readonly path: string }[]> {
    for (const name of await filesOf(this.folder)) {
      if (name.endsWith(runFileExtension)) this.register(path.join(this.folder, name));
    }
    const dated = await Promise.all(
      [...this.#paths].map(async ([run, file]) => ({ run, path: file, at: await changedAt(file) })),
    );
    return dated
      .filter(({ at }) => at !== null)
      .sort((first, second) => (second.at ?? 0) - (first.at ?? 0))
      .map(({ run, path }) => ({ run, path }));
  }

  /** Path of a run under another name, in the same folder. */
  async renamedPath(run: string, name: string): Promise<string> {
    const from = await this.pathOf(run);
    return path.join(path.dirname(from), fileStem(name) + runFileExtension);
  }

  /** A free path in the runs folder for a run of that title. */
  async newPath(title: string): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const stem = fileStem(title);
    const taken = new Set((await filesOf(this.folder)).map((name) => name.toLowerCase()));
    const isTaken = (name: string): boolean => taken.has(name.toLowerCase());
    let name = stem + runFileExtension;
    for (let n = 2; isTaken(name); n += 1) name = `${stem} ${n}${runFileExtension}`;
    return path.join(this.folder, name);
  }
}

/** Once more where the run was renamed while it was read: the file that was asked for is then no longer there. */
export async function throughRename<T>(
  followed: Pick<FollowedRun, 'run'>,
  read: (run: string) => Promise<T>,
): Promise<T> {
  const { run } = followed;
  try {
    return await read(run);
  } catch (error) {
    if (followed.run === run) throw error;
    return read(followed.run);
  }
}

/** The opaque name of a file. */
export function runIdOf(file: string): string {
  return createHash('sha256').update(path.resolve(file)).digest('base64url').slice(0, 22);
}

/** A name that every file system accepts: Windows forbids the most characters and names. */
export function fileStem(title: string): string {
  const plain = withoutUnfit(title)
    .replace(/^\.+|[. ]+$/g, '')
    .slice(0, mostNameLength)
    .trim();
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain);
  return plain === '' || reserved ? `Search ${plain}`.trim() : plain;
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function changedAt(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return null;
  }
}

/** Whether something can be noted in the file: SQLite writes beside it as well. A file marked read-only stays so. */
export async function isWritable(file: string): Promise<boolean> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o222) === 0) return false;
    await access(file, constants.W_OK);
    await access(path.dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
