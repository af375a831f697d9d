/** A table of the page as text: what its cells say, or `data-value` where that says it more exactly. */
import { toCsv } from '../../main/common/csv.ts';

export interface TableText {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const leftOut = '[aria-hidden="true"], svg, input, select, .btn';

/** Rows that head a group become a column of their own; columns without anything in them are left out. */
export function textOfTable(table: HTMLTableElement): TableText {
  const head = [...(table.tHead?.rows[0]?.cells ?? [])].map(textOf);
  const rows: string[][] = [];
  let group: string | null = null;
  const groups: (string | null)[] = [];
  for (const body of table.tBodies) {
    for (const row of body.rows) {
      if (row.getAttribute('aria-hidden') === 'true') continue;
      const cells = [...row.cells];
      const [first] = cells;
      if (first && cells.length === 1 && first.colSpan > 1) {
        if (first.scope === 'rowgroup') group = textOf(first);
        continue; // else a sentence where there are no rows
      }
      rows.push(
        cells.flatMap((cell) => [textOf(cell), ...Array<string>(cell.colSpan - 1).fill('')]),
      );
      groups.push(group);
    }
  }
  const width = Math.max(head.length, ...rows.map((row) => row.length));
  const kept = Array.from({ length: width }, (_, c) => c).filter(
    (c) => rows.length === 0 || rows.some((row) => (row[c] ?? '') !== ''),
  );
  const grouped = groups.some((one) => one !== null);
  const line = (cells: readonly string[], of: string): string[] => [
    ...(grouped ? [of] : []),
    ...kept.map((c) => cells[c] ?? ''),
  ];
  return {
    head: line(head, 'Group'),
    rows: rows.map((row, i) => line(row, groups[i] ?? '')),
  };
}

function textOf(cell: HTMLElement): string {
  const { value } = cell.dataset;
  if (value !== undefined) return value;
  const copy = cell.cloneNode(true) as HTMLElement;
  for (const element of copy.querySelectorAll(leftOut)) element.remove();
  const hidden = [...copy.querySelectorAll('.visually-hidden')];
  const spoken = hidden.map((element) => element.textContent ?? '').join(' ');
  for (const element of hidden) element.remove();
  // What is only read out names a column that shows no title.
  const shown = (copy.textContent ?? '').trim();
  return (shown === '' ? spoken : shown).replace(/\s+/g, ' ').trim();
}

/** Columns of the same title are numbered: a file's columns need names of their own. */
export function csvOfTable({ head, rows }: TableText): string {
  const names = head.map((title, c) => {
    const before = head.slice(0, c).filter((other) => other === title).length;
    const name = title === '' ? `column ${c + 1}` : title;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
  return toCsv(
    rows.map((row) => Object.fromEntries(names.map((name, c) => [name, plain(row[c] ?? '')]))),
    names,
  );
}

/** Numbers stay numbers: what begins with a minus sign is no formula. */
function plain(text: string): string | number {
  const written = text.replace(/^−/, '-');
  return written !== '' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(written) ? Number(written) : text;
}

/** For spreadsheets, which take tabs from the clipboard. */
export function tabbedTable({ head, rows }: TableText): string {
  const cell = (text: string): string => text.replace(/[\t\r\n]+/g, ' ');
  return [head, ...rows].map((row) => row.map(cell).join('\t')).join('\n');
}
