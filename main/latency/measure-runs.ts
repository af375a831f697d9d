/** Times single runs of a network on onnxruntime. Blocks: runs in the latency child. */
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../engine/onnxruntime/session.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { writeDeployableOnnx } from '../graph/onnx/write.ts';
import { generatorFor } from '../graph/random.ts';
import { elements } from '../graph/shape.ts';
import type { MeasureRequest } from './protocol.ts';

const imagesAtOnce = 1;

/** @returns the wall time of each run after the warm-up, in order, in milliseconds. */
export async function measureRuns({
  graph,
  warmUp,
  runs,
  threads,
}: MeasureRequest): Promise<readonly number[]> {
  const session = await createSession(writeDeployableOnnx(graph, imagesAtOnce, ''), threads);
  try {
    const [input] = graph.inputs;
    const shape = inferShapes(graph, 2).get(input.name) ?? [];
    const image = [imagesAtOnce, ...shape.slice(1)];
    // Values do not change the time of a convolution, but zeros and denormals could.
    const random = generatorFor('latency-input');
    const data = Float32Array.from({ length: elements(image) }, () => random.next() / 0x8000_0000);
    const feeds = { [input.name]: new Tensor('float32', data, image) };
    const timesMs: number[] = [];
    for (let run = 0; run < warmUp + runs; run++) {
      const start = performance.now();
      await session.run(feeds);
      if (run >= warmUp) timesMs.push(performance.now() - start);
    }
    return timesMs;
  } finally {
    await session.release();
  }
}
