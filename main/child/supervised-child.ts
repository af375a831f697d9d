/**
 * A child process that answers requests and may die at any of them: started when first needed,
 * restarted after a crash, killed when a request takes too long or too much memory.
 */
import { WorkbenchError } from '../errors.ts';
import { ProcessKilled, wasKilled } from './killed.ts';
import { childName, type ChildHandle, type ChildProcesses, type ExitReason } from './process.ts';
import { outOfMemoryKills, residentBytes } from './resident-memory.ts';
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
  readonly hear: HearProgress;
}

/** Hears how far a request is, as its child tells it. */
type HearProgress = (progress: unknown) => void;

/** One request of a configuration. */
export interface ConfiguringRequest {
  readonly method: string;
  readonly payload: unknown;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const crashed = 'engine-crashed';
const memoryCeiling = 'memory-ceiling';
/** Linux reads /proc; elsewhere a look costs a process, so there it is taken less often. */
const memoryIntervalMs = process.platform === 'linux' ? 200 : 2000;
/** A child that dies twice at the same request is not asked a third time. */
const attempts = 2;

export class SupervisedChild {
  private readonly options: SupervisedChildOptions;
  private readonly setup = new Map<string, readonly ConfiguringRequest[]>();
  private child: ChildHandle | null = null;
  /** Why there is no child; callers get this error while there is none. */
  private ended: WorkbenchError | null = null;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  private starts = 0;
  /** Processes that the system had ended for memory before this one started. */
  private outOfMemoryKills = 0;

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

  /**
   * A request whose effect a restarted child needs again, such as the batches. What is large comes in
   * parts of its own: copying one into a message blocks this process for as long as it takes.
   */
  async configure(
    method: string,
    payload: unknown,
    ...parts: readonly ConfiguringRequest[]
  ): Promise<void> {
    const steps: readonly ConfiguringRequest[] = [{ method, payload }, ...parts];
    await this.enqueue(async () => {
      // In its turn: a request that came before must not meet it, not even in a restarted child.
      this.setup.set(method, steps);
      await this.attempt((fresh) => (fresh ? Promise.resolve() : this.askAll(steps)));
    });
  }

  /**
   * One request; requests run one after the other. An abort kills the child, since native code cannot
   * be interrupted otherwise, and ends the request with `<name>-aborted`.
   */
  request<T>(
    method: string,
    payload: unknown,
    signal?: AbortSignal,
    hear?: HearProgress,
  ): Promise<T> {
    const ask = () => this.ask(method, payload, hear);
    return this.enqueue(() => this.attempt(ask, signal)) as Promise<T>;
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

  /** Starts the child if need be and works with it, within the limits; tries again after a crash. */
  private async attempt(
    work: (fresh: boolean) => Promise<unknown>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      // Starting a process takes long enough for a window to have a turn of its own, without what led here.
      if (!this.child) await nextTurn();
      if (signal?.aborted) throw this.aborted();
      const endWatch = this.watch(signal);
      let fresh = true;
      try {
        fresh = await this.started();
        return await work(fresh);
      } catch (error) {
        if (attempt >= attempts || !worthAnotherTry(error, fresh)) throw error;
      } finally {
        endWatch();
      }
    }
  }

  /** Watches one attempt, from starting the child on; returns the function that ends the watch. */
  private watch(signal?: AbortSignal): () => void {
    const { name, limits } = this.options;
    const onAbort = () => this.stop(this.aborted());
    signal?.addEventListener('abort', onAbort, { once: true });
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
      signal?.removeEventListener('abort', onAbort);
    };
  }

  private async checkMemory(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) return;
    try {
      const memory = await residentBytes(child.pid);
      if (memory <= this.options.limits.memoryBytes || child !== this.child) return;
      const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
      this.stop(
        new WorkbenchError(
          memoryCeiling,
          `The ${this.options.name} process needed ${mebibytes(memory)} MiB; ${mebibytes(this.options.limits.memoryBytes)} MiB are allowed.`,
          'Use a smaller batch, or allow more memory.',
        ),
      );
    } catch {
      // The process ended between the question and the answer; its exit is handled elsewhere.
    }
  }

  /** @returns true where the process is a new one, with everything configured. */
  private async started(): Promise<boolean> {
    if (this.closed) throw this.error('closed', 'was closed', 'Start the task again.');
    if (this.child) return false;
    const { processes, entry, name } = this.options;
    this.outOfMemoryKills = outOfMemoryKills();
    const child = processes.start(entry, childName(name));
    this.child = child;
    this.ended = null;
    this.starts += 1;
    child.onMessage((message) => this.receive(message as ReplyMessage));
    child.onExit((reason) => {
      if (this.child === child) this.exited(reason);
    });
    // Starting a process and copying its first message would be one long stretch for a window.
    await nextTurn();
    for (const steps of this.setup.values()) await this.askAll(steps);
    return true;
  }

  private async askAll(steps: readonly ConfiguringRequest[]): Promise<void> {
    for (const { method, payload } of steps) {
      await this.ask(method, payload);
      await nextTurn();
    }
  }

  private ask(
    method: string,
    payload: unknown,
    hear: HearProgress = () => undefined,
  ): Promise<unknown> {
    const { child } = this;
    // It may have ended between two steps of one attempt.
    if (!child) {
      return Promise.reject(this.ended ?? this.error('ended', 'is not running', 'Try again.'));
    }
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject, hear });
      child.post({ id, method, payload } satisfies RequestMessage);
    });
  }

  private receive(message: ReplyMessage): void {
    const pending = this.pending.get(message.id);
    if ('progress' in message) {
      pending?.hear(message.progress);
      return;
    }
    this.pending.delete(message.id);
    if (message.ok) pending?.resolve(message.value);
    else pending?.reject(WorkbenchError.fromReport(message.error));
  }

  private exited(reason: ExitReason): void {
    const { code, signal } = reason;
    const { name } = this.options;
    if (signal === 'SIGKILL' && outOfMemoryKills() > this.outOfMemoryKills) {
      this.end(
        new WorkbenchError(
          memoryCeiling,
          `The system ended the ${name} process because the computer had no memory left.`,
          'Close other programs, or use a smaller batch or network.',
        ),
      );
      return;
    }
    const how =
      signal !== null
        ? `ended by signal ${signal} while it was computing`
        : code !== null
          ? `ended with code ${code} while it was computing`
          : 'could not be started';
    const message = `The ${name} process ${how}.`;
    this.end(
      wasKilled(reason)
        ? new ProcessKilled(crashed, message, 'Something else ended it. Start the task again.')
        : new WorkbenchError(
            crashed,
            message,
            'If this happens again with the same network, it needs more memory than there is.',
          ),
    );
  }

  private stop(error: WorkbenchError): void {
    const { child } = this;
    this.end(error);
    child?.kill();
  }

  private end(error: WorkbenchError): void {
    this.child = null;
    this.ended = error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }

  private aborted(): WorkbenchError {
    return this.error('aborted', 'was stopped', 'Start it again.');
  }

  private error(cause: string, what: string, hint: string): WorkbenchError {
    const { name } = this.options;
    return new WorkbenchError(`${name}-${cause}`, `The ${name} process ${what}.`, hint);
  }
}

/**
 * A crash may be the machine's; memory that an earlier request left behind is not this one's. A child
 * never gives memory back to the system (allocatorEnvironment), so only a new one shows what is needed.
 */
function worthAnotherTry(error: unknown, fresh: boolean): boolean {
  if (!(error instanceof WorkbenchError)) return false;
  return error.code === crashed || (error.code === memoryCeiling && !fresh);
}
