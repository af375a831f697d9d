/** Handlers for spaces: the built-in ones as descriptions, those being written, and the person's own. */
import type { MethodName, SpaceSummary } from '../../preload/contract.ts';
import { reportOf } from '../errors.ts';
import { writeFileAtomically } from '../atomic-write.ts';
import { presetsFor, variesBy } from '../common/presets.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { withResolution } from '../space/index.ts';
import type { SpaceFacts } from '../common/space-facts.ts';
import { spaceOfText } from '../space/preview.ts';
import type { Handlers } from './answer.ts';
import type { OwnSpaceFile, OwnSpaces } from './own-spaces.ts';
import type { Services } from './services.ts';
import type { TriedNetworks } from './tried-networks.ts';

/** What these handlers need from the system. */
export interface SpaceDesktop {
  /** Empty when the person cancels. */
  chooseFiles(title: string, kind: string, extension: string): Promise<readonly string[]>;
  /** Null when the person cancels. */
  chooseNewFile(
    title: string,
    suggested: string,
    kind: string,
    extension: string,
  ): Promise<string | null>;
  /** Throws `no-trash`. */
  moveToTrash(path: string): Promise<void>;
}

export interface SpaceHandlerOptions {
  readonly services: Pick<Services, 'describedSpace' | 'previews'>;
  readonly ownSpaces: OwnSpaces;
  readonly spaceDesktop: SpaceDesktop;
  readonly triedNetworks: Pick<TriedNetworks, 'score' | 'cancel'>;
}

type SpaceMethod = Extract<
  MethodName,
  | `ownSpaces.${string}`
  | 'spaces.source'
  | 'spaces.check'
  | 'spaces.draw'
  | 'spaces.sizes'
  | 'spaces.score'
  | 'spaces.cancelScore'
>;

export function spaceHandlers({
  services,
  ownSpaces,
  spaceDesktop,
  triedNetworks,
}: SpaceHandlerOptions): Pick<Handlers, SpaceMethod> {
  const { previews } = services;

  async function describe({ id, path, changedAt }: OwnSpaceFile) {
    const row = { id, name: id, path, changedAt, space: null, fault: null, error: null };
    try {
      const { text } = await ownSpaces.read(id);
      const { facts, faults } = await previews.check(text);
      return { ...row, space: facts && describedBy(facts), fault: faults[0] ?? null };
    } catch (error) {
      return { ...row, error: reportOf(error) };
    }
  }

  return {
    'spaces.source': async ({ name }) =>
      JSON.stringify(services.describedSpace(name).description, null, 2),
    'spaces.check': async ({ text }) => {
      const { facts, sampled, faults } = await previews.check(text);
      return { space: facts && describedBy(facts), sampled, faults: [...faults] };
    },
    'spaces.draw': ({ text, number }) => previews.draw(text, number),
    'spaces.sizes': ({ text, from, count }) => previews.sizes(text, from, count),
    'spaces.score': ({ text, genotype }) => triedNetworks.score(text, genotype),
    'spaces.cancelScore': async () => {
      triedNetworks.cancel();
      return null;
    },
    'ownSpaces.list': async () => Promise.all((await ownSpaces.list()).map(describe)),
    'ownSpaces.read': async ({ id }) => ({ ...(await ownSpaces.read(id)) }),
    'ownSpaces.create': async ({ name, text }) => ({ id: await ownSpaces.create(name, text) }),
    'ownSpaces.write': async ({ id, text, version }) => ({
      version: await ownSpaces.write(id, text, version),
    }),
    'ownSpaces.rename': async ({ id, name, text, version }) => ({
      id: await ownSpaces.rename(id, name, text, version),
    }),
    'ownSpaces.import': async () => {
      const ids: string[] = [];
      for (const file of await spaceDesktop.chooseFiles('Import spaces', 'Search spaces', 'json'))
        ids.push(await ownSpaces.import(file));
      return ids;
    },
    'ownSpaces.export': async ({ name, text }) => {
      const path = await spaceDesktop.chooseNewFile(
        'Export the space',
        `${name}.json`,
        'Search spaces',
        'json',
      );
      if (path === null) return null;
      await writeFileAtomically(path, Buffer.from(text));
      return { path };
    },
    'ownSpaces.trash': async ({ id }) => {
      await spaceDesktop.moveToTrash(await ownSpaces.pathOf(id));
      return null;
    },
  };
}

export interface ChosenSpace {
  /** One of the person's own, by its id. */
  readonly own: string | undefined;
  /** A built-in one, where there is none of their own. */
  readonly named: string;
  /** Height and width, in place of the space's own. */
  readonly scoringSize: readonly [number, number] | undefined;
}

/**
 * The space of a new search; undefined where it is a built-in one as it stands.
 * Throws `unknown-own-space`, `unknown-space`, `space-invalid`.
 */
export async function spaceToSearch(
  { own, named, scoringSize }: ChosenSpace,
  services: Pick<Services, 'describedSpace'>,
  ownSpaces: OwnSpaces,
): Promise<DescribedSpace | undefined> {
  if (own === undefined && scoringSize === undefined) return undefined;
  const space =
    own === undefined
      ? services.describedSpace(named)
      : spaceOfText((await ownSpaces.read(own)).text);
  if (scoringSize === undefined) return space;
  return withResolution(space, { scoring: [scoringSize[0], scoringSize[1]] });
}

function describedBy(facts: SpaceFacts): SpaceSummary {
  const [height, width] = facts.resolution.scoring;
  return {
    ...facts,
    code: null,
    presets: presetsFor({
      ...{ task: facts.task, scoringShape: [3, height, width] },
      varies: variesBy(facts.depth),
    }),
  };
}
