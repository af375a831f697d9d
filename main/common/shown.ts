/**
 * Text from files of unknown origin, on its way to a terminal: characters that would control the terminal, or change
 * the order in which it is read, are shown as escapes instead of being sent.
 */

/** C0 except tab and newline, delete, C1, and Unicode's bidirectional controls (UAX 9). */
const steering =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of several lines, which stay lines. */
export function shown(text: string): string {
  return text.replace(steering, escape);
}

/** A name or message within a line: it cannot start a new one. */
export function shownInLine(text: string): string {
  return shown(text).replace(/[\t\n]/g, (white) => (white === '\t' ? '\\t' : '\\n'));
}

/** An escape as in source text: \x1b, \u202e. */
function escape(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
