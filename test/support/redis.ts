/** A real redis-server for a test, with a loopback port and a folder of its own, killed and restarted at will. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** `redis-server` or `valkey-server`; null if neither is installed. */
export const redisServer: string | null =
  ['redis-server', 'valkey-server'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }) ?? null;

if (redisServer === null) {
  console.warn('Tests of farms are left out: no redis-server (bash .ci/system-packages.sh).');
}

export class TestRedis {
  readonly port: number;
  readonly folder: string;
  readonly #options: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, options: readonly string[]) {
    this.port = port;
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'zico-redis-'));
    this.#options = options;
  }

  /** @param options of the server, besides a loopback port and an append-only file */
  static async start(...options: string[]): Promise<TestRedis> {
    for (let tries = 1; ; tries++) {
      const redis = new TestRedis(await freePort(), options);
      try {
        await redis.begin();
        return redis;
      } catch (error) {
        await redis.stop();
        // Another test was quicker with the port.
        if (tries === 5 || !/already in use/i.test(String(error))) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    const own = ['--bind', '127.0.0.1', '--dir', this.folder, '--save', '', '--appendonly', 'yes'];
    const child = spawn(redisServer!, ['--port', String(this.port), ...own, ...this.#options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (data: Buffer) => {
        said += data.toString();
        if (/Ready to accept connections/.test(said)) resolve();
      });
      child.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
    });
  }

  /** Kills it as the kernel or a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    await sleep(0);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
