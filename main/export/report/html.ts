/** Text for a page: anything from outside is escaped, and numbers are shortened for reading. */
import { style } from './style.ts';

export function escaped(text: string | number): string {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export interface ReportColumn {
  readonly title: string;
  readonly number?: boolean;
}

/** A table; cells are escaped. */
export function htmlTable(
  columns: readonly ReportColumn[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const kind = (c: number) => (columns[c]!.number ? ' class="n"' : '');
  const head = columns
    .map(({ title }, c) => `<th scope="col"${kind(c)}>${escaped(title)}</th>`)
    .join('');
  const body = rows
    .map(
      (cells) =>
        `<tr>${cells.map((cell, c) => `<td${kind(c)}>${escaped(cell)}</td>`).join('')}</tr>`,
    )
    .join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

/** 96140000000 -> 96.14 G. */
export function shortened(value: number): string {
  const units = [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
  ] as const;
  const [factor, unit] = units.find(([size]) => value >= size) ?? [1, ''];
  return `${Number((value / factor).toPrecision(4))}${unit}`;
}

export const percentOrDash = (share: number | null) =>
  share === null ? '–' : `${Math.round(share * 100)} %`;

/** A self-contained page. Sections are HTML already; title and footer are escaped. */
export function htmlPage(title: string, sections: readonly string[], footer: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${sections.join('\n')}
<footer>${escaped(footer)}</footer>
</main>
</body>
</html>
`;
}
