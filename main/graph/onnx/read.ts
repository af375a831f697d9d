/** Reads an ONNX model into a graph. Bytes in, graph out; reading files is left to the caller. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import type { Graph, GraphInput, Node, Shape } from '../graph.ts';
import { producer } from './builder.ts';
import { isChannelsLast, withChannelsFirst, withChannelsLastNoted } from './channels-first.ts';
import { partLeadingTo } from './chosen-part.ts';
import { beforeDecisions } from './decisions.ts';
import { decodeModel } from './decode.ts';
import {
  assertCountsImages,
  assertImagesAlone,
  assertInputs,
  constantOf,
  type ConstantInputs,
} from './constant-inputs.ts';
import { lastMaps } from './last-maps.ts';
import { withModuleNames } from './module-names.ts';
import { moduleScopes } from './module-scopes.ts';
import { openBatch } from './open-batch.ts';
import { mostNodes, tooManyNodes } from './limits.ts';
import { namedInOrder } from './node-order.ts';
import { NodeReader } from './read-nodes.ts';
import { batchMadeOf, fromBatchOn, singlePictureOf, type SinglePicture } from './single-picture.ts';
import { refuseRecurrent, refuseTensorFlows, refuseTwoStages } from './refusals.ts';
import {
  dataTypeName,
  readTensor,
  storedFloats,
  type ExternalData,
  type IModelProto,
} from './tensor.ts';

const { onnx } = onnxProto;

const oldestOpset = 7;
const newestOpset = 23;
/** For shape arithmetic where the number of images is unknown. */
const anyBatch = 2;
/** A larger first axis means a damaged file, not a batch. */
const mostImages = 2 ** 16;

export interface ReadOptions {
  /**
   * Batch size that shape arithmetic inside the network is computed for. Most networks accept any other as
   * well; where one does not, the first axis of the graph's input is this number instead of null.
   */
  readonly batchSize?: number;
  /** Channels, height, width: fills open sizes of the image input. */
  readonly image?: readonly [number, number, number];
  /** Reads weights that are stored in another file; without it, such a model is refused. */
  readonly external?: ExternalData;
  /** Only what leads to these values is read, outputs or not; unless stated, what the file calls its outputs. */
  readonly outputs?: readonly string[];
  /**
   * Reads up to the last maps of the network, or of the part that leads to `outputs`: see `lastMaps`. A network that
   * does not end in convolutions has none, and is read as it is.
   */
  readonly forLastMaps?: boolean;
  /** Numbers in place of inputs. */
  readonly constants?: ConstantInputs;
  /** In inference form from the start: batch statistics may not exist for a single image. */
  readonly deployed?: boolean;
}

/**
 * @param bytes the file's content
 * @param label names the file in errors
 * @throws WorkbenchError `not-onnx`, `onnx-malformed`, `unsupported-opset`, `unsupported-operator`,
 * `model-too-large` (limits.ts).
 */
