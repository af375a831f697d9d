/**
 * Ranges made up without running the network: the latency of an int8 network does not depend on its numbers, and
 * those of an untrained network mean nothing anyway. Not for networks whose outputs matter.
 */
import { toDeployedForInt8 } from '../graph/deployed/index.ts';
import type { Graph, Node } from '../graph/graph.ts';
import type { Quantisable } from './calibration.ts';
import type { Range } from './ranges.ts';

/** Neighbours differ, as they do in a real network: where runtimes bring two scales together, that takes time. */
const different = 7;

/** @param known the ranges of those values whose ranges are known */
export function withNominalRanges(
  graph: Graph,
  known: ReadonlyMap<string, Range> = new Map(),
): Quantisable {
  const deployed = toDeployedForInt8(graph);
  const ranges = new Map<string, Range>();
  const add = (value: string, isPositive: boolean) => {
    const max = 4 + (ranges.size % different) / 4;
    ranges.set(value, known.get(value) ?? { min: isPositive ? 0 : -max, max });
  };
  for (const { name } of deployed.inputs) add(name, false);
  for (const node of deployed.nodes) add(node.outputs[0]!, isPositive(node));
  const calibration = { ranges, means: new Map(), moments: new Map() };
  return { graph: deployed, exact: deployed, calibration };
}

/** Runtimes leave out an activation whose range shows that it changes nothing. */
const isPositive = (node: Node) =>
  node.kind === 'Relu' || (node.kind === 'Clip' && node.attributes.min >= 0);
