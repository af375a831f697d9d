/** Runs graphs in onnxruntime, in this process. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { lowerToModel } from '../../main/engine/onnxruntime/lower.ts';
import { createSession } from '../../main/engine/onnxruntime/session.ts';
import type { DifferentiatedGraph } from '../../main/graph/differentiate.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { lossOutput } from '../../main/graph/losses.ts';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';

export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Runs the deployable form of a network.
 * @param image values of the only input, with its batch axis
 */
export async function runDeployable(
  graph: Graph,
  batchSize: number,
  image: Float32Array,
): Promise<Output> {
  const session = await createSession(writeDeployableOnnx(graph, batchSize, '0'), 1);
  try {
    const input = graph.inputs[0]!;
    const shape = input.shape.map((size) => size ?? batchSize);
    const outputs = await session.run({ [input.name]: new Tensor('float32', image, shape) });
    const { dims, data } = outputs[graph.outputs[0]!]!;
    return { shape: dims, data: data as Float32Array };
  } finally {
    await session.release();
  }
}

/** Runs one batch through a differentiated graph; returns its gradients in order, by the name of the weight. */
export async function runDifferentiated(
  differentiated: DifferentiatedGraph,
  feeds: InferenceSession.FeedsType,
  threads: number,
): Promise<{ loss: number; gradients: ReadonlyMap<string, Float32Array> }> {
  const session = await createSession(lowerToModel(differentiated), threads);
  try {
    const outputs = await session.run(feeds);
    const data = (name: string) => outputs[name]!.data as Float32Array;
    return {
      loss: data(lossOutput)[0]!,
      gradients: new Map([...differentiated.gradients].map(([w, value]) => [w, data(value)])),
    };
  } finally {
    await session.release();
  }
}
