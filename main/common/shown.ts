/**
 * Text of files that came from elsewhere, on its way to a terminal: what would steer the terminal, or turn the
 * order of what is read, is shown as an escape instead of being sent.
 */

/** C0 but tab and line end, delete, C1, and Unicode's controls of direction (UAX 9). */
const steering =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Lines stay lines. */
export function shown(text: string): string {
  return text.replace(steering, escape);
}

/** Of a name or message in a line: it cannot begin one of its own. */
export function shownInLine(text: string): string {
  return shown(text).replace(/[\t\n]/g, (white) => (white === '\t' ? '\\t' : '\\n'));
}

/** As in source text: \x1b, \u202e. */
function escape(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
