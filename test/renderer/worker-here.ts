/** The worker that lays out networks, which jsdom has no thread for. */
import { layoutNetwork, type LayoutRequest } from '../../renderer/candidate/layout/layout.ts';

/** Does in this thread what the worker does in its own. */
export class WorkerHere {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  postMessage(request: LayoutRequest): void {
    void Promise.resolve().then(() => this.onmessage?.({ data: layoutNetwork(request) }));
  }
  terminate(): void {
    this.onmessage = null;
  }
}
