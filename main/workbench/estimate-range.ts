/** Whether a space lies where an estimate of latencies was measured: to be told before anything is scored. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isEstimate, type LatencyKind } from '../common/latency-sources.ts';
import { tooLargeFrom, WorkbenchError } from '../errors.ts';
import { predictedDevices } from '../latency/predicted/devices.ts';
import { contentOf } from '../latency/predicted/operations-of.ts';
import { beyond } from '../latency/predicted/range.ts';
import { generatorFor } from '../random.ts';
import type { Genotype, Space } from '../space/space.ts';
import { keptExamples, type Warning } from '../warning.ts';

/** How many networks are looked at. */
const drawn = 24;

/**
 * Null where latencies are not estimated, or half of the space or more lies inside of what was measured. Draws
 * the same networks every time.
 */
export async function estimateWarning(space: Space, kind: LatencyKind): Promise<Warning | null> {
  if (!isEstimate(kind)) return null;
  const { model, conditions } = predictedDevices[kind];
  const random = generatorFor('estimate range');
  const reasons = new Map<string, number>();
  let looked = 0;
  let outside = 0;
  for (let i = 0; i < drawn; i++) {
    await nextTurn(); // whoever asks has others to answer
    const found = reasonsOf(space, space.sample(random), model.range);
    if (found === null) continue;
    looked += 1;
    if (found.length > 0) outside += 1;
    for (const reason of found) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (2 * outside <= looked) return null;
  const often = [...reasons].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
  return {
    code: 'estimate-out-of-range',
    message: `${outside} of ${looked} networks drawn from ${space.title} lie outside of what was measured to estimate latencies of ${conditions.device}: they may be off by far more than usual.`,
    hint: 'For dependable costs, count MACs (macs), or measure on this computer (host) or on a phone (phone).',
    count: often.length,
    examples: often.slice(0, keptExamples),
  };
}

/** Null where there is no such network: it is larger than can be described. */
function reasonsOf(
  space: Space,
  genotype: Genotype,
  range: Parameters<typeof beyond>[1],
): readonly string[] | null {
  try {
    return beyond(contentOf(space.decode(genotype)), range).outside;
  } catch (error) {
    if (error instanceof WorkbenchError || tooLargeFrom(error) !== null) return null;
    throw error;
  }
}
