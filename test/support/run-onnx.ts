/** Runs the deployable form of a network on onnxruntime, in this process. */
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../main/engine/onnxruntime/session.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';

export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** @param image values of the only input, batch and all */
export async function runDeployable(
  graph: Graph,
  batchSize: number,
  image: Float32Array,
): Promise<Output> {
  const session = await createSession(writeDeployableOnnx(graph, batchSize, '0'), 1);
  try {
    const [input] = graph.inputs;
    const shape = input.shape.map((size) => size ?? batchSize);
    const outputs = await session.run({ [input.name]: new Tensor('float32', image, shape) });
    const { dims, data } = outputs[graph.outputs[0]];
    return { shape: dims, data: data as Float32Array };
  } finally {
    await session.release();
  }
}
