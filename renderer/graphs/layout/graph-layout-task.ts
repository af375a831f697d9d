/** One layout of a graph in its own worker, so that it can be cancelled by ending the worker. */
import type { GraphLayout, GraphLayoutRequest } from './graph-layout.ts';

export interface GraphLayoutTask {
  /** Never settles once it was cancelled. */
  readonly done: Promise<GraphLayout>;
  cancel(): void;
}

export type StartGraphLayout = (request: GraphLayoutRequest) => GraphLayoutTask;

export const graphLayoutInWorker: StartGraphLayout = (request) => {
  const worker = new Worker(new URL('./graph-layout.worker.ts', import.meta.url), {
    type: 'module',
  });
  const done = new Promise<GraphLayout>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<GraphLayout>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(`The graph could not be laid out: ${event.message}`));
    };
  });
  worker.postMessage(request);
  return { done, cancel: () => worker.terminate() };
};
