/** A child process for one long piece of work, which tells how far it is: started, asked once, ended. */
import { reportOf, WorkbenchError, type ErrorReport } from '../errors.ts';
import { endWithParent } from './end-with-parent.ts';
import type { ChildProcesses } from './process.ts';
import { sendToParent } from './send-to-parent.ts';

type Message =
  | { readonly kind: 'progress'; readonly progress: unknown }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: ErrorReport };

interface ParentPort {
  once(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** The child's side: works on the first message, and answers with what comes of it. */
export function workOnce<Request, Progress>(
  work: (request: Request, tell: (progress: Progress) => void) => Promise<unknown>,
): void {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
  const send = (message: Message) => {
    if (parentPort) parentPort.postMessage(message);
    else sendToParent(message);
  };
  const begin = (request: unknown) => {
    work(request as Request, (progress) => send({ kind: 'progress', progress })).then(
      (value) => send({ kind: 'done', value }),
      (error: unknown) => send({ kind: 'failed', error: reportOf(error) }),
    );
  };
  if (parentPort) parentPort.once('message', (event) => begin(event.data));
  else {
    process.once('message', begin);
    endWithParent();
  }
}

export interface OneShot {
  readonly processes: ChildProcesses;
  /** Script of the child, which calls `workOnce`. */
  readonly entry: string;
  /** Shown in process lists and, with `-crashed`, the code of the error where the child dies. */
  readonly name: string;
}

/** Throws what the work throws; the signal's reason where it is aborted; `NAME-crashed` where the child ends without an answer. */
export function askOnce<Result, Progress>(
  { processes, entry, name }: OneShot,
  request: unknown,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Result> {
  signal?.throwIfAborted();
  const child = processes.start(entry, name);
  return new Promise<Result>((resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
      child.kill();
    });
    child.onMessage((message) => {
      const told = message as Message;
      if (told.kind === 'progress') {
        onProgress(told.progress as Progress);
        return;
      }
      if (told.kind === 'done') resolve(told.value as Result);
      else reject(WorkbenchError.fromReport(told.error));
      child.kill();
    });
    child.onExit(({ code, signal }) => {
      reject(
        new WorkbenchError(
          `${name}-crashed`,
          `The process that does this ended early (${signal ?? code ?? 'not started'}).`,
          'Try again. If it ends early again, there may be too little memory: close other programs.',
        ),
      );
    });
    child.post(request);
  });
}
