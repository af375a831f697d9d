/** Lines for the shell of a phone. */

/** One word of a line, whatever is in it. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
