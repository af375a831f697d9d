/** Which of two layouts scores more candidates a minute on this computer: measured, not guessed. */
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { BatchSet } from '../task/batches.ts';
import type { Engine } from './engine.ts';
import type { ScoringLayout } from './layout.ts';

export interface LayoutTrial {
  readonly layout: ScoringLayout;
  /** Null where the layout could not score the network. */
  readonly candidatesPerMinute: number | null;
}

export interface LayoutTrialRequest {
  readonly layouts: readonly [ScoringLayout, ...ScoringLayout[]];
  /** An engine of that layout, with its share of the memory; closed after the trial. */
  readonly open: (layout: ScoringLayout) => Engine;
  /** A network as large as those that will be scored. */
  readonly network: Graph;
  readonly batches: BatchSet;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, monotonic. */
  readonly clock?: () => number;
}

const rounds = 3;
/** Large networks show the difference in one round. */
const enoughMs = 6000;

/**
 * Scores the same network with every layout in turn, round by round, so that other load on the machine affects
 * all of them; each round scores as many copies as the largest layout has processes.
 * @returns one trial a layout, in their order
 */
export async function tryLayouts(request: LayoutTrialRequest): Promise<readonly LayoutTrial[]> {
  const { layouts, open, network, batches, signal } = request;
  const clock = request.clock ?? (() => performance.now());
  const copies = Math.max(...layouts.map(({ workers }) => workers));
  const tried = layouts.map((layout) => ({
    layout,
    engine: open(layout),
    times: [] as number[],
    failed: false,
  }));
  const score = (engine: Engine) => engine.statistics({ graph: network, termCap: 1 }, signal);
  const block = async (entry: (typeof tried)[number], count: number): Promise<number> => {
    const start = clock();
    const scored = await Promise.allSettled(
      Array.from({ length: count }, () => score(entry.engine)),
    );
    const rejected = scored.find((result) => result.status === 'rejected');
    if (rejected) {
      signal?.throwIfAborted();
      if (!(rejected.reason instanceof WorkbenchError)) throw rejected.reason;
      entry.failed = true;
    }
    return clock() - start;
  };
  try {
    for (const entry of tried) {
      await entry.engine.useBatches(batches);
      await block(entry, entry.layout.workers); // the first score of a process is slower
    }
    const start = clock();
    for (let round = 0; round < rounds; round++) {
      if (round > 0 && clock() - start > enoughMs) break;
      const order = round % 2 === 0 ? tried : [...tried].reverse();
      for (const entry of order) if (!entry.failed) entry.times.push(await block(entry, copies));
    }
  } finally {
    await Promise.all(tried.map(({ engine }) => engine.close()));
  }
  return tried.map(({ layout, times, failed }) => ({
    layout,
    candidatesPerMinute: failed ? null : (60_000 * copies) / Math.min(...times),
  }));
}

/**
 * The layout with the most candidates a minute; the first where none could score.
 * @param margin the first one is kept unless another is at least this many times as fast
 */
export function fastest(trials: readonly LayoutTrial[], margin = 1): ScoringLayout {
  const rate = (trial: LayoutTrial) => trial.candidatesPerMinute ?? 0;
  const best = trials.reduce((one, other) => (rate(other) > rate(one) ? other : one));
  return rate(best) > margin * rate(trials[0]!) ? best.layout : trials[0]!.layout;
}
