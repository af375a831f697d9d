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

/** How weights are stored: float16 halves their size; computation stays in float32. */
export type FloatPrecision = 'float32' | 'float16';

/**
 * Writes the inference form for one image, channels last, every operator in version 1, so that TensorFlow Lite 2.9
 * and today's LiteRT can read the file.
 * @param description names the program that wrote the file
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
 * Full-integer int8; weights have one scale per channel.
 * @param graph from `toDeployedForInt8`, the graph that was calibrated
 * @param io type of inputs and outputs
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
