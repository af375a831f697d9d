/** Reads an ONNX model into a graph. Bytes in, graph out; files are somebody else's business. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import type { Graph, GraphInput, Initializer, Node } from '../graph.ts';
import { operators } from '../operators/index.ts';
import type { OperatorDefinition } from '../operators/operator.ts';
import type { OperatorKind } from '../operators/attributes.ts';
import { OnnxNode, type OnnxTensor } from './node.ts';
import { readAttribute, readTensor, type IAttributeProto, type INodeProto } from './tensor.ts';

const { onnx } = onnxProto;

const oldestOpset = 9;
const newestOpset = 21;

/**
 * @param bytes the file's content
 * @param label names the file in errors
 * @throws WorkbenchError `not-onnx`, `onnx-malformed`, `unsupported-opset`, `unsupported-operator`.
 */
export function readOnnx(bytes: Uint8Array, label: string): Graph {
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
    constants.set(tensor.name ?? '', readTensor(tensor, label));
  }
  const inputs: GraphInput[] = [];
  for (const input of source.input ?? []) {
    if (!constants.has(input.name ?? '')) inputs.push(readInput(input, label));
  }
  const nodes: Node[] = [];
  // Exporters write shared weights once, with an Identity for every other name: one layer, not two.
  const aliases = new Map<string, string>();
  source.node.forEach((node, index) => {
    const name = node.name?.trim() ? node.name : `${node.opType ?? 'node'}_${index}`;
    const input = (node.input ?? []).map((value) => aliases.get(value) ?? value);
    if (node.opType === 'Constant') readConstant(node, name, constants, label);
    else if (node.opType === 'Identity' && constants.has(input[0] ?? '')) {
      aliases.set(node.output?.[0] ?? '', input[0]);
    } else nodes.push(readNode({ ...node, input }, name, opset, constants));
  });
  return {
    name: source.name?.trim() ? source.name : 'network',
    inputs,
    nodes,
    outputs: (source.output ?? []).map((output) => output.name ?? ''),
    initializers: usedInitializers(nodes, constants),
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
function readInput(input: IValueInfoProto, label: string): GraphInput {
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
    return axis === 0 || size <= 0 ? null : size;
  });
  const type = tensor?.elemType === onnx.TensorProto.DataType.INT64 ? 'int64' : 'float32';
  return { name: input.name ?? '', shape, type };
}

function readConstant(
  node: INodeProto,
  name: string,
  constants: Map<string, OnnxTensor>,
  label: string,
): void {
  const value = node.attribute?.find((attribute) => attribute.name === 'value');
  const output = node.output?.[0] ?? '';
  if (value?.t) {
    constants.set(output, readTensor({ ...value.t, name: output }, label));
    return;
  }
  throw new WorkbenchError(
    'unsupported-operator',
    `Constant node "${name}" does not hold a tensor.`,
    'Export the model with PyTorch or a current exporter.',
  );
}

function readNode(
  source: INodeProto,
  name: string,
  opset: number,
  constants: ReadonlyMap<string, OnnxTensor>,
): Node {
  const opType = source.opType ?? '';
  const foreign = Boolean(source.domain) && source.domain !== 'ai.onnx';
  const definition = foreign ? undefined : readableOperator(opType);
  if (!definition?.read) {
    const operator = foreign ? `${source.domain}.${opType}` : opType;
    throw new WorkbenchError(
      'unsupported-operator',
      `Operator ${operator} (node "${name}") is not supported.`,
      `Supported operators: ${readableNames().join(', ')}.`,
    );
  }
  const required = definition.requiredInputs ?? 1;
  const given = (source.input ?? []).slice(0, required).filter((input) => input !== '').length;
  if (given < required || !source.output?.[0]) {
    throw new WorkbenchError(
      'onnx-malformed',
      `${opType} node "${name}" needs ${required} input(s) and an output, but some are missing.`,
      'The file is damaged or was not written by an ONNX exporter. Export it again.',
    );
  }
  const node = new OnnxNode({
    name,
    opType,
    opset,
    inputs: source.input ?? [],
    outputs: source.output ?? [],
    attributes: new Map(
      (source.attribute ?? []).map((attribute: IAttributeProto) => [
        attribute.name ?? '',
        readAttribute(attribute),
      ]),
    ),
    constants,
  });
  const read = definition.read(node);
  return {
    kind: definition.kind,
    name,
    inputs: trimmed(read.inputs),
    outputs: read.outputs ?? node.outputs.slice(0, 1),
    attributes: read.attributes,
  } as unknown as Node;
}

/** Optional inputs at the end may be written as empty names. */
function trimmed(inputs: readonly string[]): readonly string[] {
  let length = inputs.length;
  while (length > 0 && inputs[length - 1] === '') length--;
  return inputs.slice(0, length);
}

function readableOperator(opType: string): OperatorDefinition<OperatorKind> | undefined {
  if (!Object.hasOwn(operators, opType)) return undefined;
  return operators[opType as OperatorKind] as unknown as OperatorDefinition<OperatorKind>;
}

function readableNames(): string[] {
  return Object.values(operators)
    .filter((definition) => definition.read)
    .map((definition) => definition.kind)
    .sort();
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
