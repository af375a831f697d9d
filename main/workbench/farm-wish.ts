/** How a session uses a farm. */
import type { FarmAccess } from '../farm/address.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import type { FarmNews } from '../common/farm.ts';

export interface FarmWish {
  readonly access: FarmAccess;
  /** This computer only searches. */
  readonly only: boolean;
  /** Workers with other engines may score as well. */
  readonly any: boolean;
  readonly onNews?: ((news: FarmNews) => void) | undefined;
  /** What a person should know before it starts. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** True where a search with these settings and a farm measures on the farm's phones. */
export function measuresOnFarm({ latency, phone }: SearchSettings): boolean {
  return latency === 'phone' && (phone === null || phone.serials === null);
}

/** Throws `farm-phones-needed` where a run that was measured on a farm goes on without one. */
export function assertFarmForPhones({ phone }: SearchSettings): void {
  if (phone?.onFarm !== true) return;
  throw new WorkbenchError(
    'farm-phones-needed',
    `The run measures on phones ${phone.model ?? ''} of a farm, and was given no farm.`,
    'Name it with --farm URL.',
  );
}