export function readOnnx(bytes: Uint8Array, label: string, options: ReadOptions = {}): Graph {
  const model = decodeModel(bytes, label);
  const whole = model.graph!;
  const opset = opsetOf(model);
  if (opset < oldestOpset || opset > newestOpset) {
    const uses = opset === 0 ? 'does not say which opset it uses' : `uses ONNX opset ${opset}`;
    throw new WorkbenchError(
      'unsupported-opset',
      `${label} ${uses}; opsets ${oldestOpset} to ${newestOpset} can be read.`,
      'Export the model again with opset 17.',
    );
  }

  if ((whole.node ?? []).length > mostNodes) throw tooManyNodes(label);
  const { constants = {}, outputs } = options;
  // A value that is asked for by name is meant as it is, and to be measured is all that the file does.
  const undecided =
    outputs || options.deployed
      ? null
      : beforeDecisions(whole, () => shapesForChoices(bytes, label, options));
  const asked = outputs ? partLeadingTo(whole, outputs) : (undecided ?? whole);
  const maps = options.forLastMaps ? lastMaps(asked) : [];
  const mapped = maps.length > 0 ? maps.map(({ value }) => value) : outputs;
  // To be measured, a network is all that the file does.
  const picture = mapped && !options.deployed ? singlePictureOf(whole) : null;
  const batched = picture && withBatch(whole, picture, mapped!, { label, opset, options });
  const source = batched ?? (maps.length > 0 ? partLeadingTo(whole, mapped!) : asked);
  refuseTwoStages(source.node ?? []);
  refuseRecurrent(source.node ?? []);
  refuseTensorFlows(source.node ?? []);
  const frozen = frozenBatch(source.input ?? []);
  const batchSize = frozen ?? options.batchSize ?? anyBatch;
  const reader = new NodeReader({
    ...{ label, opset, own: model.producerName === producer },
    deployed: options.deployed ?? false,
    external: options.external,
  });
  for (const tensor of source.initializer ?? []) {
    reader.addInitializer(tensor.name ?? '', readTensor(tensor, label, options.external));
  }
  const inputs: GraphInput[] = [];
  const stored = new Set((source.initializer ?? []).map(({ name }) => name));
  const fed = ((batched ?? whole).input ?? []).flatMap(({ name }) =>
    stored.has(name) ? [] : (name ?? ''),
  );
  assertInputs(constants, fed);
  for (const input of source.input ?? []) {
    const name = input.name ?? '';
    const given = Object.hasOwn(constants, name) ? constants[name] : undefined;
    const read = readInput(input, label, { image: options.image, fed: given === undefined });
    if (given !== undefined) {
      reader.addFormulaInput(read.name, constantOf(read, given, batchSize));
      continue;
    }
    // Old files list initialisers among the inputs.
    if (reader.addInput(read, batchSize))
      inputs.push({ ...read, name: reader.resolved(read.name) });
  }
  assertImagesAlone(inputs, source.node ?? []);
  assertCountsImages(source.input ?? [], inputs);
  for (const { node, name } of namedInOrder(source.node ?? [])) reader.read(node, name);
  const storedAs = storedFloats(source.initializer ?? []);
  const graph: Graph = {
    name: source.name?.trim() ? source.name : 'network',
    inputs: usedInputs(inputs, reader.nodes),
    nodes: reader.nodes,
    outputs: (source.output ?? []).map((output) => reader.resolved(output.name ?? '')),
    initializers: reader.usedInitializers(),
    ...(undecided && maps.length === 0 && { decided: true }),
    ...(storedAs && { storedAs }),
    ...(batched && { behindTransform: true }),
    ...(reader.randomDraws > 0 && { randomDraws: reader.randomDraws }),
    ...(maps.length > 0 && {
      lastMaps: maps.map((map) => ({ ...map, value: reader.resolved(map.value) })),
    }),
  };
  return openBatch(
    withModuleNames(
      withChannelsFirst(withChannelsLastNoted(graph)),
      reader.modulesOf(moduleScopes(bytes)),
    ),
    batchSize,
  );
}

/** A network of a single picture from where it makes a batch of it; null where it is not clear where that is. */
function withBatch(
  graph: IGraphProto,
  picture: SinglePicture,
  outputs: readonly string[],
  { label, opset, options }: { label: string; opset: number; options: ReadOptions },
): IGraphProto | null {
  const batch = batchMadeOf(graph, picture);
  if (batch === null) return null;
  const { node = [], initializer = [] } = partLeadingTo(graph, [batch]);
  const reader = new NodeReader({ label, opset, own: false, deployed: false });
  for (const tensor of initializer ?? []) {
    reader.addInitializer(tensor.name ?? '', readTensor(tensor, label, options.external));
  }
  reader.shapes.set(picture.name, picture.shape);
  try {
    for (const one of namedInOrder(node ?? [])) reader.read(one.node, one.name);
  } catch (error) {
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
  const shape = reader.shapeOf(batch);
  return shape?.length === 4 && shape[0] === 1
    ? fromBatchOn(graph, picture, { name: batch, shape }, outputs)
    : null;
}

const opsetOf = ({ opsetImport }: IModelProto): number =>
  Number(opsetImport?.find(({ domain }) => !domain || domain === 'ai.onnx')?.version ?? 0);

/**
 * Shapes of the values of a model as far as they can be told, whatever else is wrong with it: what cannot be read is
 * passed over, and what depends on it has none.
 * @throws WorkbenchError `not-onnx`
 */
export function knownShapes(
  bytes: Uint8Array,
  label: string,
  options: Pick<ReadOptions, 'batchSize' | 'image' | 'external'>,
): (value: string) => Shape | undefined {
  const model = decodeModel(bytes, label);
  const { node = [], initializer = [], input = [] } = model.graph!;
  const { batchSize = anyBatch, image, external } = options;
  const reader = new NodeReader({ label, opset: opsetOf(model), own: false, deployed: false });
  const passing = (read: () => void): void => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
    }
  };
  for (const tensor of initializer ?? []) {
    // Its shape is stated even where its numbers cannot be had.
    reader.shapes.set(tensor.name ?? '', (tensor.dims ?? []).map(Number));
    passing(() => reader.addInitializer(tensor.name ?? '', readTensor(tensor, label, external)));
  }
  const images = frozenBatch(input ?? []) ?? batchSize;
  for (const one of input ?? [])
    passing(() => reader.addInput(readInput(one, label, { image, fed: true }), images));
  for (const one of namedInOrder(node ?? [])) passing(() => reader.read(one.node, one.name));
  return (value) => reader.shapeOf(value);
}

