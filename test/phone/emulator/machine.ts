/** The processes of an emulated phone: enter.sh, its orders and answers, and its end. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { WorkbenchError } from '../../../main/errors.ts';
import { refusal } from '../requirements.ts';

type Order = 'on' | 'off' | 'fill' | 'free';

export class Machine {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncIterator<string>;
  #said = '';
  /** Orders are answered one after another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(root: string, bytes: number) {
    const script = path.join(import.meta.dirname, 'enter.sh');
    this.#process = spawn(script, [root, String(bytes)], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (data: Buffer) => {
      this.#said = (this.#said + data.toString()).slice(-4000);
    });
    // Writing to a phone that is gone fails; the answer that does not come says so.
    this.#process.stdin.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** @throws WorkbenchError `emulator-refused` */
  static async start(root: string, bytes: number): Promise<Machine> {
    const machine = new Machine(root, bytes);
    await machine.#expect('start');
    return machine;
  }

  /** What adbd and the programs around it said last. */
  get said(): string {
    return this.#said.trim();
  }

  async order(order: Order): Promise<void> {
    const answered = this.#last.then(async () => {
      this.#process.stdin.write(`${order}\n`);
      await this.#expect(order);
    });
    this.#last = answered.catch(() => undefined);
    await answered;
  }

  failure(stage: string, details: string): WorkbenchError {
    return refusal(stage, `${details}\n${this.said}`.trim());
  }

  /** Kills everything that runs on the phone; its mounts go with its processes. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'close');
  }

  async #expect(order: string): Promise<void> {
    const { value, done } = (await this.#answers.next()) as IteratorResult<string, undefined>;
    if (!done && value === `done ${order}`) return;
    await this.stop();
    const silent = order === 'start' ? 'unshare' : order;
    throw this.failure(done ? silent : value.replace(/^failed /, ''), '');
  }
}
