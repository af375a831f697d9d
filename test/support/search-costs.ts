/** Costs by which searches of benches go: counted, or measured with the noise that measuring has. */
import { nodeProcesses } from '../../main/child/node-process.ts';
import { HostLatency } from '../../main/latency/host.ts';
import type { Latency } from '../../main/latency/latency.ts';
import { PredictedLatency } from '../../main/latency/predicted/predicted-latency.ts';
import { generatorFor } from '../../main/random.ts';
import type { DescribedSpace } from '../../main/space/described-space.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { Genotype } from '../../main/space/space.ts';
import { latencyEntry } from './engines.ts';
import { Resumable } from './resumable.ts';
import { toyLatency } from './toy-search.ts';

export type CostKind = 'macs' | 'phone' | 'host';

export interface SearchCost {
  /** Of the settings of a search that goes by it. */
  readonly latency: 'macs' | 'host';
  /** What measures for the search; null where the cost is counted. */
  readonly source: {
    readonly exclusive: boolean;
    measure(genotype: Genotype): Promise<Latency>;
  } | null;
  /** What a network is judged by. */
  of(genotype: Genotype): Promise<number>;
  close(): Promise<void>;
}

const phoneNoise = 0.05;

/** A nearly normal number of deviation 1, always the same for a network. */
function noise(genotype: Genotype): number {
  const random = generatorFor('latency noise', genotype);
  const sum = Array.from({ length: 12 }, () => (random.next() >>> 0) / 2 ** 32);
  return sum.reduce((total, one) => total + one, -6);
}

const measured = (latencyMs: number): Latency => ({
  ...toyLatency('1-1' as Genotype),
  latencyMs,
});

/** With the interval that a phone's latency comes with. */
function withItsError(latencyMs: number): Latency {
  const plain = measured(latencyMs);
  const factor = Math.exp(1.96 * phoneNoise);
  const ms = [latencyMs / factor, latencyMs * factor] as const;
  const interval = { ms, asked: null, reached: true };
  return { ...plain, conditions: { ...plain.conditions, interval } };
}

/**
 * - `macs`: counted;
 * - `phone`: measured on a phone that takes the time estimated for a Galaxy S10, with 5 % of noise and intervals that
 *   say so, and judged without;
 * - `host`: measured on this computer as the product does, once a network: kept in dist/bench and shared, so that a
 *   figure is judged by what the search saw.
 */
export function searchCost(kind: CostKind, space: DescribedSpace): SearchCost {
  if (kind === 'macs') {
    const of = (one: Genotype): Promise<number> => Promise.resolve(space.counts(one).macs);
    return { latency: 'macs', source: null, of, close: () => Promise.resolve() };
  }
  return kind === 'phone' ? phoneCost(space) : hostCost(space);
}

function phoneCost(space: DescribedSpace): SearchCost {
  const device = new PredictedLatency('predicted-s10-gpu');
  const known = new Map<Genotype, number>();
  const of = (genotype: Genotype): Promise<number> => {
    let latencyMs = known.get(genotype);
    if (latencyMs === undefined) {
      latencyMs = device.leastMs(space.decode(genotype));
      known.set(genotype, latencyMs);
    }
    return Promise.resolve(latencyMs);
  };
  return {
    latency: 'host',
    source: {
      exclusive: false,
      measure: async (one) => withItsError((await of(one)) * Math.exp(phoneNoise * noise(one))),
    },
    of,
    close: () => Promise.resolve(),
  };
}

function hostCost(space: DescribedSpace): SearchCost {
  const kept = new Resumable<{ latencyMs: number; unsteady: number }>(
    `host-latencies-${space.name}`,
    Infinity,
  );
  const host = new HostLatency({
    ...{ processes: nodeProcesses, entry: latencyEntry },
    limits: { timeoutMs: 120_000, memoryBytes: 2 ** 33 },
  });
  let unsteady = 0;
  let looked = 0;
  const of = async (genotype: Genotype): Promise<number> => {
    const result = await kept.get(genotype, async () => {
      const graph = initialNetwork(space, genotype, 'pytorch-default', 0, 'deployment');
      const { latencyMs, conditions } = await host.measure(graph);
      looked++;
      if ((conditions.host?.unsteady.length ?? 0) > 0) unsteady++;
      return { latencyMs, unsteady: conditions.host?.unsteady.length ?? 0 };
    });
    if (result === null) throw new Error('no time limit was given');
    return result.latencyMs;
  };
  return {
    latency: 'host',
    source: { exclusive: true, measure: async (one) => measured(await of(one)) },
    of,
    close: async () => {
      console.log(`${looked} networks measured on this computer, ${unsteady} marked as unsteady`);
      await host.close();
    },
  };
}
