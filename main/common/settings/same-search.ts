/** Whether two searches are the same one. */
import { settingKeys, type SearchSettings, type SettingKey } from './index.ts';

/** What a search writes down for itself once it has begun: its space by the name inside, its phones, where it began. */
const settledLater: ReadonlySet<SettingKey> = new Set(['space', 'phone', 'takenOver']);

/** True where a run with the one's settings is what was asked for by the other. */
export function isEqualSearch(one: SearchSettings, other: SearchSettings): boolean {
  return settingKeys.every((key) => settledLater.has(key) || one[key] === other[key]);
}
