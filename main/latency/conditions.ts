/** The conditions of a latency in words: it means nothing without them, so they always go along. */
import type { LatencyConditions } from './latency.ts';

/** Null where the latency was measured. */
export function estimateNote({ device, estimate }: LatencyConditions): string | null {
  if (!estimate) return null;
  const { medianPercent, p90Percent } = estimate;
  return (
    `estimated for ${device}, not measured: networks left out of the fit were off by ` +
    `${medianPercent.toFixed(1)} % in the median, by at most ${p90Percent.toFixed(1)} % in nine of ten cases`
  );
}

/** One sentence, or two where an estimate goes beyond what was measured. */
export function conditionsInWords(conditions: LatencyConditions): string {
  const note = estimateNote(conditions);
  const { precision, runner, engineVersion } = conditions;
  if (note === null) {
    const { device, phone } = conditions;
    const where = phone
      ? `${provider(phone.provider)}on cores ${phone.mask.toString(16)} of a phone (${device})`
      : `on this computer (${device})`;
    const unsteady = (phone ?? conditions.host)?.unsteady ?? [];
    const threads = conditions.threads === 1 ? '1 thread' : `${conditions.threads} threads`;
    return (
      `Median of ${conditions.runs} runs after ${conditions.warmUp} warm-up runs, batch 1, ` +
      `${precision}, ${threads}, ${runner} ${engineVersion}, ${where}.` +
      (unsteady.length > 0 ? ` It never became steady: ${reasonsInWords(unsteady)}.` : '')
    );
  }
  return (
    `Latency ${note}; TensorFlow Lite, ${precision}, batch 1.` +
    (conditions.estimate?.withinMeasuredRange
      ? ''
      : ' This network lies outside of the sizes that were measured, so it may be off by more.')
  );
}

/** Of phones and of this computer. */
const reasons: Readonly<Record<string, string>> = {
  'other-programs': 'other programs kept the computer busy',
  'stolen-time': 'the host of this virtual machine gave its time to others',
  'waited-for-processor': 'the network had to wait for a processor',
  'medians-drift': 'repeats were more than 5 % apart',
  'frequency-fell': 'a core became slower meanwhile',
  'thermal-status': 'Android reported heat',
};

/** Why a figure never became steady: of a newer version as it is stored. */
export function reasonsInWords(unsteady: readonly string[]): string {
  return unsteady.map((reason) => reasons[reason] ?? reason).join(', ');
}

/**
 * Whether two latencies were taken alike: by the same source, runner and settings. How many runs it took until
 * they were steady, or whether they were, is no difference of that kind.
 */
export function sameConditions(one: LatencyConditions, other: LatencyConditions): boolean {
  const alike = ({ runs: _, host: __, phone, ...conditions }: LatencyConditions) =>
    conditionsInWords({
      ...conditions,
      runs: 0,
      ...(phone && { phone: { ...phone, unsteady: [] } }),
    });
  return alike(one) === alike(other);
}

function provider(name: string | null): string {
  return name === null ? '' : `${name}, `;
}
