/** One name means one thing: no two modules of the product export different things under the same name. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const sources = globSync('{main,preload,renderer}/**/*.{ts,svelte}', { cwd: root }).filter(
  (file) => !file.split(path.sep).includes('assets'),
);

const declaration =
  /^\s*export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;
const taken = /^\s*export (?:const|let) [{[]([^}\]]*)[}\]] =/gm;
const listed = /^\s*export (?:type )?\{([^}]*)\};/gm;
const imported = /^\s*import (?:type )?(?:\w+, )?\{([^}]*)\} from/gm;

/** The names of a list in braces, as they are called outside of it. */
function names(list: string): string[] {
  return list.split(',').flatMap((part) => {
    const name = part
      .replace(/\/\/.*/, '')
      .trim()
      .split(/\s+as\s+|:\s*/)
      .at(-1)!;
    return name === '' ? [] : [name.replace(/^type /, '').replace(/ =.*/, '')];
  });
}

const each = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, list]) => names(list!));

/** What a module exports of its own; what it passes on from another is not. */
function exportsOf(text: string): ReadonlySet<string> {
  const passedOn = new Set(each(text, imported));
  const own = each(text, listed).filter((name) => !passedOn.has(name));
  return new Set([...each(text, declaration), ...each(text, taken), ...own]);
}

describe('names that are exported', () => {
  it('are found in every way of exporting', () => {
    const text = [
      "import { kept, type Passed } from './other.ts';",
      'export const value = 1;',
      'export async function asked(): Promise<void> {}',
      'export function* steps() {}',
      'export abstract class Base {}',
      'export interface Shape {}',
      'export type Known = Shape;',
      'export const { first, second: renamed } = pair;',
      'export const [get, set] = context();',
      'export { local, inner as outer, kept };',
      'export type { Passed };',
      "export { elsewhere } from './other.ts';",
      'const own = 2;',
    ].join('\n');
    expect([...exportsOf(text)].sort()).toEqual(
      [
        ...['Base', 'Known', 'Shape', 'asked', 'first', 'get', 'local', 'outer', 'renamed', 'set'],
        ...['steps', 'value'],
      ].sort(),
    );
  });

  it('mean one thing each', () => {
    const modules = new Map<string, string[]>();
    for (const file of sources) {
      for (const name of exportsOf(readFileSync(path.join(root, file), 'utf8'))) {
        modules.set(name, [...(modules.get(name) ?? []), file]);
      }
    }
    expect(modules.size).toBeGreaterThan(3000);
    const ambiguous = [...modules].filter(([, files]) => files.length > 1);
    expect(
      Object.fromEntries(ambiguous),
      'Call one of them otherwise, by what sets it apart, or let one module pass on what the other has.',
    ).toEqual({});
  });
});
