/** The space of attention blocks of docs/spaces-in-code.md, as a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const docs = path.join(import.meta.dirname, '../../docs/spaces-in-code.md');

export const attentionCode: string = /```js\n([\s\S]*?)```/.exec(readFileSync(docs, 'utf8'))![1]!;

/** Writes a file of code into the folder and returns its path. */
export function writeCode(folder: string, name: string, code: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, code);
  return file;
}
