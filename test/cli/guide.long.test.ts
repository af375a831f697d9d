/** The guide: what it tells people to type works as it stands, and what it points to is there. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
/** Pages that train need PyTorch. */
const trains = spawnSync(python, ['-c', 'import torch, numpy']).status === 0;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'zico-guide-'));
  // The reader's own, in small: each page says that they are needed.
  mkdirSync(path.join(home, 'photos'));
  const images = path.join(root, 'test/main/export/training/cifar10');
  for (const [part, count] of [
    ['train', 96],
    ['test', 64],
  ] as const) {
    const some = readFileSync(path.join(images, `${part}.bin`)).subarray(0, 3073 * count);
    writeFileSync(path.join(home, 'photos', `${part}.bin`), some);
  }
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
    for (const line of block.lines.filter((one) => one.startsWith('python3 '))) {
      it.runIf(trains)(
        line,
        async () => {
          const { stdout } = await promisify(execFile)(python, line.split(' ').slice(1), {
            ...{ cwd: home, encoding: 'utf8' },
            env: { ...process.env, OMP_NUM_THREADS: '1' },
          });
          expect(stdout).toContain('zico attach --run RUN');
        },
        600_000,
      );
    }
    for (const args of commandsOf(block)) {
      if (block.note === '' || (block.note === 'trained' && trains)) {
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
