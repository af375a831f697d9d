/** What one phone of a search does, for people to see. */
import type { PhoneConditions } from '../../latency/phone-conditions.ts';

export interface PhoneActivity {
  /** As adb names it. */
  readonly serial: string;
  readonly model: string | null;
  readonly state: 'idle' | 'starting' | 'measuring' | 'waiting' | 'away';
  /** What it waits for, and what a person can do; null while it works. */
  readonly message: string | null;
  readonly hint: string | null;
  /** How long it has waited, and the limit; null while it works. */
  readonly waitedMs: number | null;
  readonly limitMs: number | null;
  /** Candidates that wait, in the one queue of all phones. */
  readonly queued: number;
  /** Candidates of this session. */
  readonly measured: number;
  readonly failed: number;
  /** Median of the last candidate. */
  readonly lastMs: number | null;
  /** Medians of the last candidates, at most `mostRecent`, the newest last. */
  readonly recentMs: readonly number[];
  /** As read last, before or after a repeat or while it waited. */
  readonly conditions: PhoneConditions | null;
}

/** As many medians as a small chart shows. */
export const mostRecent = 60;
