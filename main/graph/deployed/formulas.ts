/** Operators that files spell out as formulas, found again: runtimes have one fast operator for each. */
import type { Graph, Initializer, Node } from '../graph.ts';
import { elements } from '../shape.ts';
import { materialise } from '../weights.ts';
import { countReaders } from './norms.ts';

/** 0.5 x (1 + erf(x / sqrt 2)), in whichever order it is multiplied, as Gelu. */
export function withFormulasRecognised(graph: Graph): Graph {
  const makers = new Map(graph.nodes.map((node) => [node.outputs[0]!, node]));
  const readers = countReaders(graph);
  const found = new Map<string, Node>();
  const gone = new Set<Node>();
  const number = (name: string): number | null => constantNumber(graph.initializers.get(name));

  for (const node of graph.nodes) {
    if (node.kind !== 'Erf') continue;
    const inner = makers.get(node.inputs[0]!);
    const scaled = inner && scaledBy(inner, number);
    if (!inner || !scaled || !near(scaled.factor, Math.SQRT1_2)) continue;
    const chain: Node[] = [inner, node];
    // What follows: + 1, then a product with x and one with 0.5, in any order.
    let value = node.outputs[0]!;
    let [plusOne, half, timesX] = [false, false, false];
    for (let step = 0; step < 3; step++) {
      if (readers.get(value) !== 1) break;
      const next = graph.nodes.find(({ inputs }) => inputs.includes(value));
      if (!next) break;
      const other = next.inputs.find((name) => name !== value) ?? '';
      if (next.kind === 'Add' && number(other) === 1 && !plusOne && !half && !timesX)
        plusOne = true;
      else if (next.kind === 'Mul' && plusOne && number(other) === 0.5 && !half) half = true;
      else if (next.kind === 'Mul' && plusOne && other === scaled.x && !timesX) timesX = true;
      else if (next.kind === 'Mul' && plusOne && !half && !timesX) {
        const before = makers.get(other);
        const both = before && scaledBy(before, number);
        if (!both || both.x !== scaled.x || !near(both.factor, 0.5)) break;
        chain.push(before);
        [half, timesX] = [true, true];
      } else break;
      chain.push(next);
      value = next.outputs[0]!;
      if (half && timesX) break;
    }
    if (!half || !timesX) continue;
    found.set(value, {
      kind: 'Gelu',
      name: node.name,
      inputs: [scaled.x],
      outputs: [value],
      attributes: { approximate: 'none' },
    });
    for (const part of chain) if (readers.get(part.outputs[0]!) === 1) gone.add(part);
  }
  if (found.size === 0) return graph;
  const nodes = graph.nodes.flatMap((node) => {
    const whole = found.get(node.outputs[0]!);
    return whole ? [whole] : gone.has(node) ? [] : [node];
  });
  return { ...graph, nodes };
}

const near = (a: number, b: number) => Math.abs(a - b) < 1e-4 * Math.abs(b);

/** The one number that an initialiser holds, or null. */
export function constantNumber(initializer: Initializer | undefined): number | null {
  return initializer && elements(initializer.shape) === 1 ? materialise(initializer)[0]! : null;
}

/** x and the factor of a node that multiplies or divides by a number. */
function scaledBy(
  node: Node,
  number: (name: string) => number | null,
): { readonly x: string; readonly factor: number } | null {
  if (node.kind !== 'Mul' && node.kind !== 'Div') return null;
  const [a, b] = node.inputs as readonly [string, string];
  const [first, second] = [number(a), number(b)];
  if (second !== null) return { x: a, factor: node.kind === 'Mul' ? second : 1 / second };
  return first !== null && node.kind === 'Mul' ? { x: b, factor: first } : null;
}
