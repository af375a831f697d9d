/** The latency of one ONNX model of the user: batch 1, inference form, whatever form the file has. */
import { reportOf, WorkbenchError, type ErrorReport } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { formatShape } from '../graph/shape.ts';
import { summarise } from '../graph/summary.ts';
import type { Latency, LatencySource } from '../latency/latency.ts';
import { decodeModel } from '../graph/onnx/decode.ts';
import { storedModel, storedPrecision, type StoredModel } from '../graph/onnx/stored-form.ts';
import { readInputFile } from '../files.ts';
import { externalDataBeside, readModelFile } from '../score-model/model-file.ts';

export interface MeasureModelRequest {
  /** The .onnx file. */
  readonly model: string;
  /** Height and width, where the file leaves them open. */
  readonly size: readonly [number, number] | null;
}

export interface MeasuredModelFile {
  readonly model: string;
  /** The network's name in the file. */
  readonly network: string;
  /** Of the image with which it was measured: 1, channels, height, width. */
  readonly input: readonly number[];
  readonly parameters: number;
  /** For one image; null where the file was run as it stands, without being understood. */
  readonly macs: number | null;
  /** Why it was run as it stands; absent where its inference form was. */
  readonly asStored?: string;
  readonly latency: Latency;
}

/** What is measured: a network that is understood, or what the file holds, with the reason. */
export type ReadForMeasuring =
  | { readonly kind: 'network'; readonly graph: Graph }
  | { readonly kind: 'stored'; readonly stored: StoredModel; readonly why: ErrorReport | null };

/** Where a model is read: in this process, or in a child. */
export type ReadToMeasure = (
  request: MeasureModelRequest,
  signal?: AbortSignal,
) => Promise<ReadForMeasuring>;

/**
 * @param source the caller closes it
 * @param readModel where the model is read; in this process unless stated
 * @throws WorkbenchError what reading the model and measuring throw; `size-open`, `shape-mismatch` where the
 *   network has no fixed size or takes more images than one; of a source of estimates, what makes a model one that
 *   cannot be scored
 */
export async function measureModel(
  request: MeasureModelRequest,
  source: LatencySource,
  signal?: AbortSignal,
  readModel: ReadToMeasure = readForMeasuring,
): Promise<MeasuredModelFile> {
  const read = await readModel(request, signal);
  const facts = modelFacts(request.model, read);
  if (read.kind === 'network') {
    return { ...facts, latency: await source.measure(read.graph, signal) };
  }
  if (!source.measureStored) {
    const { code, message, hint } = read.why ?? notUnderstood(request.model, read.stored);
    throw new WorkbenchError(code, message, hint);
  }
  return { ...facts, latency: await source.measureStored(read.stored, signal) };
}

/** What is said of a model beside its latency. */
export function modelFacts(
  model: string,
  read: ReadForMeasuring,
): Omit<MeasuredModelFile, 'latency'> {
  if (read.kind === 'network') {
    const { graph } = read;
    const { parameters, macs } = summarise(graph);
    const input = [1, ...graph.inputs[0]!.shape.slice(1).map((length) => length ?? 1)];
    return { model, network: graph.name, input, parameters, macs };
  }
  const { name, inputs, parameters, precision } = read.stored;
  const picture = inputs.find(({ shape }) => shape.length === 4) ?? inputs[0];
  const asStored = read.why?.message ?? `Its weights are stored as ${precision}.`;
  return { model, network: name, input: picture?.shape ?? [], parameters, macs: null, asStored };
}

/**
 * The inference form where the network is understood and in float32, else the file as it stands.
 * @throws what reading the model throws, `size-open`, `shape-mismatch`
 */
export async function readForMeasuring({
  model,
  size,
}: MeasureModelRequest): Promise<ReadForMeasuring> {
  const bytes = await readInputFile(model);
  const stored = () => storedModel(bytes, model, { size, external: externalDataBeside(model) });
  if (storedPrecision(decodeModel(bytes, model)) !== 'float32') {
    return { kind: 'stored', stored: stored(), why: null };
  }
  try {
    return { kind: 'network', graph: await readDeployed({ model, size }) };
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code === 'size-open') throw error;
    return { kind: 'stored', stored: stored(), why: reportOf(error) };
  }
}

/**
 * The inference form for one image; numbers of half precision become float32.
 * @throws what reading the model throws, `size-open`, `shape-mismatch`
 */
export async function readDeployed({ model, size }: MeasureModelRequest): Promise<Graph> {
  const image = size && ([usualChannels, ...size] as const);
  const options = { batchSize: 1, deployed: true, ...(image && { image }) };
  return sized(model, await readModelFile(model, options), size);
}

function notUnderstood(model: string, { precision }: StoredModel): WorkbenchError {
  return new WorkbenchError(
    'unsupported-tensor',
    `The weights of ${model} are stored as ${precision}; estimates are made for float32 networks only.`,
    'Estimate the model from before it was converted, or measure this one on this computer.',
    { option: 'That is --latency host.' },
  );
}

/** Of images whose channels the file leaves open: they are taken to be in colour. */
const usualChannels = 3;

/** The network for one image of a known size. */
function sized(model: string, graph: Graph, size: MeasureModelRequest['size']): Graph {
  const [image, ...others] = graph.inputs;
  const [batch = null, written, ...place] = image?.shape ?? [];
  if (batch !== null && batch !== 1) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${model} takes exactly ${batch} images at once: the number is part of its arithmetic.`,
      'Export the model with a batch size of 1 or an open one.',
    );
  }
  if (others.length > 0 || written === undefined || place.length !== 2) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${model} does not take one picture of N x channels x height x width: its inputs are ${graph.inputs.map(({ name, shape }) => `${name} (${formatShape(shape)})`).join(', ')}.`,
      'Networks with one input, of images, are measured and converted.',
    );
  }
  const [height = null, width = null] = place.map((length, axis) => length ?? size?.[axis] ?? null);
  if (height === null || width === null) {
    throw new WorkbenchError(
      'size-open',
      `${model} leaves the size of its image open.`,
      'Name the size of the image.',
    );
  }
  const shape = [batch, written ?? usualChannels, height, width];
  return { ...graph, inputs: [{ ...image!, shape }] };
}
