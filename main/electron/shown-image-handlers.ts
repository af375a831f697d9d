/** Handlers for looking at the images that are scored: those of a search that is being set up, and those of a run. */
import type { MethodArguments, MethodName } from '../../preload/contract.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Handlers } from './answer.ts';
import type { DataOpening } from './data-opening.ts';
import type { Runs } from './runs.ts';
import type { Services } from './services.ts';

type WantedSearch = MethodArguments<'images.ofSearch'>[0]['wanted'];

export interface ShownImageHandlerOptions {
  readonly services: Pick<Services, 'shownImages' | 'describedSpace'>;
  readonly runs: Pick<Runs, 'takers'>;
  readonly opening: DataOpening;
  /** Throws where a page names images that nobody chose. */
  readonly allowData: (data: string | null) => Promise<void>;
  /** The search with its space, where that is not the one that the settings name. */
  readonly searchWanted: (wanted: WantedSearch) => Promise<{
    readonly settings: SearchSettings;
    readonly space: DescribedSpace | undefined;
  }>;
}

export function shownImageHandlers({
  services,
  runs,
  opening,
  allowData,
  searchWanted,
}: ShownImageHandlerOptions): Pick<Handlers, Extract<MethodName, `images.${string}`>> {
  const { shownImages } = services;
  return {
    'images.ofSearch': async ({ wanted, ...part }) => {
      await allowData(wanted.settings.data);
      const { settings, space: own } = await searchWanted(wanted);
      const space = own ?? services.describedSpace(settings.space);
      const { title, scoringShape, classes, task } = space;
      const request = { takers: { title, scoringShape, classes }, size: null, same: null };
      return await opening.run('look', (waiting) =>
        shownImages.show({ ...request, ...drawnBy(settings, task), ...part }, waiting),
      );
    },
    'images.ofRun': async ({ run, candidate, ...part }) => {
      const { info, task, takers, size } = await runs.takers(run, candidate);
      const request = { takers, size, same: info.dataDescription };
      return await opening.run('look', (waiting) =>
        shownImages.show({ ...request, ...drawnBy(info.settings, task), ...part }, waiting),
      );
    },
    'images.close': async () => {
      shownImages.letGo();
      return null;
    },
  };
}

/** What decides which images a search draws. */
function drawnBy({ data, batches, batchSize, seed }: SearchSettings, task: DescribedSpace['task']) {
  return { data: { data, task }, draw: { batches, batchSize, seed } };
}
