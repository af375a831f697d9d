import { describe, expect, it, vi } from 'vitest';
import { isAlive, supervised } from './children.ts';

const mebibyte = 2 ** 20;
/** Long enough for a child to start on a busy computer. */
const timeoutMs = 2500;

describe('the time limit', () => {
  it('ends a request whose child blocks its event loop, and the child with it', async () => {
    const child = supervised({ timeoutMs });
    const pid = await child.request<number>('pid', null);
    const start = performance.now();
    await expect(child.request('block', 60_000)).rejects.toMatchObject({ code: 'test-timeout' });
    const took = performance.now() - start;
    expect(took).toBeGreaterThanOrEqual(0.98 * timeoutMs);
    expect(took).toBeLessThan(2 * timeoutMs);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    expect(await child.request('echo', 'next')).toBe('next');
  });

  it('is that of one request, not of all', async () => {
    const child = supervised({ timeoutMs: 4000 });
    await child.request('pid', null);
    for (let i = 0; i < 3; i++) await child.request('wait', 1400);
    expect(child.restarts).toBe(0);
  });

  it('holds while the child starts', async () => {
    const child = supervised({ entry: 'stuck-entry.ts', timeoutMs: 300 });
    await expect(child.request('echo', 1)).rejects.toMatchObject({ code: 'test-timeout' });
    await expect(child.configure('configure', 1)).rejects.toMatchObject({ code: 'test-timeout' });
  });

  it('holds while the child is configured', async () => {
    const child = supervised({ timeoutMs });
    await child.request('pid', null);
    await expect(child.configure('block', 60_000)).rejects.toMatchObject({ code: 'test-timeout' });
  });
});

describe('the memory ceiling', () => {
  it('ends a request that goes beyond it', async () => {
    const child = supervised({ memoryBytes: 400 * mebibyte });
    const pid = await child.request<number>('pid', null);
    await expect(child.request('keep-and-wait', 500 * mebibyte)).rejects.toMatchObject({
      code: 'memory-ceiling',
      message: expect.stringMatching(
        /^The test process needed \d+ MiB; 400 MiB are allowed\.$/,
      ) as string,
    });
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    expect(await child.request('echo', 'next')).toBe('next');
  });

  it('leaves a request below it alone', async () => {
    const child = supervised({ memoryBytes: 600 * mebibyte });
    await child.request('keep', 200 * mebibyte);
    await child.request('wait', 700);
    expect(child.restarts).toBe(0);
  });

  it('does not blame a request for memory that earlier ones left behind', async () => {
    const child = supervised({ memoryBytes: 400 * mebibyte });
    await child.request('pid', null);
    // Too fast for the look at the memory: the process is over the ceiling when the next request comes.
    await child.request('keep', 450 * mebibyte).catch(() => undefined);
    expect(await child.request('wait', 700).then(() => 'answered')).toBe('answered');
  });
});
