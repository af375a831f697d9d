/** An ONNX model that takes its images as the file does from which it was made. */
import onnxProto from 'onnx-proto';
import type { Graph } from '../../graph/graph.ts';
import { decodeModel } from '../../graph/onnx/decode.ts';

const { AttributeProto, ModelProto } = onnxProto.onnx;

/**
 * Networks are computed with channels first; where the file has them last, its images are turned by a first node.
 * @param bytes of the network as an ONNX model
 */
export function takingImagesAsInFile(bytes: Uint8Array, network: Graph): Uint8Array {
  const inside = network.inputs[0]!.name;
  const name = network.channelsLast?.find((one) => [one, turnedName(one)].includes(inside));
  if (name === undefined) return bytes;
  const model = decodeModel(bytes, 'the converted model');
  const graph = model.graph!;
  // Where the network turns images back at once, what it makes of them has the name that they have in the file.
  const free = inside === name ? turnedName(name) : `${name}:inside`;
  const renamed = (value: string): string => (value === name ? free : value);
  const nodes = (graph.node ?? []).map((node) => ({
    ...node,
    input: (node.input ?? []).map(renamed),
    output: (node.output ?? []).map(renamed),
  }));
  const turning = {
    ...{ opType: 'Transpose', name: 'images with channels first' },
    ...{ input: [name], output: [turnedName(name)] },
    attribute: [{ name: 'perm', type: AttributeProto.AttributeType.INTS, ints: [0, 3, 1, 2] }],
  };
  const input = graph.input!.find((one) => one.name === inside)!;
  const [images, channels, height, width] = input.type!.tensorType!.shape!.dim!;
  input.name = name;
  input.type!.tensorType!.shape!.dim = [images!, height!, width!, channels!];
  model.graph = { ...graph, node: [turning, ...nodes] };
  return ModelProto.encode(model).finish();
}

const turnedName = (name: string): string => `${name}:channelsFirst`;
