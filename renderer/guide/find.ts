/** Finds sections of the guide by words: their beginnings, and with a slip of the finger. */
import MiniSearch from 'minisearch';
import type { GuidePage } from './pages.ts';

export interface Found {
  /** Id of the page. */
  readonly topic: string;
  /** Id of the section in it. */
  readonly section: string;
  readonly page: string;
  readonly title: string;
  /** What stands around the first word that was found. */
  readonly excerpt: string;
}

/** About the length of an excerpt, in characters. */
const around = 120;

/** @returns a search over these pages: the sections that hold all words, the best first, at most twenty */
export function finderOf(pages: readonly GuidePage[]): (query: string) => Found[] {
  const sections = pages.flatMap((page) =>
    page.sections.map(({ id, title, text }) => ({
      ...{ id: `${page.id}#${id}`, topic: page.id, section: id },
      ...{ page: page.title, title, text },
    })),
  );
  const index = new MiniSearch<(typeof sections)[number]>({
    fields: ['title', 'page', 'text'],
    searchOptions: {
      boost: { title: 3, page: 2 },
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: 'AND',
    },
  });
  index.addAll(sections);
  const byId = new Map(sections.map((section) => [section.id, section]));
  return (query) =>
    index
      .search(query)
      .slice(0, 20)
      .flatMap(({ id, terms }) => {
        const section = byId.get(id as string);
        if (!section) return [];
        const { topic, page, title } = section;
        return [
          { topic, section: section.section, page, title, excerpt: excerptOf(section.text, terms) },
        ];
      });
}

/** Whole words of a text around the first of the terms in it; its beginning where none is. */
export function excerptOf(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const at = places.length === 0 ? 0 : Math.min(...places);
  const start = Math.max(0, at - around / 3);
  const from = start === 0 ? 0 : text.indexOf(' ', start) + 1;
  const end = text.length - from <= around ? text.length : text.lastIndexOf(' ', from + around);
  const until = end > from ? end : from + around;
  return `${from > 0 ? '… ' : ''}${text.slice(from, until).trim()}${until < text.length ? ' …' : ''}`;
}
