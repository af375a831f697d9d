/**
 * The cable of an emulated phone: passes bytes between adb server and adbd, until it is told to fail.
 * It runs in the process that made it, which must therefore never block (no execFileSync of adb).
 */
import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

type Passage = 'open' | 'cut' | 'stalled';

export class FaultProxy {
  readonly #target: net.NetConnectOpts;
  readonly #server: net.Server;
  readonly #pairs = new Set<AbortController>();
  #passage: Passage = 'open';
  #bytesPerSecond = Infinity;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  private constructor(target: net.NetConnectOpts) {
    this.#target = target;
    this.#server = net.createServer((near) => {
      this.#join(near);
    });
  }

  /** @param port 0 for a free one */
  static async listen(target: net.NetConnectOpts, port = 0): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(port, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Every connection breaks, and new ones do at once. */
  cut(): void {
    this.#move('cut');
    for (const pair of this.#pairs) pair.abort();
  }

  /** Connections stay and nothing passes: what a bad cable does, and what no end of it can see. */
  stall(): void {
    this.#move('stalled');
  }

  /** At most this many bytes a second, each way. */
  throttle(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** As if nothing had been: open, as fast as it can be. What was held back passes now. */
  restore(): void {
    this.#bytesPerSecond = Infinity;
    this.#move('open');
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #move(passage: Passage): void {
    this.#passage = passage;
    this.#changes.emit('passage');
  }

  #join(near: net.Socket): void {
    if (this.#passage === 'cut') {
      near.destroy();
      return;
    }
    const far = net.connect(this.#target);
    const end = new AbortController();
    this.#pairs.add(end);
    end.signal.addEventListener('abort', () => {
      near.destroy();
      far.destroy();
      this.#pairs.delete(end);
    });
    for (const socket of [near, far]) {
      socket.on('error', () => {
        end.abort();
      });
    }
    near.setNoDelay(true);
    void this.#pump(near, far, end);
    void this.#pump(far, near, end);
  }

  async #pump(from: net.Socket, to: net.Socket, end: AbortController): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        while (this.#passage === 'stalled') {
          await once(this.#changes, 'passage', { signal: end.signal });
        }
        if (this.#bytesPerSecond < Infinity) {
          await sleep((chunk.length / this.#bytesPerSecond) * 1000, undefined, {
            signal: end.signal,
          });
        }
        if (!to.write(chunk)) await once(to, 'drain', { signal: end.signal });
      }
    } catch {
      // One end went away: so does the other, below.
    }
    // A phone and its computer never speak over half a cable.
    end.abort();
  }
}
