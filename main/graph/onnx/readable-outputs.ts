/** Of a file with several outputs those that can be read, where something on the way to the others cannot. */
import type onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import { partLeadingTo } from './chosen-part.ts';
import { beforeDecisions } from './decisions.ts';
import { decodeModel } from './decode.ts';
import { namedInOrder, readBy } from './node-order.ts';
import { readOnnx, shapesForChoices, type ReadOptions } from './read.ts';

/**
 * As `readOnnx`. Outputs behind a node that is refused are left out and named in the graph, as long as there are
 * others.
 * @throws WorkbenchError what reading the whole throws, where no output can be read
 */
export function readReadableOutputs(
  bytes: Uint8Array,
  label: string,
  options: Omit<ReadOptions, 'outputs'>,
): Graph {
  const first = attempt(() => readOnnx(bytes, label, options));
  if (!(first instanceof WorkbenchError)) return first;
  if (first.node === null) throw first;
  const whole = decodeModel(bytes, label).graph!;
  const decided = options.deployed
    ? null
    : beforeDecisions(whole, () => shapesForChoices(bytes, label, options));
  // What was read, so that nodes without a name are called here as they were there.
  let part = decided ?? whole;
  const all = outputsOf(part);
  let refused = first.node;
  for (;;) {
    const behind = behindNode(part, refused);
    const left = outputsOf(part);
    const apart = left.filter((name) => !behind.has(name));
    // Each round leaves out at least one output more.
    if (apart.length === 0 || apart.length === left.length) throw first;
    const read = attempt(() => readOnnx(bytes, label, { ...options, outputs: apart }));
    if (!(read instanceof WorkbenchError)) {
      const unread = { outputs: all.filter((name) => !apart.includes(name)), read: apart };
      return {
        ...{ ...read, ...(decided && { decided: true }) },
        unread: { ...unread, reason: first.message },
      };
    }
    if (read.node === null) throw first;
    refused = read.node;
    part = partLeadingTo(whole, apart);
  }
}

const outputsOf = ({ output }: onnxProto.onnx.IGraphProto): readonly string[] =>
  (output ?? []).map(({ name }) => name ?? '');

function attempt(read: () => Graph): Graph | WorkbenchError {
  try {
    return read();
  } catch (error) {
    if (error instanceof WorkbenchError) return error;
    throw error;
  }
}

/** Values that cannot be computed without this node. */
function behindNode({ node = [] }: onnxProto.onnx.IGraphProto, name: string): ReadonlySet<string> {
  const behind = new Set<string>();
  for (const { node: one, name: own } of namedInOrder(node ?? [])) {
    if (own !== name && !readBy(one).some((value) => behind.has(value))) continue;
    for (const output of one.output ?? []) behind.add(output);
  }
  return behind;
}
