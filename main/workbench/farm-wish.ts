/** How a session uses a farm. */
import type { FarmAccess } from '../farm/address.ts';
import type { FarmNews } from '../farm/scoring.ts';

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
