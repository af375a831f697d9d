/** A converted network, and how its file is run to be compared. */
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../engine/onnxruntime/session.ts';
import type { Graph } from '../../graph/graph.ts';
import { decodeModel } from '../../graph/onnx/decode.ts';
import onnxProto from 'onnx-proto';
import { TfliteInterpreter } from '../../latency/tflite/interpreter.ts';
import { encodeTflite } from '../../tflite/flatbuffer.ts';
import type { TfliteModel } from '../../tflite/model.ts';
import { outputChannelsLast, toChannelsLast } from './channels-last.ts';
import type { ConvertReport } from './report.ts';

/** A layer whose result can be looked at. */
export interface OpenLayer {
  /** The node of the network. */
  readonly layer: string;
  /** The network's value. */
  readonly value: string;
}

/** The file with what its layers give as outputs too, ready to run. */
export interface Opened {
  readonly layers: readonly OpenLayer[];
  /**
   * @param image C x H x W
   * @returns the outputs, then what the layers give; images of four axes with their channels last
   */
  run(image: Float32Array): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

export interface Converted {
  readonly bytes: Uint8Array;
  readonly inFloat: ConvertReport['inFloat'];
  /** What it is compared with: deployed, in float. */
  readonly network: Graph;
  /** Throws `runner-not-built` where nothing here runs such files. */
  open(threads: number): Promise<Opened>;
}

export function convertedTflite(
  network: Graph,
  model: TfliteModel,
  description: string,
  inFloat: ConvertReport['inFloat'],
): Converted {
  return {
    bytes: encodeTflite(model, description),
    ...{ inFloat, network },
    open(threads) {
      const layers = tensorsOfLayers(model, network);
      const outputs = [...model.outputs, ...layers.map(({ tensor }) => tensor)];
      const bytes = encodeTflite({ ...model, outputs }, description);
      const interpreter = new TfliteInterpreter(bytes, threads);
      const shape = [1, ...network.inputs[0]!.shape.slice(1).map((size) => size!)];
      return Promise.resolve({
        layers,
        run(image) {
          interpreter.setInput(toChannelsLast(image, shape));
          interpreter.invoke();
          return Promise.resolve(interpreter.outputs().map(({ data }) => data));
        },
        close: () => Promise.resolve(interpreter.close()),
      });
    },
  };
}

/** @param written the network as it is in the file */
export function convertedOnnx(
  written: Graph,
  network: Graph,
  bytes: Uint8Array,
  inFloat: ConvertReport['inFloat'],
): Converted {
  return {
    ...{ bytes, inFloat, network },
    async open(threads) {
      const layers = written.nodes.flatMap(({ kind, name, outputs: [value] }) =>
        weighted.has(kind) && !written.outputs.includes(value!)
          ? [{ layer: name, value: value! }]
          : [],
      );
      const values = [...written.outputs, ...layers.map(({ value }) => value)];
      const session = await createSession(withOutputs(bytes, values), threads);
      const input = network.inputs[0]!;
      const shape = [1, ...input.shape.slice(1).map((size) => size!)];
      return {
        layers,
        async run(image) {
          const given = await session.run({ [input.name]: new Tensor('float32', image, shape) });
          return values.map((value) => {
            const { data, dims } = given[value]!;
            return outputChannelsLast(network, value, data as Float32Array, dims);
          });
        },
        close: () => session.release(),
      };
    },
  };
}

const weighted = new Set<string>([
  ...['Conv', 'ConvTranspose', 'Gemm'],
  ...['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'TRANSPOSE_CONV'],
]);

/** Tensors that hold what a layer gives, in the order of the network. */
function tensorsOfLayers({ operators, tensors, outputs }: TfliteModel, graph: Graph) {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const given = new Set(outputs);
  return operators.flatMap(({ kind, outputs: [tensor], node }) => {
    const { value, shape } = tensors[tensor!]!;
    const known = weighted.has(kind) && value !== undefined && made.has(value);
    return known && shape.length === 4 && !given.has(tensor!)
      ? [{ layer: node, tensor: tensor!, value }]
      : [];
  });
}

/** An ONNX model that gives other values as well. */
function withOutputs(bytes: Uint8Array, values: readonly string[]): Uint8Array {
  const { ModelProto, ValueInfoProto } = onnxProto.onnx;
  const model = decodeModel(bytes, 'the converted model');
  const known = new Map((model.graph!.output ?? []).map((output) => [output.name, output]));
  model.graph!.output = values.map((name) => known.get(name) ?? ValueInfoProto.create({ name }));
  return ModelProto.encode(model).finish();
}
