/** Shapes of every value of a graph once its batch size is known. */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Node, Shape } from './graph.ts';
import { definitionOf } from './operators/index.ts';
import { elements, formatShape } from './shape.ts';
import type { Known } from '../common/known.ts';

/** Engines count elements in 32 bits in places; nothing larger could be scored anyway. */
const mostElements = 2 ** 31 - 1;
const mostAxes = 16;

/** Value name -> shape, for inputs, initialisers and every node's outputs. */
export type Shapes = ReadonlyMap<string, Shape>;

/**
 * Binds the batch size and infers all shapes in one pass over the nodes.
 * @throws WorkbenchError `shape-mismatch` naming the node, `graph-malformed` for a missing value,
 * `tensor-too-large` for a tensor that no engine can hold.
 */
export function inferShapes(graph: Graph, batchSize: number): Shapes {
  const shapes = new Map<string, Shape>();
  for (const input of graph.inputs) {
    shapes.set(
      input.name,
      input.shape.map((size) => size ?? batchSize),
    );
  }
  for (const [name, { shape }] of graph.initializers) shapes.set(name, shape);
  for (const [name, shape] of shapes) checkSizes(`The value "${name}"`, shape);
  for (const node of graph.nodes) inferNode(node, shapes);
  for (const name of graph.outputs) {
    if (!shapes.has(name)) {
      throw new WorkbenchError(
        'graph-malformed',
        `The network's output "${name}" is produced by no node.`,
        'It is a constant or a list of values (a sequence), or the model is damaged. Name another value as output, or export it again without that output.',
      );
    }
  }
  return shapes;
}

/** Adds the shapes of a node's outputs. */
export function inferNode(node: Node, shapes: Map<string, Shape>): void {
  const inputs = node.inputs.map((name) => {
    if (name === '') return undefined as unknown as Shape; // left out, as in ONNX
    const shape = shapes.get(name);
    if (!shape) {
      throw new WorkbenchError(
        'graph-malformed',
        `${node.kind} node "${node.name}" reads "${name}", which no node before it produces.`,
        'The model is damaged or its nodes are not in order. Export it again.',
      );
    }
    return shape;
  });
  const outputs = definitionOf(node.kind).infer(node, inputs as Known<Shape>);
  node.outputs.forEach((name, index) => {
    if (!outputs[index]) return;
    checkSizes(`The output of ${node.kind} node "${node.name}"`, outputs[index]);
    shapes.set(name, outputs[index]);
  });
}

/**
 * @throws WorkbenchError `shape-mismatch` for sizes that are not positive whole numbers, `tensor-too-large`.
 */
export function checkSizes(what: string, shape: Shape): void {
  if (shape.some((size) => !Number.isInteger(size) || size < 1) || shape.length > mostAxes) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${what} would be ${formatShape(shape)}.`,
      'Check the model and the shape of its inputs.',
    );
  }
  if (elements(shape) > mostElements) {
    throw new WorkbenchError(
      'tensor-too-large',
      `${what} would have ${formatShape(shape)} values, more than any engine can hold.`,
      'Use a smaller batch, smaller images or a smaller network.',
    );
  }
}
