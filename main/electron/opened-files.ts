/** Run files that the system hands over: a double click, a file dropped onto the icon, an argument. */
import path from 'node:path';
import type { App } from 'electron';
import { runFileExtension } from '../store/run-file.ts';

/** Files wait here until the page asks, since at the start there is no page yet. */
export class OpenedFiles {
  readonly #waiting: string[] = [];
  readonly #arrived: () => void;

  /** @param arrived called after every addition: the page may ask now */
  constructor(arrived: () => void) {
    this.#arrived = arrived;
  }

  add(files: readonly string[]): void {
    if (files.length === 0) return;
    this.#waiting.push(...files);
    this.#arrived();
  }

  /** The latest file, since one window shows one run; null when none is waiting. */
  take(): string | null {
    return this.#waiting.splice(0).at(-1) ?? null;
  }
}

/**
 * The run files among a program's arguments, as absolute paths.
 * @param folder to which relative names refer
 */
export function runFilesOf(argv: readonly string[], folder: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && argument.endsWith(runFileExtension))
    .map((argument) => path.resolve(folder, argument));
}

/** Windows and Linux start the program (again) with the file as argument; macOS sends an event. */
export function hearOpenedFiles(app: App, files: OpenedFiles): void {
  files.add(runFilesOf(process.argv, process.cwd()));
  app.on('second-instance', (_event, argv, folder) => files.add(runFilesOf(argv, folder)));
  app.on('open-file', (event, file) => {
    event.preventDefault();
    files.add([file]);
  });
}
