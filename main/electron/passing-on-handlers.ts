/** Handlers for files that are made of a run to be passed on: a copy without notes, and a report. */
import { writeFileAtomically } from '../atomic-write.ts';
import { runFileExtension } from '../store/run-file.ts';
import type { Handlers } from './answer.ts';
import type { Runs } from './runs.ts';
import type { SpaceDesktop } from './space-handlers.ts';

export function passingOnHandlers(
  runs: Pick<Runs, 'titleOf' | 'copyWithoutNotes' | 'report'>,
  { chooseNewFile }: Pick<SpaceDesktop, 'chooseNewFile'>,
): Pick<Handlers, 'runs.saveWithoutNotes' | 'runs.saveReport'> {
  return {
    'runs.saveWithoutNotes': async ({ run }) => {
      const suggested = `${await runs.titleOf(run)} without notes${runFileExtension}`;
      const title = 'Save a copy without notes';
      const file = await chooseNewFile(title, suggested, 'ZiCo runs', runFileExtension.slice(1));
      if (file === null) return null;
      await runs.copyWithoutNotes(run, file);
      return { file };
    },
    'runs.saveReport': async ({ run }) => {
      const suggested = `${await runs.titleOf(run)}.html`;
      const file = await chooseNewFile('Save the report', suggested, 'Web pages', 'html');
      if (file === null) return null;
      await writeFileAtomically(file, Buffer.from(await runs.report(run)));
      return { file };
    },
  };
}
