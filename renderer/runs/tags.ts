/** Tags as they are typed: words or phrases with commas between them. */
import { longestTag, mostTags } from '../../main/common/notes.ts';

/** Each once, in the order in which they were typed; null where there are too many or one is too long. */
export function parseTags(typed: string): string[] | null {
  const tags = typed
    .split(',')
    .map((tag) => tag.trim().replace(/\s+/g, ' '))
    .filter((tag) => tag !== '');
  const unique = [...new Set(tags)];
  return unique.length > mostTags || unique.some((tag) => tag.length > longestTag) ? null : unique;
}
