/** Of a file with several outputs those that can be read, where something on the way to the others cannot. */
import type onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import { decodeModel } from './decode.ts';
import { namedInOrder, readBy } from './node-order.ts';
import { readOnnx, type ReadOptions } from './read.ts';

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
  const whole = decodeModel(bytes, label).graph!;
  const all = (whole.output ?? []).map(({ name }) => name ?? '');
  const refused: string[] = [];
  let last = first;
  // Each round leaves out at least one output more.
  for (let left = all; left.length > 0;) {
    if (last.node === null) throw first;
    refused.push(last.node);
    const behind = behindNodes(whole, refused);
    const apart = left.filter((name) => !behind.has(name));
    if (apart.length === 0 || apart.length === left.length) throw first;
    left = apart;
    const read = attempt(() => readOnnx(bytes, label, { ...options, outputs: apart }));
    if (!(read instanceof WorkbenchError)) {
      const unread = all.filter((name) => !apart.includes(name));
      return { ...read, unread: { outputs: unread, read: apart, reason: first.message } };
    }
    last = read;
  }
  throw first;
}

function attempt(read: () => Graph): Graph | WorkbenchError {
  try {
    return read();
  } catch (error) {
    if (error instanceof WorkbenchError) return error;
    throw error;
  }
}

/** Values that cannot be computed without these nodes. */
function behindNodes(
  { node = [] }: onnxProto.onnx.IGraphProto,
  names: readonly string[],
): ReadonlySet<string> {
  const behind = new Set<string>();
  for (const { node: one, name } of namedInOrder(node ?? [])) {
    if (!names.includes(name) && !readBy(one).some((value) => behind.has(value))) continue;
    for (const output of one.output ?? []) behind.add(output);
  }
  return behind;
}
