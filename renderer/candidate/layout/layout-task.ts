/** One layout in its own worker, so that it can be cancelled by ending the worker. */
import type { Layout, LayoutRequest } from './layout.ts';

export interface LayoutTask {
  /** Never settles once it was cancelled. */
  readonly done: Promise<Layout>;
  cancel(): void;
}

export type StartLayout = (request: LayoutRequest) => LayoutTask;

export const layoutInWorker: StartLayout = (request) => {
  const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
  const done = new Promise<Layout>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Layout>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(`The network could not be laid out: ${event.message}`));
    };
  });
  worker.postMessage(request);
  return { done, cancel: () => worker.terminate() };
};
