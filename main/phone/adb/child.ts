/**
 * Entry of the children that talk to the adb server: one that follows the phones, and one per phone, so that a
 * fault in the client library affects only the work of that phone.
 */
import { sendToParent } from '../../child/send-to-parent.ts';
import { reportOf } from '../../errors.ts';
import type { FromChild, ToChild } from './link-messages.ts';
import {
  pull,
  push,
  shell,
  type PullRequest,
  type PushRequest,
  type ShellRequest,
} from './operations.ts';
import { track, type TrackRequest } from './track.ts';

type Handler = (
  payload: never,
  onEvent: (event: unknown) => void,
  signal: AbortSignal,
) => Promise<unknown>;

const handlers: Readonly<Record<string, Handler>> = {
  shell: (request: ShellRequest, _, signal) => shell(request, signal),
  push: (request: PushRequest, onEvent, signal) =>
    push(request, (bytes, total) => onEvent({ bytes, total }), signal),
  pull: (request: PullRequest, _, signal) => pull(request, signal),
  track: (request: TrackRequest, onEvent, signal) => track(request, onEvent, signal),
};

interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
const running = new Map<number, AbortController>();

function say(message: FromChild): void {
  if (parentPort) parentPort.postMessage(message);
  else sendToParent(message);
}

async function answer(id: number, method: string, payload: unknown): Promise<void> {
  const end = new AbortController();
  running.set(id, end);
  try {
    const onEvent = (event: unknown) => say({ kind: 'event', id, event });
    const value = await handlers[method]!(payload as never, onEvent, end.signal);
    say({ kind: 'done', id, value });
  } catch (error) {
    say({ kind: 'failed', id, error: reportOf(error) });
  } finally {
    running.delete(id);
  }
}

function receive(message: ToChild): void {
  if (message.kind === 'request') void answer(message.id, message.method, message.payload);
  else running.get(message.id)?.abort(new Error('given up'));
}

if (parentPort) parentPort.on('message', (event) => receive(event.data as ToChild));
else process.on('message', receive).on('disconnect', () => process.exit(0));
