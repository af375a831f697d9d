import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isAlive, supervised, temporaryFolder } from './children.ts';

describe('a request', () => {
  it('is answered, typed arrays, maps and BigInts arriving as they are', async () => {
    const payload = {
      numbers: Float32Array.of(1.5, -0, NaN),
      map: new Map([['a', Int32Array.of(7)]]),
      big: BigInt64Array.of(2n ** 60n),
    };
    expect(await supervised().request('echo', payload)).toEqual(payload);
  });

  it('starts the process, and later ones use the same', async () => {
    const child = supervised();
    expect(child.pid).toBeUndefined();
    const first = await child.request('pid', null);
    expect(child.pid).toBe(first);
    expect(await child.request('pid', null)).toBe(first);
    expect(child.restarts).toBe(0);
  });

  it('brings errors across with code, message and hint', async () => {
    await expect(supervised().request('unhappy', null)).rejects.toMatchObject({
      code: 'teapot',
      message: 'This is a teapot.',
      hint: 'Ask a coffee machine.',
    });
  });

  it('names what nobody foresaw, and asks no twice for it', async () => {
    const child = supervised();
    await expect(child.request('faulty', null)).rejects.toMatchObject({
      code: 'internal',
      message: 'seven is too many',
    });
    await expect(child.request('no-such-method', null)).rejects.toThrow(/no-such-method/);
    expect(child.restarts).toBe(0);
  });

  it('waits for the one before it', async () => {
    const child = supervised();
    const together = Array.from({ length: 4 }, () => child.request('overlap', null));
    expect(await Promise.all(together)).toEqual([1, 1, 1, 1]);
  });

  it('is not disturbed by one that failed before it', async () => {
    const child = supervised();
    const failing = child.request('unhappy', null);
    const next = child.request('echo', 1);
    await expect(failing).rejects.toThrow();
    expect(await next).toBe(1);
  });
});

describe('a child that dies', () => {
  it('at one request twice is given up, by the name engine-crashed; the next request gets a new one', async () => {
    const child = supervised();
    await expect(child.request('abort', null)).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringMatching(/^The test process ended by signal SIGABRT/) as string,
    });
    expect(child.restarts).toBe(1);
    expect(await child.request('echo', 'alive')).toBe('alive');
    expect(child.restarts).toBe(2);
  });

  it('by an exit code is a crash as well', async () => {
    await expect(supervised().request('exit', 5)).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('code 5') as string,
    });
  });

  it('between two requests is replaced', async () => {
    const child = supervised();
    const first = await child.request<number>('pid', null);
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(child.pid).toBeUndefined());
    expect(await child.request('pid', null)).not.toBe(first);
  });

  it('just when the next request is made is replaced', async () => {
    const child = supervised();
    const first = await child.request<number>('pid', null);
    process.kill(first, 'SIGKILL'); // its exit is not yet known here
    expect(child.pid).toBe(first);
    expect(await child.request('pid', null)).not.toBe(first);
  });

  it('from outside while its event loop is blocked is asked once more', async () => {
    const child = supervised();
    const file = path.join(temporaryFolder(), 'blocked');
    const request = child.request('block-and-tell', file);
    const rejected = expect(request).rejects.toMatchObject({ code: 'engine-crashed' });
    const killed = new Set<number>();
    for (const round of [1, 2]) {
      await vi.waitFor(() => {
        expect(existsSync(file)).toBe(true);
        expect(child.pid).toBe(Number(readFileSync(file, 'utf8')));
        expect(killed).not.toContain(child.pid);
      });
      const pid = child.pid as number;
      process.kill(pid, 'SIGKILL');
      killed.add(pid);
      await vi.waitFor(() => expect(child.pid).not.toBe(pid));
      expect(child.restarts).toBeLessThanOrEqual(round);
    }
    await rejected;
    expect(killed.size).toBe(2);
  });

  it('before its first request, because it cannot start, is an error and no hang', async () => {
    const child = supervised({ entry: 'broken-entry.ts' });
    await expect(child.request('echo', 1)).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('code 7') as string,
    });
    expect(child.restarts).toBe(1);
  });

  it('because there is no program to start is an error and no hang', async () => {
    const node = process.execPath;
    const child = supervised();
    process.execPath = '/no/such/node';
    try {
      await expect(child.request('echo', 1)).rejects.toMatchObject({
        code: 'engine-crashed',
        message: 'The test process could not be started.',
      });
    } finally {
      process.execPath = node;
    }
    expect(await child.request('echo', 1)).toBe(1);
  });
});

describe('what was configured', () => {
  it('is there before the first request, and once', async () => {
    const child = supervised();
    await child.configure('configure', 'a');
    expect(await child.request('configured', null)).toEqual(['a']);
  });

  it('replaces what was configured before, in order', async () => {
    const child = supervised();
    await child.configure('configure', 'a');
    await child.configure('configure', 'b');
    expect(await child.request('configured', null)).toEqual(['a', 'b']);
  });

  it('is there again after a restart: the latest of each kind', async () => {
    const child = supervised();
    await child.configure('configure', 'a');
    await child.configure('configure', 'b');
    await expect(child.request('exit', 1)).rejects.toThrow();
    expect(await child.request('configured', null)).toEqual(['b']);
  });

  it('later does not reach a request that came before, not even after a crash', async () => {
    const child = supervised();
    await child.configure('configure', 'early');
    const pid = await child.request<number>('pid', null);
    process.kill(pid, 'SIGKILL');
    const asked = child.request('configured', null);
    const configuring = child.configure('configure', 'late');
    expect(await asked).toEqual(['early']);
    await configuring;
    expect(await child.request('configured', null)).toEqual(['early', 'late']);
  });

  it('survives a child that died at it', async () => {
    const child = supervised();
    process.kill(await child.request<number>('pid', null), 'SIGKILL');
    await child.configure('configure', 'a');
    expect(await child.request('configured', null)).toEqual(['a']);
  });

  it('and kills the child each time ends with an error', async () => {
    await expect(supervised().configure('configure-badly', null)).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('code 3') as string,
    });
  });
});

describe('a closed child', () => {
  it('is gone, and whoever waited or asks later is told', async () => {
    const child = supervised();
    const pid = await child.request<number>('pid', null);
    const running = child.request('block', 60_000);
    const waiting = child.request('echo', 1);
    const ends = [running, waiting].map((request) =>
      expect(request).rejects.toMatchObject({ code: 'test-closed' }),
    );
    await child.close();
    await Promise.all(ends);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    await expect(child.request('echo', 1)).rejects.toMatchObject({ code: 'test-closed' });
    await expect(child.configure('configure', 1)).rejects.toMatchObject({ code: 'test-closed' });
    expect(child.pid).toBeUndefined();
  });

  it('may be closed before it starts, while it starts, and twice', async () => {
    await supervised().close();
    const child = supervised();
    const request = child.request('echo', 1);
    const rejected = expect(request).rejects.toMatchObject({ code: 'test-closed' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { pid } = child;
    await Promise.all([child.close(), child.close()]);
    await rejected;
    await vi.waitFor(() => expect(isAlive(pid as number)).toBe(false));
  });
});
