/** A phone's measurement in words and figures. Pure. */
import type { PhoneLatency, PhoneRepeat } from '../../../preload/contract.ts';
import { phoneLatencyText as words } from './text.ts';
import { fixed } from '../../ground/words/format.ts';
import { latencyScale } from '../../ground/statistics/histogram.ts';
import { medianOfSorted } from '../../../main/common/order-statistics.ts';

/** Runner, engine, version, precision: none of them may be missing from a latency. */
export function runnerWords({ runner }: Pick<PhoneLatency, 'runner'>): string {
  const { name, engine, version, precision, provider } = runner;
  const on = provider === null ? '' : ` on ${provider.replace('ExecutionProvider', '')}`;
  return `${name}: ${engine} ${version}${on}, ${precision}`;
}

/** Why it never became steady, as a sentence; null where it did. */
export function unsteadyWords({ unsteady }: Pick<PhoneLatency, 'unsteady'>): string | null {
  if (unsteady.length === 0) return null;
  return words.never(unsteady.map((reason) => words.reasons[reason]).join(', '));
}

export interface RepeatRow {
  readonly medianMs: number;
  readonly runs: number;
  readonly battery: string;
  readonly cores: string;
  readonly thermal: string;
  /** Charging and screen, before and, where it changed, after. */
  readonly state: string;
  /** Null where it counts. */
  readonly discarded: string | null;
}

function change<T>(before: T | null, after: T | null, say: (value: T) => string): string {
  const text = (value: T | null): string => (value === null ? words.unknown : say(value));
  return words.to(text(before), text(after));
}

/** The slowest of the cores in use, which limits a run. */
function slowest(kHz: readonly (number | null)[], cores: readonly number[]): number | null {
  const known = cores.flatMap((core) => kHz[core] ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

export function repeatRow(repeat: PhoneRepeat, cores: readonly number[]): RepeatRow {
  const { latenciesMs, before, after, coreKHzBefore, coreKHzAfter, discarded } = repeat;
  // The runner reads frequencies right next to its runs; readings from outside come later.
  const from = slowest(coreKHzBefore, cores) ?? slowest(before.coreKHz, cores);
  const to = slowest(coreKHzAfter, cores) ?? slowest(after.coreKHz, cores);
  const states = [
    change(before.powered, after.powered, (power) => words.power[power]),
    change(before.screen, after.screen, (screen) => words.screen[screen]),
  ];
  return {
    medianMs: medianOfSorted([...latenciesMs].sort((a, b) => a - b)),
    runs: latenciesMs.length,
    battery: change(before.batteryC, after.batteryC, (celsius) => fixed(celsius, 1)),
    cores: change(from, to, (kHz) => fixed(kHz / 1e6, 2)),
    thermal: change(before.thermalStatus, after.thermalStatus, String),
    state: states.filter((state) => state !== words.unknown).join(', '),
    discarded: discarded === null ? null : words.reasons[discarded],
  };
}

/** One scale for the runs of all repeats. */
export function runScale(repeats: readonly Pick<PhoneRepeat, 'latenciesMs'>[]): {
  readonly low: number;
  readonly high: number;
} {
  return latencyScale(repeats.flatMap(({ latenciesMs }) => latenciesMs));
}

/** Places of the runs on that scale, 0 to 1; slower ones are counted, not drawn. */
export function runPlaces(
  { latenciesMs }: Pick<PhoneRepeat, 'latenciesMs'>,
  { low, high }: { readonly low: number; readonly high: number },
): { readonly places: readonly number[]; readonly slower: number } {
  const inside = latenciesMs.filter((ms) => ms <= high);
  return {
    places: inside.map((ms) => (ms - low) / (high - low)),
    slower: latenciesMs.length - inside.length,
  };
}
