/**
 * Calls the code of a space, in a thread of its own, and waits for the answer: a space is asked synchronously, and
 * a thread can be ended where no answer comes. It is started again by the next call.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  receiveMessageOnPort,
  MessageChannel,
  Worker,
  type MessagePort,
} from 'node:worker_threads';
import { WorkbenchError } from '../errors.ts';
import type { Answer, Answers, Call, WorkerData } from './protocol.ts';
import { syntaxErrorLine } from './syntax-line.ts';

/** Code that takes longer would make a search wait: networks are proposed by the thousand. */
export const answerWithinMs = 10_000;

/** Built, the thread's script lies beside the bundle. */
const built = !import.meta.filename.endsWith('.ts');
const script = path.join(import.meta.dirname, built ? 'space-code-worker.js' : 'worker.ts');

/** Of the thread's heap. Beyond it the thread ends, and the program does not. */
const mostMegabytes = 2048;

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly ready: Int32Array<SharedArrayBuffer>;
}

export class SpaceCode {
  readonly #file: string;
  readonly #withinMs: number;
  #thread: Thread | null = null;

  /** @param withinMs how long a single answer may take */
  constructor(file: string, withinMs = answerWithinMs) {
    this.#file = file;
    this.#withinMs = withinMs;
  }

  /** What people call it. */
  get name(): string {
    return path.basename(this.#file);
  }

  /** Throws `space-code-failed` where the code throws, `space-code-timeout` where it does not answer. */
  call<C extends Call>(call: C): Answers[C['what']] {
    const thread = (this.#thread ??= this.#start());
    return this.#answer(thread, call) as Answers[C['what']];
  }

  /** Ends the thread; the next call starts another. */
  close(): void {
    const thread = this.#thread;
    this.#thread = null;
    void thread?.worker.terminate();
  }

  #start(): Thread {
    const ready = new Int32Array(new SharedArrayBuffer(4));
    const { port1, port2 } = new MessageChannel();
    const data: WorkerData = {
      ...{ url: pathToFileURL(path.resolve(this.#file)).href, ready },
      port: port2,
    };
    const worker = new Worker(script, {
      ...{ workerData: data, transferList: [port2] },
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    // What ends the thread is told by the answer that does not come; nobody waits for the thread itself.
    worker.on('error', () => undefined);
    worker.unref();
    const thread: Thread = { worker, port: port1, ready };
    try {
      this.#answer(thread, { what: 'load' });
      return thread;
    } catch (error) {
      void worker.terminate();
      throw error;
    }
  }

  #answer(thread: Thread, call: Call): unknown {
    Atomics.store(thread.ready, 0, 0);
    thread.port.postMessage(call);
    const answered = isSetWithin(thread.ready, this.#withinMs);
    const answer = answered
      ? (receiveMessageOnPort(thread.port)?.message as Answer | undefined)
      : undefined;
    if (answer === undefined) {
      this.close();
      void thread.worker.terminate();
      throw new WorkbenchError(
        'space-code-timeout',
        `${this.name} did not answer within ${this.#withinMs / 1000} s: ${words(call)}.`,
        'Look for a loop without an end in it. What is stored of a search stays, and can be resumed once the file answers.',
      );
    }
    if (answer.ok) return answer.value;
    throw this.#failed(call, answer);
  }

  #failed(call: Call, { message, stack }: Extract<Answer, { ok: false }>): WorkbenchError {
    const unread = call.what === 'load' && /\bSyntaxError\b/.test(stack);
    const line = lineIn(stack, this.name) ?? (unread ? syntaxErrorLine(this.#file) : null);
    // Read as a script of the older kind, a module ends at its first export or import.
    const script = unread && /token 'export'|import statement/.test(message);
    const place = line === null ? '' : ` in line ${line}`;
    return new WorkbenchError(
      'space-code-failed',
      `${this.name} failed: ${words(call)} threw "${message}"${place}.`,
      script
        ? 'Node reads this file as CommonJS: name it .mjs, or put "type": "module" into the package.json beside it.'
        : 'Mend the file. docs/spaces-in-code.md says what it has to export.',
    );
  }
}

/**
 * Whether the thread sets it in time. Being woken says nothing: the answer before may be read as soon as it is
 * stored, and its notice then arrives when the next call already waits.
 */
function isSetWithin(ready: Int32Array<SharedArrayBuffer>, withinMs: number): boolean {
  const until = performance.now() + withinMs;
  while (Atomics.load(ready, 0) === 0) {
    const left = until - performance.now();
    if (left <= 0) return false;
    Atomics.wait(ready, 0, 0, left);
  }
  return true;
}

/** The call as it would be written. */
function words(call: Call): string {
  switch (call.what) {
    case 'load':
      return 'loading it';
    case 'sample':
      return 'sample()';
    case 'crossover':
      return `crossover("${call.first}", "${call.second}")`;
    case 'at':
      return `at(${call.index})`;
    default:
      return `${call.what}("${call.genotype}")`;
  }
}

/** The first line of the file itself in a stack, or above it, where Node shows what it could not read. */
function lineIn(stack: string, name: string): number | null {
  for (const line of stack.split('\n')) {
    const found = line.includes(name) ? /:(\d+)(?::\d+)?\)?$/.exec(line.trim()) : null;
    if (found) return Number(found[1]);
  }
  return null;
}
