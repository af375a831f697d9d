/** A network as a TensorFlow Lite file. */
import { toDeployed } from '../../graph/deployed/index.ts';
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { Emitter, type EmitOptions } from './emitter.ts';
import { encodeTflite } from './flatbuffer.ts';
import { withHalfWeights } from './half-weights.ts';
import type { TfliteModel } from './model.ts';
import { emitNode } from './operators/index.ts';
import { withInt8, type QuantisedModel } from './quantised.ts';
import { notConvertible } from './refusals.ts';
import type { Calibration } from '../../quantise/calibrate.ts';

/** @param graph a deployed one (`toDeployed`) with every size known but the batch's, which is one image */
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

/** How numbers are kept: float16 halves the weights and computes with float32. */
export type FloatPrecision = 'float32' | 'float16';

/**
 * Inference form, one image, channels last; every operator in its first version, so that TensorFlow Lite 2.9
 * and today's LiteRT take the file.
 * @param description says who wrote it
 * @throws WorkbenchError `not-convertible` naming operator and node
 */
export function writeTflite(
  graph: Graph,
  precision: FloatPrecision,
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
 * Full integer int8, weights with a scale a channel.
 * @param graph of `toDeployedForInt8`, the one that was calibrated
 * @param io what the network takes and gives
 * @throws WorkbenchError `not-convertible`
 */
export function writeInt8Tflite(
  graph: Graph,
  calibration: Calibration,
  description: string,
  io: 'float32' | 'int8' = 'float32',
): Int8File {
  const model = tfliteModel(graph, { linearAsConv: true, spellOut: true });
  const { model: int8, inFloat } = withInt8(model, calibration, io);
  return { bytes: encodeTflite(int8, description), inFloat };
}
