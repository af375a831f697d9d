import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CliEnvironment } from '../environment.ts';
import { WorkbenchError } from '../../errors.ts';
import { startLocalRedis } from '../../farm/local-redis.ts';

export interface DemoOptions {
  readonly candidates: number;
  readonly json?: boolean;
}

const workers = 2;
/** Small batches, so that the demonstration takes about a minute. */
const settings = '--preset custom --batches 2 --batch-size 4 --in-flight 8 --seed 1'.split(' ');

/**
 * Runs a farm on this computer alone: a Redis server, two workers and a search, all of which end with the command.
 * Throws `redis-missing`, `redis-not-started`, `farm-demo-failed`.
 */
export async function demo(options: DemoOptions, environment: CliEnvironment): Promise<void> {
  const { stderr, stdout, interrupted } = environment;
  const redis = await startLocalRedis();
  let folder: string | undefined;
  const children: ChildProcess[] = [];
  const zico = (args: readonly string[], output: 'ignore' | 'pipe'): ChildProcess => {
    const child = spawn(process.execPath, [process.argv[1]!, ...args], {
      stdio: ['ignore', output, output === 'pipe' ? 'inherit' : 'ignore'],
    });
    children.push(child);
    return child;
  };
  const stop = (): void => children.forEach((child) => child.kill());
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    folder = await mkdtemp(path.join(os.tmpdir(), 'zico-farm-demo-'));
    // An abort while Redis started or the folder was made is heard by nobody.
    interrupted.throwIfAborted();
    stderr.write(`a Redis at ${redis.url}, ${workers} workers with a thread each, and a search:\n`);
    for (let i = 0; i < workers; i++)
      zico(['worker', '--farm', redis.url, '--threads', '1', '--phones', 'none'], 'ignore');
    const count = ['--candidates', String(options.candidates)];
    const where = ['--farm', redis.url, '--farm-only', '--run', path.join(folder, 'demo.zico')];
    const json = options.json ? ['--json'] : [];
    const search = zico(['search', ...settings, ...count, ...where, ...json], 'pipe');
    search.stdout!.on('data', (data: Buffer) => stdout(data.toString()));
    const code = await new Promise<number | null>((resolve) => search.once('close', resolve));
    interrupted.throwIfAborted();
    if (code !== 0) {
      throw new WorkbenchError(
        'farm-demo-failed',
        'The search of the demonstration ended with the error above.',
        'Try zico search without a farm first.',
      );
    }
    stderr.write(
      'to do the same by hand: redis-server, zico worker --farm URL, zico search --farm URL\n',
    );
  } finally {
    interrupted.removeEventListener('abort', stop);
    stop();
    await Promise.all(children.map(ended));
    await redis.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('close', () => resolve()));
}
