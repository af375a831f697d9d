/** What a search asks about every network that it considers. */
import type { Graph } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import type { LatencySource } from '../latency/latency.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Size } from '../search/size.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Genotype } from '../space/space.ts';

/** Parameters and MACs, and the least latency where that is limited. Throws what shape inference throws. */
export function sizeOf(
  graph: Graph,
  { maxLatencyMs }: Pick<SearchSettings, 'maxLatencyMs'>,
  source: Pick<LatencySource, 'leastMs'> | null,
): Size {
  const { parameters, macs } = summarise(graph);
  const leastMs = maxLatencyMs === null ? undefined : source?.leastMs?.(graph);
  return { parameters, macs, ...(leastMs !== undefined && { leastMs }) };
}

/** Parameters and MACs without a graph. Throws what counting throws. */
export function countsOf(space: DescribedSpace, genotype: Genotype): Size {
  const { parameters, macs } = space.counts(genotype);
  return { parameters, macs };
}
