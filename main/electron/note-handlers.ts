/** Handlers for what a person notes about runs and candidates, and for runs that they throw away. */
import type { CandidateId } from '../run/candidate.ts';
import { WorkbenchError } from '../errors.ts';
import type { Handlers } from './answer.ts';
import type { Runs } from './runs.ts';

export interface Bin {
  /** False when the person would rather keep it. */
  askToTrash(name: string): Promise<boolean>;
  moveToTrash(path: string): Promise<void>;
}

type Methods = 'runs.marks' | 'runs.mark' | 'runs.tag' | 'runs.trash';

export function noteHandlers(runs: Runs, bin: Bin): Pick<Handlers, Methods> {
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
    'runs.trash': async ({ run }) => {
      if (runs.searches.liveOf(run)) {
        throw new WorkbenchError(
          'run-in-use',
          'This run is being searched.',
          'Stop the search first, then move its file to the trash.',
        );
      }
      const path = await runs.files.pathOf(run);
      if (!(await bin.askToTrash(runs.files.nameOf(path)))) return false;
      await bin.moveToTrash(path);
      runs.files.forget(run);
      return true;
    },
  };
}
