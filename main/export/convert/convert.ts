/** Converts a user's model to TensorFlow Lite and reports how close the result is. Blocks, so it runs in a child. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { writeFileAtomically } from '../../atomic-write.ts';
import type { ConvertPrecision } from '../../common/converting.ts';
import type { RangeMethod } from '../../common/quantising.ts';
import { createSession } from '../../engine/onnxruntime/session.ts';
import { WorkbenchError } from '../../errors.ts';
import { toDeployed, toDeployedForInt8 } from '../../graph/deployed/index.ts';
import type { Graph } from '../../graph/graph.ts';
import { producer } from '../../graph/onnx/builder.ts';
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
import { TfliteInterpreter } from '../../latency/tflite/interpreter.ts';
import { readForMeasuring } from '../../measure-model/measure-model.ts';
import { calibrate } from '../../quantise/calibrate.ts';
import { readNpy } from '../../task/npy.ts';
import { encodeTflite } from '../tflite/flatbuffer.ts';
import { tfliteModel } from '../tflite/index.ts';
import { withHalfWeights } from '../tflite/half-weights.ts';
import type { TfliteModel } from '../tflite/model.ts';
import { withInt8 } from '../tflite/quantised.ts';
import { agreement, Differences, type ConvertReport } from './report.ts';

export interface ConvertRequest {
  readonly model: string;
  readonly out: string;
  readonly precision: ConvertPrecision;
  /** A .npy file of float32 images, N x C x H x W. int8 needs one; without it nothing is checked. */
  readonly inputs: string | null;
  readonly size: readonly [number, number] | null;
  readonly method: RangeMethod;
  readonly percentile: number;
  /** The type of an int8 network's inputs and outputs. */
  readonly io: 'float32' | 'int8';
  readonly threads: number;
  readonly productVersion: string;
}

export interface ConvertProgress {
  readonly doing: string;
  /** Progress, from 0 to 1. */
  readonly share: number;
}

/** The share of the images that checks what the others calibrated. */
const checkedShare = 1 / 4;

/**
 * @throws WorkbenchError `not-convertible`, `no-calibration-data`, `calibration-not-finite`, `shape-mismatch`,
 * what reading model and images and writing throw
 */
export async function convert(
  request: ConvertRequest,
  tell: (progress: ConvertProgress) => void,
): Promise<ConvertReport> {
  const started = performance.now();
  const { model, out, precision, productVersion } = request;
  tell({ doing: 'reading', share: 0 });
  const graph = await networkOf(request);
  const images = await imagesOf(request, graph);
  const int8 = precision === 'int8';
  const checking = images.length < 2 ? [] : images.slice(-Math.ceil(images.length * checkedShare));
  const calibrating = int8 ? images.slice(0, images.length - checking.length) : [];
  const deployed = int8 ? toDeployedForInt8(graph) : toDeployed(graph);
  let whole = tfliteModel(deployed, { linearAsConv: int8, spellOut: int8 });
  let inFloat: ConvertReport['inFloat'] = [];
  if (int8) {
    const { method, percentile, threads } = request;
    const calibration = await calibrate(deployed, calibrating, {
      ...{ method, percentile, threads },
      onImage: (done, of) => tell({ doing: 'calibrating', share: (0.7 * done) / of }),
    });
    ({ model: whole, inFloat } = withInt8(whole, calibration, request.io));
  } else if (precision === 'float16') {
    whole = withHalfWeights(whole);
  }
  const description = `${producer} ${productVersion}`;
  const bytes = encodeTflite(whole, description);
  tell({ doing: 'checking', share: 0.8 });
  const checked = await check(deployed, whole, description, checking, request);
  await writeFileAtomically(path.resolve(out), bytes);
  return {
    ...{ model, out, precision },
    bytes: { model: (await stat(model)).size, out: bytes.length },
    images: { calibrating: calibrating.length, checking: checking.length },
    ...checked,
    inFloat,
    seconds: (performance.now() - started) / 1000,
  };
}

async function networkOf({ model, size }: ConvertRequest): Promise<Graph> {
  const read = await readForMeasuring({ model, size });
  if (read.kind === 'network') return read.graph;
  if (read.why) throw read.why;
  throw new WorkbenchError(
    'unsupported-tensor',
    `The weights of ${model} are stored as ${read.stored.precision}.`,
    'Convert the original model in float32.',
  );
}

