/** What the form asks for, with the space that is meant. */
import type { MethodArguments } from '../../preload/contract.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { OwnSpaces } from './own-spaces.ts';
import type { ScoringWish, Services } from './services.ts';
import { spaceToSearch } from './space-handlers.ts';

export type SearchWanted = (wanted: MethodArguments<'search.rate'>[0]) => Promise<{
  readonly settings: SearchSettings;
  /** Undefined where the settings name it. */
  readonly space: DescribedSpace | undefined;
  readonly scoring: ScoringWish | undefined;
}>;

/** Its searches throw `unknown-own-space`, `space-invalid`, ... where there is no such space. */
export function wantedSearches(
  services: Pick<Services, 'describedSpace'>,
  ownSpaces: OwnSpaces,
): SearchWanted {
  return async ({ settings, ownSpace, scoringSize, scoring }) => {
    const chosen = { own: ownSpace, named: settings.space, scoringSize };
    const space = await spaceToSearch(chosen, services, ownSpaces);
    return { settings: { ...settings, ...(space && { space: space.name }) }, space, scoring };
  };
}
