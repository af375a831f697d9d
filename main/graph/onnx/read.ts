/** Reads an ONNX model into a graph. Bytes in, graph out; files are somebody else's business. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import type { Graph, GraphInput, Initializer, Node } from '../graph.ts';
import type { OnnxTensor } from './node.ts';
import { NodeReader } from './read-nodes.ts';
import { readTensor, type ExternalData } from './tensor.ts';

const { onnx } = onnxProto;

const oldestOpset = 9;
const newestOpset = 21;

export interface ReadOptions {
  /** Batch size that shape arithmetic inside the network is computed for; the graph then fits no other. */
  readonly batchSize?: number;
  /** Channels, height, width: fills open sizes of the image input. */
  readonly image?: readonly [number, number, number];
  /** Reads weights that lie in another file; absent, such a model is refused. */
  readonly external?: ExternalData;
}

/**
 * @param bytes the file's content
 * @param label names the file in errors
 * @throws WorkbenchError `not-onnx`, `onnx-malformed`, `unsupported-opset`, `unsupported-operator`.
 */
export function readOnnx(bytes: Uint8Array, label: string, options: ReadOptions = {}): Graph {
  const model = decode(bytes, label);
  const source = model.graph;
  if (!source?.node?.length) {
    throw notOnnx(label, 'it holds no network');
  }
  const opset = Number(
    model.opsetImport?.find(({ domain }) => !domain || domain === 'ai.onnx')?.version ?? 0,
  );
  if (opset < oldestOpset || opset > newestOpset) {
    throw new WorkbenchError(
      'unsupported-opset',
      `${label} uses ONNX opset ${opset}; opsets ${oldestOpset} to ${newestOpset} can be read.`,
      'Export the model again with opset 17.',
    );
  }

  const constants = new Map<string, OnnxTensor>();
  for (const tensor of source.initializer ?? []) {
    constants.set(tensor.name ?? '', readTensor(tensor, label, options.external));
  }
  const inputs: GraphInput[] = [];
  for (const input of source.input ?? []) {
    if (!constants.has(input.name ?? '')) inputs.push(readInput(input, label, options.image));
  }
  const reader = new NodeReader({ label, opset, constants });
  for (const { name, shape } of inputs) {
    const bound = shape.map((size, axis) => (axis === 0 ? (options.batchSize ?? 2) : size));
    if (bound.every((size) => size !== null)) reader.shapes.set(name, bound);
  }
  source.node.forEach((node, index) => {
    const name = node.name?.trim() ? node.name : `${node.opType ?? 'node'}_${index}`;
    reader.read(node, name);
  });
  return {
    name: source.name?.trim() ? source.name : 'network',
    inputs,
    nodes: reader.nodes,
    outputs: (source.output ?? []).map((output) => reader.resolved(output.name ?? '')),
    initializers: usedInitializers(reader.nodes, constants),
  };
}

function decode(bytes: Uint8Array, label: string) {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw notOnnx(label, 'its bytes cannot be decoded', cause);
  }
}

function notOnnx(label: string, why: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'not-onnx',
    `${label} is not an ONNX model: ${why}.`,
    'Choose a .onnx file, for example one written by torch.onnx.export.',
    { cause },
  );
}

type IValueInfoProto = NonNullable<
  NonNullable<ReturnType<typeof decode>['graph']>['input']
>[number];

/** The first axis of an input is the batch, open whatever number the exporter froze. */
function readInput(input: IValueInfoProto, label: string, image: ReadOptions['image']): GraphInput {
  const tensor = input.type?.tensorType;
  const dims = tensor?.shape?.dim;
  if (!dims) {
    throw new WorkbenchError(
      'onnx-malformed',
      `The input "${input.name ?? ''}" of ${label} has no shape.`,
      'Export the model with its input shape.',
    );
  }
  const shape = dims.map((dim, axis) => {
    const size = Number(dim.dimValue ?? 0);
    if (axis === 0) return null;
    return size > 0 ? size : dims.length === 4 ? (image?.[axis - 1] ?? null) : null;
  });
  const type = tensor?.elemType === onnx.TensorProto.DataType.INT64 ? 'int64' : 'float32';
  return { name: input.name ?? '', shape, type };
}

/** Float constants that nodes read become initialisers; integers have become attributes. */
function usedInitializers(
  nodes: readonly Node[],
  constants: ReadonlyMap<string, OnnxTensor>,
): Map<string, Initializer> {
  const used = new Map<string, Initializer>();
  for (const node of nodes) {
    for (const name of node.inputs) {
      const tensor = constants.get(name);
      if (tensor?.type === 'float32') {
        used.set(name, { shape: tensor.shape, values: { kind: 'data', data: tensor.data } });
      }
    }
  }
  return used;
}
