/**
 * A child process that answers requests and may die at any of them: started when first needed,
 * restarted after a crash, killed when a request takes too long or too much memory.
 */
import pidusage from 'pidusage';
import { WorkbenchError } from '../errors.ts';
import type { ChildHandle, ChildProcesses, ExitReason } from './process.ts';
import type { ReplyMessage, RequestMessage } from './serve.ts';

export interface ChildLimits {
  /** A request that takes longer ends with `<name>-timeout`. */
  readonly timeoutMs: number;
  /** Resident memory; more ends the request with `memory-ceiling`. */
  readonly memoryBytes: number;
}

export interface SupervisedChildOptions {
  readonly processes: ChildProcesses;
  readonly entry: string;
  /** Shown in process lists, and the prefix of its error codes: `scoring`, `latency`. */
  readonly name: string;
  readonly limits: ChildLimits;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Linux reads /proc; elsewhere a look costs a process, so there it is taken less often. */
const memoryIntervalMs = process.platform === 'linux' ? 200 : 2000;
/** A child that dies twice at the same request is not asked a third time. */
const attempts = 2;

export class SupervisedChild {
  private readonly options: SupervisedChildOptions;
  private readonly setup = new Map<string, unknown>();
  private child: ChildHandle | null = null;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  private starts = 0;

  constructor(options: SupervisedChildOptions) {
    this.options = options;
  }

  /** How often the process had to be started again. */
  get restarts(): number {
    return Math.max(0, this.starts - 1);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** A request whose effect a restarted child needs again, such as the batches. */
  async configure(method: string, payload: unknown): Promise<void> {
    this.setup.set(method, payload);
    await this.enqueue(async () => {
      if (this.child) await this.ask(method, payload);
      else await this.started();
    });
  }

  /**
   * One request; requests run one after the other. An abort kills the child: native code cannot be
   * interrupted otherwise.
   */
  request<T>(method: string, payload: unknown, signal?: AbortSignal): Promise<T> {
    return this.enqueue(() => this.limited(method, payload, signal)) as Promise<T>;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stop(this.error('closed', 'was closed', 'Start the task again.'));
    await this.queue.catch(() => undefined);
  }

  private enqueue(task: () => Promise<unknown>): Promise<unknown> {
    const result = this.queue.then(task);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async limited(method: string, payload: unknown, signal?: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      await this.started();
      const onAbort = () => this.stop(this.error('aborted', 'was stopped', 'Start it again.'));
      signal?.addEventListener('abort', onAbort, { once: true });
      const guard = this.guard();
      try {
        return await this.ask(method, payload);
      } catch (error) {
        const crashed = error instanceof WorkbenchError && error.code === 'engine-crashed';
        if (!crashed || attempt >= attempts || this.closed) throw error;
      } finally {
        guard();
        signal?.removeEventListener('abort', onAbort);
      }
    }
  }

  /** Watches the running request; returns the function that ends the watch. */
  private guard(): () => void {
    const { name, limits } = this.options;
    const timeout = setTimeout(() => {
      const seconds = Math.round(limits.timeoutMs / 1000);
      this.stop(
        new WorkbenchError(
          `${name}-timeout`,
          `The ${name} process gave no result within ${seconds} s and was ended.`,
          'Use a smaller batch or network, or a longer time limit.',
        ),
      );
    }, limits.timeoutMs);
    const interval = setInterval(() => void this.checkMemory(), memoryIntervalMs);
    return () => {
      clearTimeout(timeout);
      clearInterval(interval);
    };
  }

  private async checkMemory(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) return;
    try {
      const { memory } = await pidusage(child.pid);
      if (memory <= this.options.limits.memoryBytes || child !== this.child) return;
      const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
      this.stop(
        new WorkbenchError(
          'memory-ceiling',
          `The ${this.options.name} process needed ${mebibytes(memory)} MiB; ${mebibytes(this.options.limits.memoryBytes)} MiB are allowed.`,
          'Use a smaller batch, or allow more memory.',
        ),
      );
    } catch {
      // The process ended between the question and the answer; its exit is handled elsewhere.
    }
  }

  private async started(): Promise<void> {
    if (this.closed) throw this.error('closed', 'was closed', 'Start the task again.');
    if (this.child) return;
    const { processes, entry, name } = this.options;
    const child = processes.start(entry, `ZiCo ${name}`);
    this.child = child;
    this.starts += 1;
    child.onMessage((message) => this.receive(message as ReplyMessage));
    child.onExit((reason) => {
      if (this.child === child) this.exited(reason);
    });
    for (const [method, payload] of this.setup) await this.ask(method, payload);
  }

  private ask(method: string, payload: unknown): Promise<unknown> {
    const { child } = this;
    if (!child) return Promise.reject(this.error('crashed', 'is not running', 'Try again.'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      child.post({ id, method, payload } satisfies RequestMessage);
    });
  }

  private receive(message: ReplyMessage): void {
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.ok) pending?.resolve(message.value);
    else pending?.reject(WorkbenchError.fromReport(message.error));
  }

  private exited({ code, signal }: ExitReason): void {
    const how = signal ? `by signal ${signal}` : `with code ${code}`;
    this.child = null;
    this.rejectAll(
      new WorkbenchError(
        'engine-crashed',
        `The ${this.options.name} process ended ${how} while it was computing.`,
        'If this happens again with the same network, it needs more memory than there is.',
      ),
    );
  }

  private stop(error: WorkbenchError): void {
    const { child } = this;
    this.child = null;
    child?.kill();
    this.rejectAll(error);
  }

  private rejectAll(error: Error): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }

  private error(cause: string, what: string, hint: string): WorkbenchError {
    const { name } = this.options;
    return new WorkbenchError(`${name}-${cause}`, `The ${name} process ${what}.`, hint);
  }
}
