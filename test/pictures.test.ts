import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, isPicture, pictures, picturesFolder, takenFile } from './pictures/pictures.ts';

const root = path.join(import.meta.dirname, '..');
const taken = JSON.parse(readFileSync(takenFile, 'utf8')) as Record<string, string>;
const names = Object.keys(pictures).filter(isPicture);

describe('pictures in the guide and the README', () => {
  it('show the window as it is', () => {
    const outdated = names.filter((name) => taken[name] !== digestOf(name));
    expect(
      outdated,
      'What these pictures show has changed since they were taken: `npm run screenshots` takes them anew.',
    ).toEqual([]);
  });

  it('are there, and each is shown somewhere', () => {
    const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root });
    const shown = new Set<string>();
    for (const page of pages) {
      const text = readFileSync(path.join(root, page), 'utf8');
      for (const [, address] of text.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src="([^"]+)"/g)) {
        if (address === undefined) continue;
        expect(
          existsSync(path.join(root, path.dirname(page), address)),
          `${page}: ${address}`,
        ).toBe(true);
        shown.add(path.basename(address, '.png'));
      }
    }
    const files = readdirSync(picturesFolder)
      .filter((file) => file.endsWith('.png'))
      .map((file) => path.basename(file, '.png'));
    expect(files.sort()).toEqual(names.toSorted());
    expect(names.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('are told from one another by what they show', () => {
    expect(digestOf('phones')).not.toBe(digestOf('benchmarks'));
    expect(digestOf('phones')).toBe(digestOf('phones'));
  });
});
