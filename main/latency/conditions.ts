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
    const unsteady = phone && phone.unsteady.length > 0;
    const threads = conditions.threads === 1 ? '1 thread' : `${conditions.threads} threads`;
    return (
      `Median of ${conditions.runs} runs after ${conditions.warmUp} warm-up runs, batch 1, ` +
      `${precision}, ${threads}, ${runner} ${engineVersion}, ${where}.` +
      (unsteady ? ` It never became steady: ${phone.unsteady.join(', ')}.` : '')
    );
  }
  return (
    `Latency ${note}; TensorFlow Lite, ${precision}, batch 1.` +
    (conditions.estimate?.withinMeasuredRange
      ? ''
      : ' This network lies outside of the sizes that were measured, so it may be off by more.')
  );
}

function provider(name: string | null): string {
  return name === null ? '' : `${name}, `;
}
