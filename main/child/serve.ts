/** The child's side: answers requests of its parent, in a utilityProcess and in a forked Node alike. */
import { endWithParent } from './end-with-parent.ts';
import { reportOf, type ErrorReport } from '../errors.ts';
import { sendToParent } from './send-to-parent.ts';

export interface RequestMessage {
  readonly id: number;
  readonly method: string;
  readonly payload: unknown;
}

export type ReplyMessage =
  /** How far it is; the result is still to come. */
  | { readonly id: number; readonly progress: unknown }
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorReport };

interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** `tell` is a function that says how far it is to whoever asked. */
export type RequestHandlers = Readonly<Record<string, (payload: never, tell: never) => unknown>>;

/** Serves requests one after the other, in the order they arrive; ends with the parent. */
export function serve(handlers: RequestHandlers): void {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
  const reply = (message: ReplyMessage) => {
    if (parentPort) parentPort.postMessage(message);
    else sendToParent(message);
  };
  let queue = Promise.resolve();
  const receive = (message: unknown) => {
    const { id, method, payload } = message as RequestMessage;
    queue = queue.then(async () => {
      try {
        const handler = handlers[method];
        if (!handler) throw new TypeError(`unknown request ${method}`);
        const tell = (progress: unknown) => reply({ id, progress });
        reply({ id, ok: true, value: await handler(payload as never, tell as never) });
      } catch (error) {
        reply({ id, ok: false, error: reportOf(error) });
      }
    });
  };
  if (parentPort) parentPort.on('message', (event) => receive(event.data));
  else {
    process.on('message', receive);
    endWithParent();
  }
}
