/** A network as a TensorFlow Lite file. */
import { toDeployed } from '../graph/deployed/index.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { Emitter, type EmitOptions } from './emitter.ts';
import { encodeTflite } from './flatbuffer.ts';
import { withHalfWeights } from './half-weights.ts';
import type { TfliteModel } from './model.ts';
import { emitNode } from './operators/index.ts';
import { withInt8, type QuantisedModel } from './quantised.ts';
import { notConvertible } from './refusals.ts';
import type { Quantisable } from '../quantise/calibration.ts';
import type { FileType } from '../common/converting.ts';
import type { DeployedPrecision } from '../common/precisions.ts';

/** @param graph a deployed one (`toDeployed`); all sizes are known, and a batch is one image */
export function tfliteModel(graph: Graph, emit: EmitOptions): TfliteModel {
  const emitter = new Emitter(graph, inferShapes(graph, 1), emit);
  for (const { name, type } of graph.inputs) {
    if (type !== 'float32') {
      throw notConvertible({ kind: 'Identity', name }, 'is an input of integers');
    }
    emitter.input(name);
  }
  for (const node of graph.nodes) if (emitter.begin(node)) emitNode(node, emitter);
  return emitter.finish(graph.name);
}

/**
 * Writes the inference form for one image, channels last, every operator in version 1, so that TensorFlow Lite 2.9
 * and today's LiteRT can read the file.
 * @param description names the program that wrote the file
 * @throws WorkbenchError `not-convertible` naming operator and node
 */
export function writeTflite(
  graph: Graph,
  precision: Exclude<DeployedPrecision, 'int8'>,
  description: string,
): Uint8Array {
  const model = tfliteModel(toDeployed(graph), { linearAsConv: false, spellOut: false });
  return encodeTflite(precision === 'float16' ? withHalfWeights(model) : model, description);
}

export interface Int8File {
  readonly bytes: Uint8Array;
  readonly inFloat: QuantisedModel['inFloat'];
}

/**
 * Full integer int8; weights have one scale per channel.
 * @param io what the network takes and gives
 * @throws WorkbenchError `not-convertible`
 */
export function writeInt8Tflite(
  quantisable: Quantisable,
  description: string,
  io: FileType = 'float32',
): Int8File {
  const { model, inFloat } = int8Model(quantisable, io);
  return { bytes: encodeTflite(model, description), inFloat };
}

/** The same before it becomes bytes. */
export function int8Model({ graph, calibration }: Quantisable, io: FileType): QuantisedModel {
  const model = tfliteModel(graph, { linearAsConv: true, spellOut: true });
  return withInt8(model, calibration, io);
}
