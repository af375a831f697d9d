/** The person's own spaces: JSON files in one folder. The page knows names, never paths to open. */
import { createHash } from 'node:crypto';
import { readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { ensureFolder, writeFileAtomically } from '../atomic-write.ts';
import { readInputFile } from '../files.ts';
import { fileStem } from './run-files.ts';

const extension = '.json';
/** Far more than any description needs; the person may have picked the wrong file. */
const mostBytes = 1_000_000;

export interface OwnSpaceFile {
  /** File name without extension, which is also its name here. */
  readonly id: string;
  readonly path: string;
  /** ISO time. */
  readonly changedAt: string;
}

export interface SpaceText {
  readonly text: string;
  /** Identifies the contents. */
  readonly version: string;
}

export class OwnSpaces {
  readonly folder: string;
  readonly #builtIn: readonly string[];

  /** @param builtIn names that a person's own space must not have, since runs use them to name spaces */
  constructor(folder: string, builtIn: readonly string[] = []) {
    this.folder = folder;
    this.#builtIn = builtIn;
  }

  /** Sorted by name. */
  async list(): Promise<OwnSpaceFile[]> {
    const names = await this.#names();
    const files = await Promise.all(
      names.map(async (id): Promise<OwnSpaceFile | null> => {
        const file = this.#path(id);
        const found = await stat(file).catch(() => null); // it may have just disappeared
        if (!found?.isFile()) return null;
        return { id, path: file, changedAt: found.mtime.toISOString() };
      }),
    );
    return files.filter((file) => file !== null);
  }

  /** Throws `unknown-own-space`, `file-not-readable`, `space-too-large`. */
  async read(id: string): Promise<SpaceText> {
    return readText(await this.pathOf(id));
  }

  /** A new file of that name, or of the next free one. Returns its id. */
  async create(name: string, text: string): Promise<string> {
    await ensureFolder(this.folder);
    const id = await this.#freeName(fileStem(name));
    await this.#write(id, text);
    return id;
  }

  /** Returns the new version. Throws `space-changed` where the file is not that version any more. */
  async write(id: string, text: string, version: string): Promise<string> {
    await this.#assertVersion(id, version);
    return this.#write(id, text);
  }

  /** Returns the new id. Throws `space-name-taken`, `space-changed`. */
  async rename(id: string, name: string, text: string, version: string): Promise<string> {
    await this.#assertVersion(id, version);
    const renamed = fileStem(name);
    if (renamed !== id) {
      const taken = (await this.#taken()).some((one) => sameName(one, renamed));
      if (taken && !sameName(renamed, id)) {
        throw new WorkbenchError(
          'space-name-taken',
          `There is another space called ${renamed}.`,
          'Choose another name.',
        );
      }
      await rename(this.#path(id), this.#path(renamed));
    }
    await this.#write(renamed, text);
    return renamed;
  }

  /** Copies a file from anywhere. Throws what reading throws. */
  async import(file: string): Promise<string> {
    const { text } = await readText(file);
    return this.create(path.basename(file).replace(/\.json$/i, ''), text);
  }

  /** Throws `unknown-own-space` for a name that no file of the folder has. */
  async pathOf(id: string): Promise<string> {
    if ((await this.#names()).includes(id)) return this.#path(id);
    throw new WorkbenchError(
      'unknown-own-space',
      `There is no space ${id} among your own.`,
      'Its file may have been moved or deleted.',
    );
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []; // nobody has made a space yet
      throw error;
    });
    return names
      .filter((name) => name.endsWith(extension) && !name.startsWith('.'))
      .map((name) => name.slice(0, -extension.length))
      .sort((one, other) => one.localeCompare(other));
  }

  async #taken(): Promise<readonly string[]> {
    return [...this.#builtIn, ...(await this.#names())];
  }

  async #freeName(stem: string): Promise<string> {
    const taken = await this.#taken();
    let name = stem;
    for (let n = 2; taken.some((one) => sameName(one, name)); n += 1) name = `${stem}-${n}`;
    return name;
  }

  #path(id: string): string {
    return path.join(this.folder, id + extension);
  }

  async #write(id: string, text: string): Promise<string> {
    await writeFileAtomically(this.#path(id), Buffer.from(text));
    return versionOf(text);
  }

  async #assertVersion(id: string, version: string): Promise<void> {
    if ((await this.read(id)).version === version) return;
    throw new WorkbenchError(
      'space-changed',
      `The file of ${id} was changed by another program since it was opened here.`,
      'Export your version to another file, then discard it here to see the other one.',
    );
  }
}

/** Some file systems are case-sensitive, some are not. */
function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function readText(file: string): Promise<SpaceText> {
  const bytes = await readInputFile(file);
  if (bytes.byteLength > mostBytes) {
    throw new WorkbenchError(
      'space-too-large',
      `${file} is too large for the description of a space.`,
      `A description has at most ${mostBytes} bytes; choose another file.`,
    );
  }
  const text = new TextDecoder().decode(bytes);
  return { text, version: versionOf(text) };
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
