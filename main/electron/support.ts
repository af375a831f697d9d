/** What the app keeps on this computer, and what a report of a problem says. */
import { mkdir, readdir, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { AppDescription, KeptPlace, StorageUsed } from '../../preload/contract.ts';
import { plural } from '../common/figures.ts';
import type { Handlers } from './answer.ts';

export interface SupportOptions {
  readonly folders: Readonly<Record<KeptPlace, string>>;
  readonly describe: () => AppDescription;
  readonly lastLines: (most: number) => string;
  readonly show: (folder: string) => Promise<void>;
  readonly homeFolder?: string;
}

type SupportMethod = 'support.storage' | 'support.show' | 'support.report';

/** Enough to see what came before, and little enough to be read before it is sent. */
const reportedLines = 200;

export function supportHandlers(options: SupportOptions): Pick<Handlers, SupportMethod> {
  const { folders, describe, lastLines, show } = options;
  return {
    'support.storage': async () => storageOf(folders),
    'support.show': async ({ place }) => {
      // A folder that nothing was written to yet is not there.
      await mkdir(folders[place], { recursive: true });
      await show(folders[place]);
      return null;
    },
    'support.report': async ({ messages }) => {
      const home = options.homeFolder ?? os.homedir();
      return {
        about: withoutHome(aboutThis(describe()), home),
        messages: withoutHome(messages, home),
        log: withoutHome(lastLines(reportedLines), home),
      };
    },
  };
}

function aboutThis(app: AppDescription): string {
  const { engine } = app;
  return [
    `ZiCo Workbench ${app.version}`,
    `System: ${os.type()} ${os.release()}, ${process.arch}`,
    `Electron ${app.electron}`,
    `Processor: ${app.processor}, ${plural(app.cores, 'core', 'cores')}`,
    `Memory: ${(app.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    `Engine: ${engine.name} ${engine.version}, ${plural(engine.threads, 'thread', 'threads')}`,
    ...(app.bf16Obstacle === null ? [] : [`No bf16: ${app.bf16Obstacle}`]),
  ].join('\n');
}

/** The name of an account stands in every path below its home folder. */
export function withoutHome(text: string, home: string): string {
  const parent = path.dirname(home);
  if (home === parent) return text;
  // As quoted texts have it on Windows, and as everything else does.
  const shortened = text.replaceAll(home.replaceAll('\\', '\\\\'), '~').replaceAll(home, '~');
  // As addresses have it.
  return shortened.replaceAll(encodeURI(home.replaceAll('\\', '/')), '~');
}

async function storageOf(folders: SupportOptions['folders']): Promise<StorageUsed> {
  const all = Object.entries(folders) as [KeptPlace, string][];
  const places = await Promise.all(
    all.map(async ([place, folder]) => {
      // Each of the others is counted by itself, wherever it lies.
      const others = all.filter(([other]) => other !== place).map(([, other]) => other);
      return [place, { folder, ...(await sizeOf(folder, new Set(others))) }] as const;
    }),
  );
  return {
    places: Object.fromEntries(places) as StorageUsed['places'],
    freeBytes: await freeAt(folders.runs),
  };
}

interface Size {
  readonly bytes: number;
  readonly files: number;
}

/** Of all files below a folder; what cannot be read, or is gone meanwhile, counts nothing. Links are not followed. */
async function sizeOf(folder: string, leftOut: ReadonlySet<string>): Promise<Size> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let [bytes, files] = [0, 0];
  for (const entry of entries) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory() && !leftOut.has(at)) {
      const inside = await sizeOf(at, leftOut);
      bytes += inside.bytes;
      files += inside.files;
    } else if (entry.isFile()) {
      const found = await stat(at).catch(() => null);
      bytes += found?.size ?? 0;
      files += Number(found !== null);
    }
  }
  return { bytes, files };
}

async function freeAt(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(() => null);
  return found && found.bavail * found.bsize;
}
