/** A temporary Redis on this computer for trying a farm, on a free loopback port. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';

export interface LocalRedis {
  readonly url: string;
  /** Ends the server and removes its data. */
  close(): Promise<void>;
}

const names = ['redis-server', 'valkey-server'];
const startMs = 15_000;

/** Another program may be quicker with a port that was free. */
const mostPorts = 5;

/** Throws WorkbenchError: `redis-missing` with the command that installs it, `redis-not-started`. */
export async function startLocalRedis(): Promise<LocalRedis> {
  const name = names.find((one) => spawnSync(one, ['--version'], { stdio: 'ignore' }).status === 0);
  if (name === undefined) {
    throw new WorkbenchError(
      'redis-missing',
      `Neither ${names.join(' nor ')} is installed here, or it is not in PATH.`,
      installing[process.platform] ?? 'Install Redis or Valkey (docs/farm.md).',
    );
  }
  for (let tries = 1; ; tries++) {
    const started = await tried(name, await freePort());
    if ('url' in started) return started;
    if (tries < mostPorts && /already in use/i.test(started.said)) continue;
    throw new WorkbenchError(
      'redis-not-started',
      `${name} did not start: ${started.said.trim().split('\n').at(-1) ?? ''}`,
      'Start one yourself and name it with --farm.',
    );
  }
}

/** Where it does not start, what it said. */
async function tried(name: string, port: number): Promise<LocalRedis | { readonly said: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'zico-farm-'));
  const options = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', ''].map(
    String,
  );
  const server = spawn(name, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let said = '';
  const ready = new Promise<boolean>((resolve) => {
    const hear = (data: Buffer): void => {
      said = (said + data.toString()).slice(-4000);
      if (said.includes('Ready to accept connections')) resolve(true);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    void ended.then(() => resolve(false));
    setTimeout(() => resolve(false), startMs).unref();
  });
  if (await ready) return { url: `redis://127.0.0.1:${port}`, close };
  await close();
  return { said };
}

const installing: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux:
    'Install one: sudo apt install redis-server (Debian, Ubuntu), sudo dnf install valkey (Fedora).',
  darwin: 'Install one: brew install redis.',
};

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
