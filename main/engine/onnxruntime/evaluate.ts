/** Values of a graph by onnxruntime. Blocks, so it runs in the scoring child. */
import { Tensor } from 'onnxruntime-node';
import type { Evaluate } from '../proxies/compute.ts';
import { lowerToModel } from './lower.ts';
import { createSession, refused } from './session.ts';

export function evaluator(threads: number): Evaluate {
  return async ({ graph, shapes }, image, wanted) => {
    const gradients = new Map(wanted.map((name) => [name, name]));
    const session = await createSession(
      lowerToModel({ graph: { ...graph, outputs: [] }, shapes, gradients }),
      threads,
    );
    try {
      const input = graph.inputs[0]!.name;
      const feeds = { [input]: new Tensor('float32', image, shapes.get(input) ?? []) };
      const outputs = await session.run(feeds).catch((cause: unknown) => {
        throw refused(cause);
      });
      return wanted.map((name) => outputs[name]!.data as Float32Array);
    } finally {
      await session.release();
    }
  };
}
