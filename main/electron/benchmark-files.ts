/** The results of benchmarks in the user's data folder, each with a name of its own. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { RecordFile } from '../benchmark/record-file.ts';
import { WorkbenchError } from '../errors.ts';

export class BenchmarkFiles<R> {
  readonly folder: string;
  readonly #extension: string;
  readonly #file: RecordFile<R>;

  /** @param extension of the files of this kind, with its dot */
  constructor(folder: string, extension: string, file: RecordFile<R>) {
    this.folder = folder;
    this.#extension = extension;
    this.#file = file;
  }

  /** Names of all, the newest first: a name begins with the time it was made at. */
  async names(): Promise<string[]> {
    try {
      const files = await readdir(this.folder);
      const named = files.filter((file) => file.endsWith(this.#extension) && !file.startsWith('.'));
      return named
        .map((file) => file.slice(0, -this.#extension.length))
        .sort((a, b) => (a < b ? 1 : -1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** A name that sorts by time and is not taken. */
  async newName(createdAt: string): Promise<string> {
    const stem = createdAt.replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z');
    const taken = new Set(await this.names());
    let name = stem;
    for (let n = 2; taken.has(name); n += 1) name = `${stem}-${n}`;
    return name;
  }

  /** Throws `unknown-benchmark`, and what reading the file throws. */
  async read(name: string): Promise<R> {
    return await this.#file.read(await this.#known(name));
  }

  async write(name: string, record: R): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await this.#file.write(this.#pathOf(name), record);
  }

  /** Throws `unknown-benchmark`. */
  async delete(name: string): Promise<void> {
    await rm(await this.#known(name));
  }

  #pathOf(name: string): string {
    return path.join(this.folder, name + this.#extension);
  }

  /** Only files in the folder: a page cannot name any other. */
  async #known(name: string): Promise<string> {
    if ((await this.names()).includes(name)) return this.#pathOf(name);
    throw new WorkbenchError(
      'unknown-benchmark',
      'This benchmark is not known here.',
      'Its file may have been moved or deleted.',
    );
  }
}