/** As `knownShapes`, also where the file leaves the size of images open: most networks take the usual one. */
export const shapesForChoices = (
  bytes: Uint8Array,
  label: string,
  options: Pick<ReadOptions, 'batchSize' | 'image' | 'external'>,
) => knownShapes(bytes, label, { ...options, image: options.image ?? [3, 224, 224] });

/** Inputs that something reads. */
function usedInputs(inputs: readonly GraphInput[], nodes: readonly Node[]): readonly GraphInput[] {
  if (inputs.length < 2) return inputs;
  const read = new Set(nodes.flatMap((node) => node.inputs));
  const used = inputs.filter(({ name }) => read.has(name));
  return used.length > 0 ? used : inputs;
}

/** The batch size that the exporter wrote down, or null where the first input leaves it open. */
function frozenBatch(inputs: readonly IValueInfoProto[]): number | null {
  for (const { type } of inputs) {
    const dims = type?.tensorType?.shape?.dim;
    if (dims?.length !== 4) continue; // not images
    const size = Number(dims[0]!.dimValue ?? 0);
    return size > 0 && size <= mostImages ? size : null;
  }
  return null;
}

type IValueInfoProto = onnxProto.onnx.IValueInfoProto;
type IGraphProto = onnxProto.onnx.IGraphProto;

/** The first axis of an input is the batch; it is left open, whatever number the exporter wrote. */
function readInput(
  input: IValueInfoProto,
  label: string,
  { image, fed }: { readonly image: ReadOptions['image']; readonly fed: boolean },
): GraphInput {
  const tensor = input.type?.tensorType;
  const dims = tensor?.shape?.dim;
  if (!dims) {
    throw new WorkbenchError(
      'onnx-malformed',
      `The input "${input.name ?? ''}" of ${label} has no shape.`,
      'Export the model with its input shape.',
    );
  }
  const written = dims.map((dim, axis) => {
    const size = Number(dim.dimValue ?? 0);
    return (axis > 0 || !fed) && size > 0 ? size : null;
  });
  const [channels, height, width] = image ?? [];
  const sizes = isChannelsLast(written) ? [height, width, channels] : [channels, height, width];
  const shape = written.map((size, axis) =>
    size !== null || axis === 0 || written.length !== 4 ? size : (sizes[axis - 1] ?? null),
  );
  const { UINT8, FLOAT, FLOAT16, BFLOAT16, DOUBLE, INT64, INT32, BOOL } = onnx.TensorProto.DataType;
  const floating: unknown[] = [FLOAT, FLOAT16, BFLOAT16, DOUBLE];
  // As a constant any integers will do; what is fed are images.
  const whole: unknown[] = fed ? [INT64] : [INT64, INT32, BOOL];
  if (!floating.includes(tensor.elemType) && !whole.includes(tensor.elemType)) {
    throw new WorkbenchError(
      'unsupported-tensor',
      `The input "${input.name ?? ''}" of ${label} has the type ${dataTypeName(tensor.elemType)}; networks that take images of floating-point numbers can be scored.`,
      tensor.elemType === UINT8
        ? 'Export the network without what turns bytes into numbers, so that it takes images in float32.'
        : 'Export the model in float32.',
    );
  }
  return {
    name: input.name ?? '',
    shape,
    type: whole.includes(tensor.elemType) ? 'int64' : 'float32',
  };
}
