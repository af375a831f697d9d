/** What a name may contain that becomes a file's name, on every system: Windows forbids the most. */

export const unfitCharacter = /[<>:"/\\|?*\p{Cc}]/u;

/** Longer ones are cut where they become files. */
export const mostNameLength = 80;

/** The name with everything that a file's name must not contain replaced by blanks. */
export function withoutUnfit(name: string): string {
  return name.replaceAll(new RegExp(unfitCharacter, 'gu'), ' ').replace(/\s+/g, ' ').trim();
}
