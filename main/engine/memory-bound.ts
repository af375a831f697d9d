/** The least memory that a forward and backward pass needs, known before an engine tries. */
import { WorkbenchError } from '../errors.ts';
import type { DifferentiatedGraph } from '../graph/differentiate.ts';
import type { Graph } from '../graph/graph.ts';
import { traitsOf } from '../graph/operators/index.ts';
import { elements, type Shape } from '../graph/shape.ts';

/** Of single-precision numbers. */
const bytesOf = (shape: Shape): number => 4 * elements(shape);

/** Memory of all weights of a network; no engine needs less. */
export function bytesOfWeights({ initializers }: Pick<Graph, 'initializers'>): number {
  return [...initializers.values()].reduce((sum, { shape }) => sum + bytesOf(shape), 0);
}

/**
 * The weights, plus the larger of two: the values of the forward pass that the backward pass reads, which all
 * exist once the loss is known, or the gradients of all layers, which all exist at the end.
 * @param forward the graph before differentiation
 * @returns bytes
 */
export function leastMemory(
  differentiated: DifferentiatedGraph,
  forward: Pick<Graph, 'nodes'>,
): number {
  const { graph, shapes, gradients } = differentiated;
  const all = [...gradients.values()].reduce((sum, v) => sum + bytesOf(shapes.get(v) ?? []), 0);
  return bytesOfWeights(graph) + Math.max(bytesOfKeptValues(differentiated, forward), all);
}

/**
 * The values of the forward pass that the backward pass reads.
 * @param forward the graph before differentiation
 * @returns bytes
 */
export function bytesOfKeptValues(
  { graph, shapes }: Pick<DifferentiatedGraph, 'graph' | 'shapes'>,
  forward: Pick<Graph, 'nodes'>,
): number {
  const owner = new Map<string, string>();
  for (const { kind, inputs, outputs } of forward.nodes) {
    if (traitsOf(kind).view) owner.set(outputs[0]!, owner.get(inputs[0]!) ?? inputs[0]!);
    else for (const output of outputs) owner.set(output, output);
  }
  const kept = new Set<string>();
  for (const { inputs } of graph.nodes.slice(forward.nodes.length)) {
    for (const input of inputs) {
      const value = owner.get(input);
      if (value !== undefined && owner.get(value) === value) kept.add(value);
    }
  }
  return [...kept].reduce((sum, value) => sum + bytesOf(shapes.get(value) ?? []), 0);
}

/**
 * An estimate of `bytesOfKeptValues`, before anything is differentiated: what weights are multiplied with, both
 * sides of normalisations, and what comes out of activations.
 * @returns bytes
 */
export function bytesOfLikelyKept(
  shapes: DifferentiatedGraph['shapes'],
  { nodes }: Pick<Graph, 'nodes'>,
): number {
  const kept = new Set<string>();
  for (const { kind, inputs, outputs } of nodes) {
    const { trained, family } = traitsOf(kind);
    if (trained || family === 'norm') kept.add(inputs[0]!);
    if (family === 'norm' || family === 'activation') for (const value of outputs) kept.add(value);
  }
  return [...kept].reduce((sum, value) => sum + bytesOf(shapes.get(value) ?? []), 0);
}

/** @throws WorkbenchError `memory-lower-bound` */
export function assertFitsMemory(least: number, allowed: number, network: string): void {
  if (least <= allowed) return;
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  throw new WorkbenchError(
    'memory-lower-bound',
    `"${network}" needs at least ${mebibytes(least)} MiB with these batches; ${mebibytes(allowed)} MiB are allowed. It was not tried.`,
    'Use a smaller batch, smaller images or a smaller network.',
  );
}
