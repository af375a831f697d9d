/** What a phone is doing for a search, in words, and its last latencies as a line. Pure. */
import type { PhoneActivity } from '../../../preload/contract.ts';
import { atWorkText as words } from './text.ts';
import { duration } from '../../ground/words/format.ts';
import type { Mood } from '../../ground/words/mood.ts';

export interface PhoneWord {
  readonly word: string;
  readonly mood: Mood;
}

const moods: Readonly<Record<PhoneActivity['state'], Mood>> = {
  idle: 'ok',
  starting: 'waiting',
  measuring: 'ok',
  waiting: 'hot',
  away: 'failed',
};

/** One word about it with its colour, and the text after that word. */
export function workOf({ state, message, waitedMs, limitMs }: PhoneActivity): PhoneWord & {
  /** Why it waits; empty while it works. */
  readonly reason: string;
  /** How long it has waited, and the limit. */
  readonly waited: string;
} {
  const waits = state === 'waiting' || state === 'away';
  return {
    word: words.state[state],
    mood: moods[state],
    reason: message ?? (state === 'idle' ? words.idle : ''),
    waited:
      waits && waitedMs !== null && limitMs !== null
        ? words.waited(duration(waitedMs / 1000), duration(limitMs / 1000))
        : '',
  };
}

/** What a search waits for where all of its phones do; null as long as one of them measures, or none is there. */
export function waitedFor(
  phones: readonly PhoneActivity[],
): { readonly word: string; readonly reason: string } | null {
  const waits = ({ state }: PhoneActivity): boolean => state === 'waiting' || state === 'away';
  const [first] = phones;
  if (first === undefined || !phones.every(waits)) return null;
  return { word: words.waitsFor(phones.length), reason: workOf(first).reason };
}

/** The highest value that is known, such as the frequency of the fastest core; null where none is. */
export function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** A line through values from the first to the last, scaled to the box; a point where there is one. */
export function sparkLine(
  values: readonly number[],
  box: { readonly width: number; readonly height: number },
): string {
  if (values.length === 0) return '';
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  const pad = 2;
  const places = values.map((value, i) => {
    const x = pad + (i / Math.max(1, values.length - 1)) * (box.width - 2 * pad);
    const share = range === 0 ? 0.5 : (value - least) / range;
    return `${x.toFixed(1)} ${(box.height - pad - share * (box.height - 2 * pad)).toFixed(1)}`;
  });
  return values.length === 1 ? `M${places[0]}h0.01` : `M${places.join('L')}`;
}