async function imagesOf({ inputs, precision }: ConvertRequest, graph: Graph) {
  if (inputs === null) {
    if (precision !== 'int8') return [];
    throw new WorkbenchError(
      'no-calibration-data',
      'int8 needs images from which to find the ranges of values.',
      'Give some as float32, N x C x H x W: --inputs FILE.npy.',
    );
  }
  const array = await readNpy(inputs);
  const shape = graph.inputs[0]!.shape.slice(1);
  if (array.type !== 'float32' || array.shape.slice(1).join() !== shape.join()) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${inputs} holds ${array.type} of ${array.shape.join(' x ')}; the network takes float32 of N x ${shape.join(' x ')}.`,
      'Save images of that size, normalised as the network was trained: array.astype("<f4").',
    );
  }
  const { data } = array;
  const size = data.length / array.shape[0]!;
  return Array.from({ length: array.shape[0]! }, (_, i) => data.slice(i * size, (i + 1) * size));
}

type Checked = Pick<ConvertReport, 'output' | 'why' | 'layers'>;

/** Compares the file in TensorFlow Lite with the network in onnxruntime: every convolution, and the output. */
async function check(
  graph: Graph,
  model: TfliteModel,
  description: string,
  images: readonly Float32Array[],
  { threads }: ConvertRequest,
): Promise<Checked> {
  const nothing = (why: string): Checked => ({ output: null, why, layers: [] });
  if (images.length === 0) return nothing('no images were left to check it with');
  const layers = layersOf(model, graph);
  // The same operators, with the outputs of the layers as further outputs of the model.
  const open = { ...model, outputs: [...model.outputs, ...layers.map(({ tensor }) => tensor)] };
  let interpreter: TfliteInterpreter;
  try {
    interpreter = new TfliteInterpreter(encodeTflite(open, description), threads);
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'runner-not-built') {
      return nothing(error.message);
    }
    throw error;
  }
  const values = [...new Set([...graph.outputs, ...layers.map(({ value }) => value)])];
  const session = await createSession(
    writeDeployableOnnx({ ...graph, outputs: values }, 1, ''),
    threads,
  );
  const whole = new Differences();
  const each = layers.map(() => new Differences());
  let [same, places] = [0, 0];
  try {
    const input = graph.inputs[0]!;
    const shape = [1, ...input.shape.slice(1).map((size) => size!)];
    for (const image of images) {
      const expected = await session.run({ [input.name]: new Tensor('float32', image, shape) });
      const float = (value: string) => {
        const { data, dims } = expected[value]!;
        return inChannelsLast(data as Float32Array, dims);
      };
      interpreter.setInput(inChannelsLast(image, shape));
      interpreter.invoke();
      const given = interpreter.outputs();
      graph.outputs.forEach((value, i) => {
        const wanted = float(value);
        whole.add(wanted, given[i]!.data);
        const met = agreement(wanted, given[i]!.data, given[i]!.shape.at(-1)!);
        [same, places] = [same + met.same, places + met.places];
      });
      layers.forEach(({ value }, i) => {
        each[i]!.add(float(value), given[graph.outputs.length + i]!.data);
      });
    }
  } finally {
    interpreter.close();
    await session.release();
  }
  return {
    output: { ...whole.closeness, firstClassAgreement: same / places },
    why: null,
    layers: layers.map(({ layer }, i) => ({ layer, ...each[i]!.closeness })),
  };
}

const weighted = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'TRANSPOSE_CONV']);

/** The tensors that hold the outputs of layers, in the order of the network. */
function layersOf({ operators, tensors, outputs }: TfliteModel, graph: Graph) {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const ranks = new Set(outputs);
  return operators.flatMap(({ kind, outputs: [tensor], node }) => {
    const { value, shape } = tensors[tensor!]!;
    const known = weighted.has(kind) && value !== undefined && made.has(value);
    return known && shape.length === 4 && !ranks.has(tensor!)
      ? [{ layer: node, tensor: tensor!, value }]
      : [];
  });
}

function inChannelsLast(data: Float32Array, shape: readonly number[]): Float32Array {
  if (shape.length !== 4) return data;
  const [, channels, height, width] = shape as [number, number, number, number];
  const places = height * width;
  const out = new Float32Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < places; p++) out[p * channels + c] = data[c * places + p]!;
  }
  return out;
}
