/** What the window shows as files: charts, tables, candidates. A dialog says where, and this writes. */
import type { SavedKind } from '../../preload/contract.ts';
import { writeFileAtomically } from '../atomic-write.ts';
import { withoutUnfit } from '../common/file-names.ts';
import type { Handlers } from './answer.ts';
import type { Runs } from './runs.ts';
import type { SpaceDesktop } from './space-handlers.ts';

const kinds = {
  svg: { title: 'Save the chart', name: 'SVG' },
  png: { title: 'Save the chart', name: 'PNG' },
  csv: { title: 'Save the table', name: 'CSV' },
  json: { title: 'Save the table', name: 'JSON' },
  txt: { title: 'Save the report', name: 'Text' },
} as const satisfies Record<SavedKind, { title: string; name: string }>;

type SavingMethod = 'files.save' | 'runs.saveCandidates' | 'runs.candidatesText';

export function savingHandlers(
  runs: Pick<Runs, 'candidatesText' | 'files'>,
  desktop: Pick<SpaceDesktop, 'chooseNewFile'>,
): Pick<Handlers, SavingMethod> {
  /** Null when the person cancels. */
  const choose = (stem: string, kind: SavedKind): Promise<string | null> => {
    const { title, name } = kinds[kind];
    const fit =
      withoutUnfit(stem)
        .replace(/^[. ]+/, '')
        .slice(0, 120)
        .trim() || 'untitled';
    return desktop.chooseNewFile(title, `${fit}.${kind}`, name, kind);
  };
  return {
    'files.save': async ({ name, kind, content }) => {
      const file = await choose(name, kind);
      if (file === null) return null;
      await writeFileAtomically(file, typeof content === 'string' ? utf8(content) : content);
      return { file };
    },
    'runs.saveCandidates': async ({ run, ids, format }) => {
      const name = runs.files.nameOf(await runs.files.pathOf(run));
      const file = await choose(`${name} candidates`, format);
      if (file === null) return null;
      await writeFileAtomically(file, utf8(await runs.candidatesText(run, format, ids)));
      return { file };
    },
    'runs.candidatesText': ({ run, ids, format }) => runs.candidatesText(run, format, ids),
  };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
