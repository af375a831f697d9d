/** Tables as CSV (RFC 4180): a head line, commas, CRLF-free lines, quotes where a value needs them. */

type Cell = string | number | boolean | null | readonly (string | number)[];

/**
 * Rows with the same columns. Null is an empty cell, a list its values with spaces between them.
 * @param columns in their order; by default those of the first row
 * @param separator a tab for what spreadsheets take from the clipboard
 */
export function toCsv<Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[] = Object.keys(rows[0] ?? {}) as (keyof Row & string)[],
  separator: ',' | '\t' = ',',
): string {
  const line = (cells: readonly Cell[]): string => `${cells.map(quoted).join(separator)}\n`;
  const body = rows.map((row) => line(columns.map((column) => row[column] as Cell)));
  return [line(columns), ...body].join('');
}

/** What a spreadsheet would take for a formula begins with a quote, unless it is a number. */
function quoted(cell: Cell): string {
  const plain = cell === null ? '' : Array.isArray(cell) ? cell.join(' ') : String(cell);
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
