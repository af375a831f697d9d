/**
 * Ranges that nothing was run for: what an int8 network takes in time does not depend on its numbers, and a network
 * that was not trained has none that mean anything. Not for networks that are to compute something.
 */
import { toDeployedForInt8 } from '../graph/deployed/index.ts';
import type { Graph, Node } from '../graph/graph.ts';
import type { Quantisable } from './calibration.ts';
import type { Range } from './ranges.ts';

/** Neighbours differ, as they do in a real network: where runtimes bring two scales together, that takes time. */
const different = 7;

/** @param known ranges of values that are known all the same */
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

/** Where it is known to be, runtimes leave the activation out. */
const isPositive = (node: Node) =>
  node.kind === 'Relu' || (node.kind === 'Clip' && node.attributes.min >= 0);
