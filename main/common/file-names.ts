/** What a name may hold that becomes the name of a file, on every system: Windows forbids the most. */

export const unfitCharacter = /[<>:"/\\|?*\p{Cc}]/u;

/** Longer ones are cut where they become files. */
export const mostNameLength = 80;

/** The name without what no file may be called, blanks in its place. */
export function withoutUnfit(name: string): string {
  return name.replaceAll(new RegExp(unfitCharacter, 'gu'), ' ').replace(/\s+/g, ' ').trim();
}
