/** Handlers for what a person notes about runs and candidates, and for runs that they rename or throw away. */
import path from 'node:path';
import type { CandidateId } from '../run/candidate.ts';
import { WorkbenchError } from '../errors.ts';
import type { Handlers } from './answer.ts';
import type { PendingTrash } from './pending-trash.ts';
import { runIdOf } from './run-files.ts';
import type { Runs } from './runs.ts';

export interface Bin {
  moveToTrash(path: string): Promise<void>;
  /** Shows the file itself, in its folder. */
  showFile(path: string): void;
}

export interface NoteHandlerOptions {
  readonly runs: Runs;
  readonly desktop: Pick<Bin, 'showFile'>;
  readonly trash: Pick<PendingTrash, 'put' | 'restore' | 'has'>;
}

type Methods =
  | 'runs.marks'
  | 'runs.mark'
  | 'runs.tag'
  | 'runs.trash'
  | 'runs.restore'
  | 'runs.rename'
  | 'runs.reveal'
  | 'runs.recent'
  | 'runs.openRecent';

export function noteHandlers({
  runs,
  desktop,
  trash,
}: NoteHandlerOptions): Pick<Handlers, Methods> {
  const marksOf = (run: string) => runs.marks(run);
  return {
    'runs.marks': ({ run }) => marksOf(run),
    'runs.mark': async ({ run, mark }) => {
      await runs.setMark(run, { ...mark, candidate: mark.candidate as CandidateId });
      return marksOf(run);
    },
    'runs.tag': async ({ run, tags }) => {
      await runs.setTags(run, [...new Set(tags)]);
      return null;
    },
    'runs.trash': async ({ runs: some }) => {
      await trash.put(some);
      return null;
    },
    'runs.restore': async ({ runs: some }) => {
      trash.restore(some);
      return null;
    },
    'runs.rename': async ({ run, name }) => ({ run: await runs.rename(run, name) }),
    'runs.reveal': async ({ run }) => {
      desktop.showFile(await runs.files.pathOf(run));
      return null;
    },
    'runs.recent': async () =>
      runs.files
        .recent()
        .map((file) => ({ run: runIdOf(file), name: path.parse(file).name, path: file }))
        .filter(({ run }) => !trash.has(run)),
    'runs.openRecent': async ({ run }) => {
      const file = runs.files.recent().find((one) => runIdOf(one) === run);
      if (file === undefined) {
        throw new WorkbenchError(
          'run-gone',
          'The file is not there any more.',
          'It may have been moved or deleted. Open it where it is now.',
        );
      }
      return { run: await runs.open(file) };
    },
  };
}
