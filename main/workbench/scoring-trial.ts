/** How fast a search would be here: a few networks of its space are scored, and one is measured. */
import { isEstimate } from '../common/latency-sources.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { generatorFor } from '../random.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype } from '../space/space.ts';
import type { DataSource } from '../task/data-source.ts';
import type { LatencySources } from './latency-sources.ts';
import type { SessionOptions } from './options.ts';
import { scoreCandidate, type Scorers } from './scorers.ts';
import { batchesFor } from './search-data.ts';
import { countsOf } from './size-of.ts';

export interface TrialRate {
  readonly secondsPerCandidate: number;
  /** Networks that were scored for it. */
  readonly networks: number;
}

export interface TrialParts {
  readonly data: DataSource;
  readonly scorers: Scorers;
  readonly latencies: LatencySources;
}

/** Networks that are scored, after one a process to warm it up. */
const scored = 4;
/** Networks among which those are chosen, spread over their sizes. */
const sampled = 12;

/**
 * Null where a phone measures: that takes as long as it takes, and none is asked for an estimate.
 * Throws what opening images, scoring and measuring throw.
 */
export async function scoringTrial(
  { data, scorers, latencies }: TrialParts,
  settings: SearchSettings,
  space: DescribedSpace,
  session: SessionOptions,
  signal: AbortSignal,
): Promise<TrialRate | null> {
  if (settings.latency === 'phone') return null;
  const batches = await batchesFor(data, space, settings, { signal });
  const chosen = await scorers.choose(space, batches, session, settings);
  // So few that nobody measures how to share the cores.
  const few = 1;
  const { engine, layout } = await scorers.start(chosen, space, batches, session, few, signal);
  const networks = spreadOf(space);
  const score = async (some: readonly Genotype[]): Promise<number> => {
    const began = performance.now();
    const all = some.map((one) => scoreCandidate(engine, space, one, settings, signal));
    await Promise.all(all);
    return (performance.now() - began) / 1000;
  };
  try {
    await score(Array.from({ length: layout.workers }, () => networks[0]!));
    // As many at once as a search has, each network as often.
    const rounds = networks.flatMap((one) => Array.from({ length: layout.workers }, () => one));
    const seconds = await score(rounds);
    const measuring = await measured(latencies, settings, space, networks, signal);
    return {
      secondsPerCandidate: seconds / rounds.length + measuring,
      networks: networks.length,
    };
  } finally {
    await engine.close();
  }
}

/** Seconds that a measurement takes; an estimate takes next to none. */
async function measured(
  latencies: LatencySources,
  settings: SearchSettings,
  space: DescribedSpace,
  networks: readonly Genotype[],
  signal: AbortSignal,
): Promise<number> {
  if (settings.latency === 'macs' || isEstimate(settings.latency)) return 0;
  const purpose = { purpose: 'a trial', kept: null, session: {} };
  const { source } = await latencies.open(settings, purpose);
  if (source === null) return 0;
  try {
    const middle = networks[networks.length >> 1]!;
    const { weights, seed } = settings;
    const network = initialNetwork(space, middle, weights, seed, 'deployment');
    const began = performance.now();
    await source.measure(network, signal);
    return (performance.now() - began) / 1000;
  } finally {
    await source.close();
  }
}

/** From small to large, the same every time; as many as there are in a smaller space. */
function spreadOf(space: DescribedSpace): readonly Genotype[] {
  const random = generatorFor('scoring trial');
  const drawn = new Set(Array.from({ length: sampled }, () => space.sample(random)));
  const sized = [...drawn].flatMap((genotype) => {
    const { macs, impossible } = countsOf(space, genotype);
    return impossible === undefined ? [{ genotype, macs }] : [];
  });
  const sorted = sized.sort((a, b) => a.macs - b.macs).map(({ genotype }) => genotype);
  if (sorted.length <= scored) return sorted.length > 0 ? sorted : [space.at(0)];
  return Array.from(
    { length: scored },
    (_, k) => sorted[Math.floor(((k + 0.5) * sorted.length) / scored)]!,
  );
}
