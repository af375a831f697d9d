import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { settingsInWords } from '../../common/settings/index.ts';
import { reportOf, WorkbenchError, type ErrorReport } from '../../errors.ts';
import { runFileExtension } from '../../store/run-file.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import type { AskedServices } from '../../asked/services.ts';
import { span, table } from '../table.ts';

interface Options {
  readonly json?: boolean;
}

/** `zico runs FOLDER`: lists the runs in a folder. */
export function addRunsCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('runs')
    .description('list the runs in a folder, the latest first')
    .argument('[folder]', 'folder with run files', 'runs')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  zico runs\n  zico runs experiments/ --json')
    .action(async (folder: string, options: Options) => {
      const files = await runFiles(folder);
      const runs = await withServices(environment, async (services) =>
        files.map((file) => describe(services, file)),
      );
      runs.sort((a, b) => created(b).localeCompare(created(a)) || a.file.localeCompare(b.file));
      print(environment, options, { folder, runs }, () => readable(folder, runs));
    });
}

/** Throws `folder-not-found` if the folder does not exist or cannot be read. */
async function runFiles(folder: string): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith(runFileExtension));
    const files = names.map((name) => path.join(folder, name));
    const kinds = await Promise.all(files.map((file) => stat(file).catch(() => null)));
    return files.filter((_, i) => kinds[i]?.isFile());
  } catch (cause) {
    throw new WorkbenchError(
      'folder-not-found',
      whyUnread(folder, cause),
      'Name a folder with run files; searches write theirs into ./runs unless told otherwise.',
      { cause },
    );
  }
}

function whyUnread(folder: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `There is no folder ${folder === '' ? '""' : folder}.`;
  if (code === 'ENOTDIR') return `${folder} is a file, not a folder.`;
  return `The folder ${folder} cannot be read: ${message}.`;
}

interface Readable {
  readonly file: string;
  readonly space: string;
  readonly status: string;
  readonly evaluated: number;
  readonly failed: number;
  readonly createdAt: string;
  readonly elapsedSeconds: number;
  readonly tags: readonly string[];
  readonly settings: readonly string[];
}

/** A run that cannot be read carries the reason; the others are still listed. */
type Listed = Readable | { readonly file: string; readonly error: ErrorReport };

function describe(services: AskedServices, file: string): Listed {
  try {
    const reader = services.openRunReadOnly(file);
    try {
      const { settings, status, createdAt, elapsedSeconds } = reader.info();
      const { evaluated, failed } = reader.counts();
      return {
        ...{ file, space: settings.space, status, evaluated, failed, createdAt, elapsedSeconds },
        ...{ tags: reader.tags(), settings: settingsInWords(settings) },
      };
    } finally {
      reader.close();
    }
  } catch (error) {
    return { file, error: reportOf(error) };
  }
}

const created = (run: Listed): string => ('error' in run ? '' : run.createdAt);

function readable(folder: string, runs: readonly Listed[]): string {
  if (runs.length === 0) return `There are no runs in ${folder}.`;
  return table(
    [
      { title: 'run', align: 'left' },
      { title: 'begun', align: 'left' },
      { title: 'status', align: 'left' },
      { title: 'evaluated' },
      { title: 'failed' },
      { title: 'time' },
      { title: 'settings', align: 'left' },
    ],
    runs.map((run) =>
      'error' in run
        ? [run.file, '', run.error.code, '', '', '', run.error.message]
        : [
            run.file,
            run.createdAt.slice(0, 16).replace('T', ' '),
            // A search that was killed could not write that it ended.
            run.status === 'running' ? 'running or killed' : run.status,
            String(run.evaluated),
            String(run.failed),
            span(run.elapsedSeconds),
            [...run.settings, ...run.tags.map((tag) => `#${tag}`)].join(', '),
          ],
    ),
  );
}
