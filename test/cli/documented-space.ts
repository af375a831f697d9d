import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The description that docs/spaces.md shows. */
export async function documentedSpace(): Promise<string> {
  const page = await readFile(path.join(import.meta.dirname, '../../docs/spaces.md'), 'utf8');
  return /```json\n([^]*?)```/.exec(page)?.[1] ?? '';
}
