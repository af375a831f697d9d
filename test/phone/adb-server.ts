/** An adb server of a test's own: its own port, its own key, and nothing of the person's adb touched. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkbenchError } from '../../main/errors.ts';
import { freePort } from '../support/free-port.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a phone needs of an adb server in order to be plugged in. */
export interface AdbPort {
  readonly port: number;
  /** Folder whose .android/ holds the server's keys. */
  readonly home: string;
}

export class AdbServer implements AdbPort {
  readonly port: number;
  readonly home: string;
  #process: ChildProcess | undefined;

  constructor(port: number, home: string) {
    this.port = port;
    this.home = home;
  }

  /** For programs that are to speak to this server, and may have to start it again. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ANDROID_ADB_SERVER_PORT: String(this.port),
      HOME: this.home,
      // Android Studio's emulators of this computer are none of a test's business.
      ADB_LOCAL_TRANSPORT_MAX_PORT: '5553',
    };
  }

  /** Runs the adb command line against this server. */
  async adb(...args: readonly string[]): Promise<CommandResult> {
    const child = spawn('adb', args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { exitCode: code ?? -1, stdout, stderr };
  }

  /** Starts the server, also after it was killed. */
  async start(): Promise<void> {
    // The kernel ends it with this process, however that ends.
    const args = ['--pdeathsig', 'KILL', 'adb', '-P', String(this.port), 'nodaemon', 'server'];
    const child = spawn('setpriv', args, { env: this.env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2000)));
    this.#process = child;
    for (let tries = 0; tries < 1000; tries++) {
      if (child.exitCode !== null) break;
      if (await answers(this.port)) return;
      await sleep(10);
    }
    child.kill('SIGKILL');
    throw new WorkbenchError(
      'emulator-adb-server',
      `The adb server did not start on port ${this.port}: ${said.trim()}`,
      'Is the port taken? Is adb installed?',
    );
  }

  /** Kills the server without a word to anybody, whoever started it last. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    } else {
      await ask(this.port, 'host:kill').catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    // A client may have started another one meanwhile.
    await ask(this.port, 'host:kill').catch(() => undefined);
    rmSync(this.home, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts an adb server on a port of its own, with a new key. */
export async function startAdbServer(): Promise<AdbServer> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'zico-adb-'));
  const server = new AdbServer(await freePort(), home);
  try {
    await server.start();
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
  return server;
}

/**
 * Asks an adb server one thing in its own protocol.
 * @returns its answer
 * @throws Error with what the server objects
 */
export async function ask(port: number, service: string, timeoutMs = 20_000): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  const signal = AbortSignal.timeout(timeoutMs);
  const stop = (): void => {
    socket.destroy(new Error(`The adb server did not answer ${service} in ${timeoutMs} ms`));
  };
  signal.addEventListener('abort', stop);
  try {
    socket.write(service.length.toString(16).padStart(4, '0') + service);
    const parts: Buffer[] = [];
    for await (const part of socket as AsyncIterable<Buffer>) parts.push(part);
    const answer = Buffer.concat(parts).toString();
    const text = answer.slice(8);
    if (answer.startsWith('OKAY')) return text;
    throw new Error(answer === '' ? 'The adb server hung up' : text);
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

/** The public key by which phones know the server. */
export function publicKey({ home }: AdbPort): string {
  return readFileSync(path.join(home, '.android', 'adbkey.pub'), 'utf8').trim();
}

async function answers(port: number): Promise<boolean> {
  return ask(port, 'host:version', 2000).then(
    () => true,
    () => false,
  );
}
