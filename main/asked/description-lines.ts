/** Where in its file a description is wrong, for whoever has the file open in an editor. */
import { readFile } from 'node:fs/promises';
import { WorkbenchError } from '../errors.ts';
import type { DescriptionError } from '../space/description-error.ts';
import { DocumentError, lineOf, readDocument, type DocumentPlace } from './read-document.ts';

/** The same error, each of its complaints with file and line in front. */
export async function withLines(error: DescriptionError, file: string): Promise<WorkbenchError> {
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  const line = lineIn(text);
  const said = error.faults.map(({ path, what }) => {
    const placed = path === '' ? what : `${path}: ${what}`;
    const at = line(path);
    return at === null ? placed : `${file}:${at}: ${placed}`;
  });
  const [first, ...others] = said as [string, ...string[]];
  const message = others.length === 0 ? first : `${first} Beyond that: ${others.join(' ')}`;
  return new WorkbenchError(error.code, message, error.hint, { cause: error });
}

/** The line of a place such as `network.backbone.stages[0].stride`; null where the text does not say. */
function lineIn(text: string): (path: string) => number | null {
  let root: DocumentPlace;
  try {
    root = readDocument(text, 'json').place;
  } catch (error) {
    const line = error instanceof DocumentError ? error.line : null;
    return () => line;
  }
  return (path) => (path === '' ? null : lineOf(root, path.match(/[^.[\]]+/g) ?? []));
}
