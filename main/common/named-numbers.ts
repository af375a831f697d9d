/** Numbers with a name, as people write them for inputs of a model: `scale_factor=1`, `im_shape=320,320`. */

/** The name and its numbers; null where the text is no such pair. */
export function typedNumbers(text: string): readonly [string, readonly number[]] | null {
  const at = text.lastIndexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const parts = text.slice(at + 1).split(',');
  const values = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return name !== '' && values.every(Number.isFinite) ? [name, values] : null;
}

/** Several of them with spaces or semicolons between; null where one is no such pair, or a name stands twice. */
export function typedNumberList(text: string): Readonly<Record<string, number[]>> | null {
  const parts = text.split(/[;\s]+/).filter((part) => part !== '');
  const pairs = parts.map(typedNumbers);
  const named: Record<string, number[]> = {};
  for (const pair of pairs) {
    if (pair === null || Object.hasOwn(named, pair[0])) return null;
    named[pair[0]] = [...pair[1]];
  }
  return named;
}

/** As `typedNumberList` reads them. */
export const writtenNumbers = (named: Readonly<Record<string, readonly number[]>>): string =>
  Object.entries(named)
    .map(([name, values]) => `${name}=${values.join(',')}`)
    .join(' ');
