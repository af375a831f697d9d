/** A child that something outside ended: no fault of what it worked on, so that is worked on again. */
import { setTimeout as wait } from 'node:timers/promises';
import { WorkbenchError } from '../errors.ts';
import type { ExitReason } from './process.ts';

/** With the code of any child that died: what a person can do about it is the same. */
export class ProcessKilled extends WorkbenchError {}

/** What a program that does something wrong is ended by; every other signal is somebody's wish. */
const faults = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
  'SIGXFSZ',
]);

/** True where a process did not end by itself or by its own fault. */
export function wasKilled({ code, signal }: ExitReason): boolean {
  // Windows has no signals: what Task Manager ends has the code 1.
  if (process.platform === 'win32') return code === 1;
  return signal !== null && !faults.has(signal);
}

/** Before another try: what kills processes may be through with it then. */
const firstPauseMs = 100;
const lastPauseMs = 1600;

/**
 * Does the work again, after a pause that grows, where its process was killed.
 * @throws what the work throws, a ProcessKilled after the sixth time
 */
export async function retryKilled<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ProcessKilled) || pauseMs > lastPauseMs) throw error;
    }
    // The work itself says that it was stopped.
    await wait(pauseMs, undefined, signal && { signal }).catch(() => undefined);
  }
}
