/** Handlers for searches that wait for their turn. */
import type { MethodName } from '../../../preload/contract.ts';
import type { Handlers } from '../answer.ts';
import type { Runs } from '../runs.ts';
import type { Services } from '../services.ts';
import type { Queue } from './queue.ts';
import { sweepView } from './sweep-view.ts';

export interface QueueHandlerOptions {
  readonly queue: Queue;
  readonly runs: Runs;
  readonly services: Pick<Services, 'judgeFronts'>;
  /** Throws `data-not-chosen` for images that the person did not choose. */
  readonly allowData: (path: string | null) => Promise<void>;
}

type QueueMethod = Extract<MethodName, `queue.${string}`>;

export function queueHandlers({
  queue,
  runs,
  services,
  allowData,
}: QueueHandlerOptions): Pick<Handlers, QueueMethod> {
  return {
    'queue.view': async () => queue.view(),
    'queue.add': async ({ title, searches }) => {
      for (const data of new Set(searches.map(({ settings }) => settings.data))) {
        await allowData(data);
      }
      return { sweep: queue.add(title, searches) };
    },
    'queue.move': async ({ id, to }) => {
      queue.move(id, to);
      return null;
    },
    'queue.remove': async ({ ids }) => {
      queue.remove(ids);
      return null;
    },
    'queue.pause': async () => {
      queue.pause();
      return null;
    },
    'queue.goOn': async () => {
      queue.goOn();
      return null;
    },
    'queue.retry': async ({ id }) => {
      queue.retry(id);
      return null;
    },
    'queue.sweep': ({ sweep }) =>
      sweepView(
        {
          ...{ queue, runFiles: runs.files },
          sweptFrontOf: (run) => runs.sweptFront(run),
          judgeFronts: (space, fronts) => services.judgeFronts(space, fronts),
        },
        sweep,
      ),
  };
}
