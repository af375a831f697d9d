/** A network as an ONNX model. */
import { asFloat16 } from '../../common/half-precision.ts';
import type { Graph } from '../graph.ts';
import { toInference, withoutUnused } from '../forms.ts';
import { inferShapes } from '../infer-shapes.ts';
import { definitionOf } from '../operators/index.ts';
import { materialise } from '../weights.ts';
import { OnnxBuilder } from './builder.ts';

/**
 * The deployable form: inference mode, every shape static at the given batch size, weights inside. Weights of half
 * precision are made whole before anything is computed.
 * @returns protobuf bytes of an ONNX model, opset 17.
 */
export function writeDeployableOnnx(
  graph: Graph,
  batchSize: number,
  version: string,
  weights: 'float32' | 'float16' = 'float32',
): Uint8Array {
  const { builder, deployable, shapes } = deployableNodes(graph, batchSize, weights);
  for (const name of deployable.outputs) builder.output(name, shapes.get(name) ?? [], 'float32');
  return builder.encode(deployable.name, version);
}

/** The same without outputs, for whoever has more to compute from the network's values. */
export function deployableNodes(
  graph: Graph,
  batchSize: number,
  weights: 'float32' | 'float16' = 'float32',
) {
  const deployable = withoutUnused(toInference(graph));
  const shapes = inferShapes(deployable, batchSize);
  const builder = new OnnxBuilder();
  for (const { name, type } of deployable.inputs) {
    builder.input(name, shapes.get(name) ?? [], type);
  }
  for (const [name, initializer] of deployable.initializers) {
    const half = weights === 'float16' ? asFloat16(materialise(initializer)) : null;
    if (half) builder.cast(builder.numbers(`${name}:half`, initializer.shape, half), 'float', name);
    else builder.floats(name, initializer.shape, () => materialise(initializer));
  }
  for (const node of deployable.nodes) {
    const { write } = definitionOf(node.kind);
    if (!write) throw new RangeError(`${node.kind} exists only after differentiation`);
    write(node, builder, (value) => shapes.get(value) ?? []);
  }
  return { builder, deployable, shapes };
}
