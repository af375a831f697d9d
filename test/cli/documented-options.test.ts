import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from './fake-workbench.ts';

const docs = path.join(import.meta.dirname, '../../docs');
const documented = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => readFileSync(path.join(docs, file), 'utf8'))
  .join('\n');

const listed = (help: string, heading: string, entry: RegExp): string[] =>
  [...(help.split(`\n${heading}:\n`)[1]?.split('\n\n')[0] ?? '').matchAll(entry)].map(
    ([, name]) => name!,
  );

/** Every command and command of a group, with its long options. */
async function optionsBelow(words: readonly string[]): Promise<[string, string][]> {
  const { stdout } = await run([...words, '--help']);
  const own = listed(stdout, 'Options', /^ {2}(?:-\w, )?(--[a-z-]+)/gm);
  const commands = listed(stdout, 'Commands', /^ {2}([a-z]+)/gm).filter((name) => name !== 'help');
  const below = await Promise.all(commands.map((name) => optionsBelow([...words, name])));
  return [...own.map((option): [string, string] => [words.join(' '), option]), ...below.flat()];
}

describe('the documents', () => {
  it('name every option of every command', async () => {
    const options = (await optionsBelow([])).filter(
      ([, option]) => !['--help', '--version'].includes(option),
    );
    expect(options.length).toBeGreaterThan(150);
    const missing = options.filter(
      ([, option]) => !new RegExp(`${option}(?![a-z-])`).test(documented),
    );
    expect(missing).toEqual([]);
  });
});
