/** The latency of one ONNX model of the user: batch 1, inference form, whatever form the file has. */
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import type { Latency, LatencySource } from '../latency/latency.ts';
import { readModelFile } from '../score-model/model-file.ts';

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
  /** For one image. */
  readonly macs: number;
  readonly latency: Latency;
}

/**
 * @param source the caller closes it
 * @throws WorkbenchError what reading the model and measuring throw; `size-open`, `shape-mismatch` where the
 *   network has no fixed size or takes more images than one
 */
export async function measureModel(
  { model, size }: MeasureModelRequest,
  source: LatencySource,
  signal?: AbortSignal,
): Promise<MeasuredModelFile> {
  const graph = await readForMeasuring({ model, size });
  const { parameters, macs } = summarise(graph);
  const latency = await source.measure(graph, signal);
  const input = [1, ...graph.inputs[0]!.shape.slice(1).map((length) => length ?? 1)];
  return { model, network: graph.name, input, parameters, macs, latency };
}

/** Throws what reading the model throws, `size-open`, `shape-mismatch`. */
export async function readForMeasuring({ model, size }: MeasureModelRequest): Promise<Graph> {
  const image = size && ([3, ...size] as const);
  return sized(model, await readModelFile(model, { batchSize: 1, ...(image && { image }) }), size);
}

/** The network for one image of a known size. */
function sized(model: string, graph: Graph, size: MeasureModelRequest['size']): Graph {
  const [image, ...others] = graph.inputs;
  const [batch = null, channels = null, ...place] = image?.shape ?? [];
  if (batch !== null && batch !== 1) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${model} takes exactly ${batch} images at once: the number is part of its arithmetic.`,
      'Export the model with a batch size of 1 or an open one.',
    );
  }
  if (others.length > 0 || channels === null || place.length !== 2) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${model} does not take one picture of N x channels x height x width.`,
      'Latencies are measured for vision networks with one input.',
    );
  }
  const [height = null, width = null] = place.map((length, axis) => length ?? size?.[axis] ?? null);
  if (height === null || width === null) {
    throw new WorkbenchError(
      'size-open',
      `${model} leaves the size of its image open.`,
      'Name the size to measure with: --size 224, or --size 512x1024.',
    );
  }
  return { ...graph, inputs: [{ ...image!, shape: [batch, channels, height, width] }] };
}
