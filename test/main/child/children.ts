/** Supervised children over the fixture processes, closed after each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import type { ChildProcesses } from '../../../main/child/process.ts';
import { SupervisedChild, type ChildLimits } from '../../../main/child/supervised-child.ts';

export const fixture = (file: string): string => path.join(import.meta.dirname, 'fixtures', file);

interface Options extends Partial<ChildLimits> {
  readonly entry?: string;
  readonly processes?: ChildProcesses;
}

export function supervised(options: Options = {}): SupervisedChild {
  const { entry = 'entry.ts', processes = nodeProcesses } = options;
  const { timeoutMs = 30_000, memoryBytes = 2 ** 32 } = options;
  const child = new SupervisedChild({
    processes,
    entry: fixture(entry),
    name: 'test',
    limits: { timeoutMs, memoryBytes },
  });
  onTestFinished(() => child.close());
  return child;
}

/** nodeProcesses, with a look at every process that is started. */
export function watched(onStart: (handle: ReturnType<ChildProcesses['start']>) => void) {
  return {
    start(entry: string, name: string) {
      const handle = nodeProcesses.start(entry, name);
      onStart(handle);
      return handle;
    },
  } satisfies ChildProcesses;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-child-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
