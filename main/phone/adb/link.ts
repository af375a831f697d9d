/**
 * A child that does device work, seen from the main side: requests run concurrently, each with a limit and a
 * way to cancel it. The child may die during any of them: they then end as `phone-gone`, since the caller may
 * ask again, and the next request starts a new child.
 */
import { childName, type ChildHandle, type ChildProcesses } from '../../child/process.ts';
import { WorkbenchError } from '../../errors.ts';
import { helperCrashed, phoneTimeout } from './errors.ts';
import type { FromChild, ToChild } from './link-messages.ts';

export interface LinkOptions {
  readonly processes: ChildProcesses;
  /** Script of the adb child. */
  readonly entry: string;
  /** Shown in process lists. */
  readonly name: string;
}

export interface LinkRequest {
  readonly method: string;
  readonly payload: unknown;
  /**
   * The child ends the request by itself after this time; a child that does not is killed. Infinity for never.
   */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: never) => void) | undefined;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: ((event: never) => void) | undefined;
}

/** How long after the child's own limit the child is considered to hang. */
const graceMs = 5000;

export class Link {
  readonly #options: LinkOptions;
  readonly #pending = new Map<number, Pending>();
  #child: ChildHandle | null = null;
  #nextId = 1;
  #starts = 0;
  #closed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often the process had to be restarted. */
  get restarts(): number {
    return Math.max(0, this.#starts - 1);
  }

  /** Throws what the child throws, the signal's reason, `phone-timeout`, `phone-gone` where it died. */
  async request<T>({ method, payload, limitMs, signal, onEvent }: LinkRequest): Promise<T> {
    signal?.throwIfAborted();
    const child = this.#started();
    const id = this.#nextId++;
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject, onEvent });
        onAbort = () => {
          child.post({ kind: 'cancel', id } satisfies ToChild);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        if (limitMs < Infinity) {
          timer = setTimeout(() => {
            reject(phoneTimeout(this.#options.name, method, limitMs + graceMs));
            child.kill();
          }, limitMs + graceMs);
        }
        child.post({ kind: 'request', id, method, payload } satisfies ToChild);
      });
    } finally {
      this.#pending.delete(id);
      clearTimeout(timer);
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    this.#closed = true;
    this.#end('was closed');
  }

  #started(): ChildHandle {
    if (this.#closed) throw helperCrashed('was closed');
    if (this.#child) return this.#child;
    const child = this.#options.processes.start(this.#options.entry, childName(this.#options.name));
    this.#child = child;
    this.#starts++;
    child.onMessage((message) => this.#receive(message as FromChild));
    child.onExit(({ code, signal }) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#end(`ended unexpectedly (${signal ?? `code ${code}`})`);
    });
    return child;
  }

  #receive(message: FromChild): void {
    const pending = this.#pending.get(message.id);
    if (message.kind === 'event') pending?.onEvent?.(message.event as never);
    else if (message.kind === 'done') pending?.resolve(message.value);
    else pending?.reject(WorkbenchError.fromReport(message.error));
  }

  #end(why: string): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
    for (const { reject } of this.#pending.values()) reject(helperCrashed(why));
  }
}
