/** Terms and what they mean: the guide's page of them, read once when first asked for. */
import text from '../../../docs/guide/glossary.md?raw';

export interface GlossaryEntry {
  /** Of its heading in the guide. */
  readonly id: string;
  readonly term: string;
  readonly meaning: string;
}

let entries: ReadonlyMap<string, GlossaryEntry> | null = null;

/** By the ids of their headings. */
export function glossary(): ReadonlyMap<string, GlossaryEntry> {
  entries ??= new Map(glossaryOf(text).map((entry) => [entry.id, entry] as const));
  return entries;
}

export function glossaryOf(markdown: string): GlossaryEntry[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [term = '', ...rest] = section.split('\n');
      const meaning = rest.join(' ').replaceAll('*', '').replace(/\s+/g, ' ').trim();
      return { id: term.trim().toLowerCase().replace(/\s+/g, '-'), term: term.trim(), meaning };
    });
}
