/** Text as words of a POSIX shell, for commands that are shown to be copied. */

/** In quotes, whatever it holds. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** As one would type it: in quotes only where a shell would read something else. */
export function asTyped(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}
