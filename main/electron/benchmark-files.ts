/** The results of benchmarks in the user's data folder, each with a name of its own. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  readBenchmarkFile,
  writeBenchmarkFile,
  type BenchmarkRecord,
} from '../benchmark/benchmark-file.ts';
import { WorkbenchError } from '../errors.ts';

const extension = '.benchmark.json';

export class BenchmarkFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Names of all, the newest first: a name begins with the time it was made at. */
  async names(): Promise<string[]> {
    try {
      const files = await readdir(this.folder);
      const named = files.filter((file) => file.endsWith(extension) && !file.startsWith('.'));
      return named.map((file) => file.slice(0, -extension.length)).sort((a, b) => (a < b ? 1 : -1));
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
  async read(name: string): Promise<BenchmarkRecord> {
    return readBenchmarkFile(await this.#known(name));
  }

  async write(name: string, record: BenchmarkRecord): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeBenchmarkFile(path.join(this.folder, name + extension), record);
  }

  /** Throws `unknown-benchmark`. */
  async delete(name: string): Promise<void> {
    await rm(await this.#known(name));
  }

  /** Only files in the folder: a page cannot name any other. */
  async #known(name: string): Promise<string> {
    if ((await this.names()).includes(name)) return path.join(this.folder, name + extension);
    throw new WorkbenchError(
      'unknown-benchmark',
      'This benchmark is not known here.',
      'Its file may have been moved or deleted.',
    );
  }
}
