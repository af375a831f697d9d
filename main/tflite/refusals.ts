/** What cannot be said in TensorFlow Lite, by the names of operator and node. */
import { WorkbenchError } from '../errors.ts';
import type { Node } from '../graph/graph.ts';

/** @param what the rest of the sentence after the node's name, such as `has dilated windows` */
export function notConvertible(node: Pick<Node, 'kind' | 'name'>, what: string): WorkbenchError {
  return new WorkbenchError(
    'not-convertible',
    `${node.kind} node "${node.name}" ${what}: TensorFlow Lite has no operator for that.`,
    'Convert a network without it, or deploy the ONNX model.',
  );
}
