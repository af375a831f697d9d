/** The conditions of a latency in words: a latency means nothing without them, so they always accompany it. */
import { boundsLabels, type LatencyBounds } from '../common/latency-bounds.ts';
import { meantCoverage } from '../common/measuring.ts';
import { placementInWords } from '../common/placement.ts';
import { wasUnfit } from './bounds.ts';
import type { LatencyConditions } from './latency.ts';
import { mostPercent } from './predicted/range.ts';

/** Null where the latency was measured. */
export function estimateNote({ device, estimate }: LatencyConditions): string | null {
  return estimate ? `estimated for ${device}, not measured: ${errorInWords(estimate)}` : null;
}

type EstimateStated = NonNullable<LatencyConditions['estimate']>;

/** How far an estimate is off, and where that is no more than a guess why. */
export function errorInWords({
  medianPercent,
  p90Percent,
  withinMeasuredRange,
  outside = [],
}: EstimateStated): string {
  if (withinMeasuredRange) {
    return (
      'networks like it that were left out of the fit were off by ' +
      `${medianPercent.toFixed(1)} % in the median, by at most ${p90Percent.toFixed(1)} % in nine of ten cases`
    );
  }
  const beyond = outside.length > 0 ? ` (${outside.join(', ')})` : '';
  const off = p90Percent >= mostPercent ? 'tenfold or more' : `${p90Percent.toFixed(0)} %`;
  return `it lies outside of what was measured${beyond} and may be off by ${off}`;
}

/** One sentence, or two where the figure is not steady. */
export function conditionsInWords(conditions: LatencyConditions): string {
  const note = estimateNote(conditions);
  const { precision, runner, engineVersion } = conditions;
  if (note !== null) return `Latency ${note}; TensorFlow Lite, ${precision}, batch 1.`;
  const { device, phone } = conditions;
  const where = phone
    ? `${provider(phone.provider)}on cores ${phone.mask.toString(16)} of a phone (${device})${phone.worker === undefined ? '' : ` at ${phone.worker}`}`
    : `on this computer (${device})`;
  const unsteady = (phone ?? conditions.host)?.unsteady ?? [];
  const threads = conditions.threads === 1 ? '1 thread' : `${conditions.threads} threads`;
  return (
    `Median of ${conditions.runs} runs after ${conditions.warmUp} warm-up runs, batch 1, ` +
    `${precision}, ${threads}, ${runner} ${engineVersion}, ${where}.` +
    (phone?.placement ? ` ${capital(placementInWords(phone.placement))}.` : '') +
    (unsteady.length > 0 ? ` It never became steady: ${reasonsInWords(unsteady)}.` : '')
  );
}

/** Such as `95 %: 9.500 to 10.50 ms`. */
export function boundsInWords({ lowMs, highMs, basis }: LatencyBounds): string {
  const [low, high] = [lowMs, highMs].map((ms) => ms.toPrecision(4));
  return `${boundsLabels[basis]}: ${low} to ${high} ms`;
}

/**
 * @param interval milliseconds; null where a single repeat says nothing of it
 * @param unsteady why the figure never became steady
 * @param covers what such intervals were found to hold, where that is less than they are meant to
 */
export function intervalInWords(
  interval: readonly [number, number] | null,
  unsteady: readonly string[],
  covers = meantCoverage,
): string {
  if (interval === null) return 'no interval: one repeat does not show how repeats differ';
  const [low, high] = interval.map((ms) => `${ms.toPrecision(4)} ms`);
  if (wasUnfit(unsteady)) {
    return `interval at least ${low} to ${high}, of which no share is claimed: it is not steady`;
  }
  if (covers >= meantCoverage) return `95 % interval ${low} to ${high}`;
  return `interval ${low} to ${high}, which holds in about ${Math.round(100 * covers)} % of cases on a virtual machine`;
}

/** Of phones and of this computer. */
const reasons: Readonly<Record<string, string>> = {
  'other-programs': 'other programs kept the computer busy',
  'stolen-time': 'the host of this virtual machine gave processor time to others',
  'waited-for-processor': 'the network had to wait for a processor',
  'slower-processor': 'the processor was slower than before',
  'medians-drift': 'repeats were more than 5 % apart',
  'interval-not-reached':
    'it stayed less certain than asked for after the largest number of repeats',
  'frequency-fell': 'a core became slower meanwhile',
  'thermal-status': 'Android reported heat',
};

/** Why a figure never became steady; an unknown reason, of a newer version, is given as stored. */
export function reasonsInWords(unsteady: readonly string[]): string {
  return unsteady.map((reason) => reasons[reason] ?? reason).join(', ');
}

/**
 * Whether two latencies were taken alike: by the same source, runner and settings. How many runs it took until
 * they were steady, whether they were, and what was said of an error are no differences of that kind.
 */
export function sameConditions(one: LatencyConditions, other: LatencyConditions): boolean {
  const alike = ({
    runs: _,
    host: __,
    interval: ___,
    phone,
    estimate,
    ...conditions
  }: LatencyConditions) =>
    conditionsInWords({
      ...conditions,
      runs: 0,
      ...(estimate && {
        estimate: { medianPercent: 0, p90Percent: 0, withinMeasuredRange: true },
      }),
      ...(phone && { phone: withoutWorker({ ...phone, unsteady: [], placement: null }) }),
    });
  return alike(one) === alike(other);
}

/** Phones of one model are taken alike, wherever they are plugged in. */
function withoutWorker<T extends { readonly worker?: string }>(phone: T): Omit<T, 'worker'> {
  const { worker, ...others } = phone;
  void worker;
  return others;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function provider(name: string | null): string {
  return name === null ? '' : `${name}, `;
}
