import { describe, expect, it, vi } from 'vitest';
import { isAlive, supervised, watched } from './children.ts';

describe('an abort', () => {
  const aborted = { code: 'test-aborted' };

  it('ends a request whose child is busy, and the child with it', async () => {
    const child = supervised();
    const pid = await child.request<number>('pid', null);
    const stop = new AbortController();
    const request = child.request('block', 60_000, stop.signal);
    setTimeout(() => stop.abort(), 100);
    await expect(request).rejects.toMatchObject(aborted);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    expect(await child.request('echo', 'next')).toBe('next');
  });

  it('before the request starts no process', async () => {
    const child = supervised();
    await expect(child.request('echo', 1, AbortSignal.abort())).rejects.toMatchObject(aborted);
    expect(child.pid).toBeUndefined();
  });

  it('while the child starts ends the request at once', async () => {
    const child = supervised({ entry: 'stuck-entry.ts' });
    const stop = new AbortController();
    const request = child.request('echo', 1, stop.signal);
    await vi.waitFor(() => expect(child.pid).toBeDefined());
    const { pid } = child;
    stop.abort();
    await expect(request).rejects.toMatchObject(aborted);
    await vi.waitFor(() => expect(isAlive(pid as number)).toBe(false));
  });

  it('while a restarted child is being configured ends the request', async () => {
    const stop = new AbortController();
    let starts = 0;
    const processes = watched(({ onMessage }) => {
      // In the very turn of the second child's first answer, before anybody goes on with it.
      if (++starts === 2) onMessage(() => queueMicrotask(() => stop.abort()));
    });
    const child = supervised({ processes });
    await child.configure('configure', 'a');
    process.kill(child.pid as number, 'SIGKILL');
    await vi.waitFor(() => expect(child.pid).toBeUndefined());
    await expect(child.request('wait', 60_000, stop.signal)).rejects.toMatchObject(aborted);
    expect(starts).toBe(2);
  });

  it('of a waiting request leaves the running one alone', async () => {
    const child = supervised();
    const stop = new AbortController();
    const running = child.request('wait', 300);
    const waiting = child.request('echo', 1, stop.signal);
    const rejected = expect(waiting).rejects.toMatchObject(aborted);
    stop.abort();
    await running;
    await rejected;
    expect(child.restarts).toBe(0);
  });

  it('after the answer does nothing', async () => {
    const child = supervised();
    const stop = new AbortController();
    const pid = await child.request('pid', null, stop.signal);
    stop.abort();
    expect(await child.request('pid', null)).toBe(pid);
  });
});
