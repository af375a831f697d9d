/**
 * The classes' names in the data.yaml of a YOLO data set: only this one key is needed, so no other YAML is
 * understood.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readRegular } from '../../regular-file.ts';

const mostBytes = 2 ** 22;
/** A number beyond this is not a class. */
const mostClasses = 10_000;

/** Of the first folder with a .yaml file that has `names`; null where there is none. */
export async function yamlNames(folders: readonly string[]): Promise<readonly string[] | null> {
  for (const folder of folders) {
    const files = (await readdir(folder).catch(() => []))
      .filter((name) => /\.ya?ml$/i.test(name))
      .sort();
    for (const file of files) {
      const bytes = await readRegular(path.join(folder, file), mostBytes).catch(() => null);
      const names = bytes && namesIn(bytes.toString('utf8'));
      if (names && names.length > 0) return names;
    }
  }
  return null;
}

/** `names: [a, 'b']`, a list of `- a` lines, or a map of `0: a` lines. */
export function namesIn(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, ''));
  const start = lines.findIndex((line) => /^names\s*:/.test(line));
  if (start < 0) return [];
  const inline = lines
    .slice(start)
    .join('\n')
    .replace(/^names\s*:\s*/, '');
  if (inline.startsWith('[') || inline.startsWith('{')) {
    const body = inline.slice(1, inline.search(/[\]}]/));
    return items(body).map((item) =>
      plain(inline.startsWith('{') ? item.replace(/^\s*\d+\s*:/, '') : item),
    );
  }
  const names: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (line.trim() === '') continue;
    const listed = /^\s*-\s+(.*)$/.exec(line);
    const mapped = /^\s+(\d+)\s*:\s*(.*)$/.exec(line);
    if (listed) names.push(plain(listed[1]!));
    else if (mapped && Number(mapped[1]) < mostClasses)
      names[Number(mapped[1])] = plain(mapped[2]!);
    else break;
  }
  return Array.from(names, (name: string | undefined, i) => name ?? `class ${i}`);
}

/** Parts between commas that are not inside quotes. */
function items(body: string): string[] {
  const found = body.match(/\s*(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^,'"]+)[^,]*/g) ?? [];
  return found.filter((item) => item.trim() !== '');
}

function plain(word: string): string {
  const text = word.trim();
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/s.test(text)) return text.slice(1, -1).replaceAll('\\"', '"');
  return text;
}
