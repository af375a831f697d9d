/** Names that become file names, on any system: Windows forbids the most. */

export const unfitCharacter = /[<>:"/\\|?*\p{Cc}]/u;

/** Longer names are truncated when they become files. */
export const mostNameLength = 80;

/** The name, with everything that a file name must not contain replaced by blanks. */
export function withoutUnfit(name: string): string {
  return name.replaceAll(new RegExp(unfitCharacter, 'gu'), ' ').replace(/\s+/g, ' ').trim();
}
