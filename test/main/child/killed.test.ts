import { describe, expect, it } from 'vitest';
import { ProcessKilled, retryKilled, wasKilled } from '../../../main/child/killed.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import { supervised } from './children.ts';

const killed = () => new ProcessKilled('engine-crashed', 'Killed.', 'Again.');

/** Fails so many times before it succeeds, and counts how often it was tried. */
function failing(times: number, error: () => Error) {
  const work = { tried: 0, run: () => Promise.resolve('done') };
  work.run = () => (work.tried++ < times ? Promise.reject(error()) : Promise.resolve('done'));
  return work;
}

describe('work whose process was killed', () => {
  it('is done again', async () => {
    const work = failing(3, killed);
    expect(await retryKilled(work.run)).toBe('done');
    expect(work.tried).toBe(4);
  });

  it('is given up where it is killed again and again', async () => {
    const work = failing(100, killed);
    await expect(retryKilled(work.run)).rejects.toBeInstanceOf(ProcessKilled);
    expect(work.tried).toBe(6);
  });

  it('is not done again after a fault of its own', async () => {
    const work = failing(1, () => new WorkbenchError('engine-crashed', 'It died.', 'None.'));
    await expect(retryKilled(work.run)).rejects.toThrow('It died.');
    expect(work.tried).toBe(1);
  });

  it('is not waited for once it was stopped', async () => {
    const stop = new AbortController();
    const work = failing(5, () => {
      stop.abort();
      return killed();
    });
    const start = performance.now();
    expect(await retryKilled(work.run, stop.signal)).toBe('done');
    // The five pauses would be 3.1 s.
    expect(performance.now() - start).toBeLessThan(2500);
  });
});

describe.skipIf(process.platform === 'win32')('a process', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'])('was ended from outside by %s', (signal) => {
    expect(wasKilled({ code: null, signal })).toBe(true);
  });
  it.each(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'])(
    'ended by its own fault with %s',
    (signal) => {
      expect(wasKilled({ code: null, signal })).toBe(false);
    },
  );
  it('ended by itself with a code, or never began', () => {
    expect(wasKilled({ code: 1, signal: null })).toBe(false);
    expect(wasKilled({ code: null, signal: null })).toBe(false);
  });

  it('that is killed and one that crashes are told apart', async () => {
    const crash = supervised().request('abort', null);
    await expect(crash).rejects.not.toBeInstanceOf(ProcessKilled);
    const child = supervised();
    const victim = child.request('block', null);
    const killing = setInterval(() => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGTERM');
    }, 20);
    await expect(victim).rejects.toBeInstanceOf(ProcessKilled);
    clearInterval(killing);
  });
});
