/** The guide: what it tells people to type works as it stands, and what it points to is there. */
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const guide = path.join(root, 'docs/guide');
const pages = globSync('*.md', { cwd: guide }).sort();
const text = (page: string) => readFileSync(path.join(guide, page), 'utf8');

interface Block {
  readonly language: string;
  /** A file that it is the content of, or what its commands need that is not at hand here. */
  readonly note: string;
  readonly lines: readonly string[];
}

const blocksOf = (page: string): Block[] =>
  [...text(page).matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', note = '', lines = '']) => ({
      ...{ language, note, lines: lines.trimEnd().split('\n') },
    }),
  );
const commandsOf = (block: Block): string[][] =>
  block.lines
    .filter((line) => line.startsWith('npx zico '))
    .map((line) => line.replace(/^npx zico /, '').split(' '));

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'zico-guide-'));
});
afterAll(() => rm(home, { recursive: true }));

const zico = (args: readonly string[], cwd = home) =>
  promisify(execFile)(process.execPath, [path.join(root, 'main/cli.ts'), ...args], {
    ...{ cwd, encoding: 'utf8', maxBuffer: 1e8 },
  });

describe.each(pages)('%s', (page) => {
  it('links to what is there', () => {
    const links = [...text(page).matchAll(/\]\(([^)#\s]*)(#[^)]*)?\)/g)];
    for (const [, file = '', anchor] of links) {
      if (file.startsWith('http')) continue;
      const target = file === '' ? path.join(guide, page) : path.join(guide, file);
      expect(existsSync(target), `${page} links to ${file}`).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(
        ([, heading = '']) =>
          `#${heading
            .toLowerCase()
            .replace(/[^\w\s-]/g, '')
            .replaceAll(' ', '-')}`,
      );
      expect(headings).toContain(anchor);
    }
  });

  const blocks = blocksOf(page);
  for (const { note, lines } of blocks.filter(({ language }) =>
    ['json', 'yaml'].includes(language),
  )) {
    it.runIf(note !== '')(`has ${note} to be saved`, () => {
      writeFileSync(path.join(home, note), lines.join('\n'));
    });
  }
  for (const block of blocks.filter(({ language }) => language === 'sh')) {
    for (const args of commandsOf(block)) {
      if (block.note === '') {
        it(`zico ${args.join(' ')}`, async () => {
          const { stdout } = await zico(args);
          expect(stdout.trim()).not.toBe('');
        });
      } else {
        it(`has options that exist: zico ${args.join(' ')}`, async () => {
          const words = args.filter((word) => !word.startsWith('-') && /^[a-z]+$/.test(word));
          const known = ['data', 'farm'].includes(args[0]!) ? words.slice(0, 2) : words.slice(0, 1);
          const { stdout } = await zico([...known, '--help']);
          for (const option of args.filter((word) => word.startsWith('--'))) {
            expect(stdout).toContain(`${option} `);
          }
        });
      }
    }
  }
});
