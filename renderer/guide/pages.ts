/** The pages of docs/guide as the window shows them: the same files, carried in the bundle, so no network is needed. */
import { Marked, type Tokens } from 'marked';
import { hashOf } from '../shell/router.svelte.ts';

export interface GuideSection {
  /** Of its heading in the page; empty for what stands before the first one. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface GuidePage {
  /** Name of its file without ending. */
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly sections: readonly GuideSection[];
}

/** A heading as an address: lower case, with hyphens, as code hosts make them. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');
}

/**
 * @param id name of the file without ending
 * @param markdown its text
 * @param pictures address of every picture by its path relative to docs/guide
 */
export function guidePage(
  id: string,
  markdown: string,
  pictures: Readonly<Record<string, string>>,
): GuidePage {
  const html = renderer(pictures).parse(markdown, { async: false });
  const sections = sectionsOf(html);
  return { id, title: sections[0]?.title ?? id, html, sections };
}

function renderer(pictures: Readonly<Record<string, string>>): Marked {
  return new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const text = this.parser.parseInline(tokens);
        return `<h${depth} id="${slugOf(textOf(text))}" tabindex="-1">${text}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const text = this.parser.parseInline(tokens);
        const [file = '', section] = href.split('#');
        if (/^https:/.test(href)) return `<a href="${href}" target="_blank">${text}</a>`;
        if (file.includes('/')) return text; // lies beside the source code, not in the window
        const topic = file.replace(/\.md$/, '');
        return `<a href="${hashOf({ page: 'guide', topic, ...(section && { section }) })}">${text}</a>`;
      },
      image({ href, text }: Tokens.Image) {
        const address = pictures[href];
        return address === undefined ? '' : `<img src="${address}" alt="${text}" loading="lazy">`;
      },
      table(token: Tokens.Table) {
        const row = (cells: readonly Tokens.TableCell[], tag: string): string =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
        const head = token.header.some(({ text }) => text !== '')
          ? `<thead>${row(token.header, 'th')}</thead>`
          : '';
        const body = token.rows.map((cells) => row(cells, 'td')).join('');
        return `<div class="scroll"><table>${head}<tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
}

const documentOf = (html: string): Document => new DOMParser().parseFromString(html, 'text/html');
const textOf = (html: string): string => documentOf(html).body.textContent;

function sectionsOf(html: string): GuideSection[] {
  const sections: { id: string; title: string; text: string }[] = [];
  for (const element of documentOf(html).body.children) {
    const text = element.textContent.replace(/\s+/g, ' ').trim();
    if (/^H[12]$/.test(element.tagName)) sections.push({ id: element.id, title: text, text: '' });
    else if (sections.length > 0) sections.at(-1)!.text += `${text} `;
  }
  return sections;
}

const files = import.meta.glob<string>('../../docs/guide/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const images = import.meta.glob<string>('../../docs/guide/pictures/*.png', {
  query: '?url',
  import: 'default',
  eager: true,
});

let pages: readonly GuidePage[] | null = null;

/** The pages in the order of the guide's list of contents; read once, when first asked for. */
export function guidePages(): readonly GuidePage[] {
  const named = (path: string): string => path.split('/').at(-1)!.replace(/\.md$/, '');
  const pictures = Object.fromEntries(
    Object.entries(images).map(([path, address]) => [
      path.replace('../../docs/guide/', ''),
      address,
    ]),
  );
  const contents = files['../../docs/guide/README.md'] ?? '';
  const order = [...contents.matchAll(/\]\(([\w-]+)\.md\)/g)].map((found) => found[1]);
  pages ??= Object.entries(files)
    .map(([path, text]) => ({ id: named(path), text }))
    .filter(({ id }) => id !== 'README')
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
    .map(({ id, text }) => guidePage(id, text, pictures));
  return pages;
}
