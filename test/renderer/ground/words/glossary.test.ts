import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { glossary, glossaryOf } from '../../../../renderer/ground/words/glossary.ts';

const renderer = path.join(import.meta.dirname, '../../../../renderer');

/** Every entry that a page names. */
function named(): string[] {
  return readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.svelte'))
    .flatMap((file) => {
      const text = readFileSync(path.join(renderer, file), 'utf8');
      return [...text.matchAll(/<Term[^>]*?entry="([^"]+)"/g)].map((found) => found[1]!);
    });
}

describe('the glossary', () => {
  it('has every entry that a page opens, each with a meaning, in alphabetical order', () => {
    const entries = [...glossary().values()];
    expect(named().length).toBeGreaterThan(5);
    for (const id of named()) expect([...glossary().keys()]).toContain(id);
    for (const { meaning } of entries) expect(meaning).toMatch(/^[A-Z].*\.$/);
    const terms = entries.map(({ term }) => term.toLowerCase());
    expect(terms).toEqual([...terms].sort());
  });

  it('is read from headings and what stands below them', () => {
    expect(glossaryOf('# Glossary\n\nIntro.\n\n## Term cap\n\nA *limit*\non terms.\n')).toEqual([
      { id: 'term-cap', term: 'Term cap', meaning: 'A limit on terms.' },
    ]);
  });
});
