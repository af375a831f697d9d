import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLocalRedis } from '../../../main/farm/local-redis.ts';
import { redisServer } from '../../support/redis.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-local-redis-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** In place of the real one, in PATH: shell code that runs before it, or instead of it. */
function before(code: string): void {
  const script = `#!/bin/sh
[ "$1" = --version ] && exit 0
${code}
exec env PATH='${process.env['PATH']}' ${redisServer} "$@"
`;
  writeFileSync(path.join(folder, 'redis-server'), script);
  chmodSync(path.join(folder, 'redis-server'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}
const taken = 'echo "Could not create server TCP listening socket: bind: Address already in use"';

describe.skipIf(redisServer === null || process.platform === 'win32')('a temporary Redis', () => {
  it('starts on another port where a program was quicker with the first', async () => {
    const begun = path.join(folder, 'begun');
    before(`[ -e '${begun}' ] || { : > '${begun}'; ${taken}; exit 1; }`);
    const { url, close } = await startLocalRedis();
    const redis = new Redis(url);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
    await close();
  });

  it('is given up where it never starts, with what it says', async () => {
    before(`${taken}; exit 1`);
    await expect(startLocalRedis()).rejects.toMatchObject({
      code: 'redis-not-started',
      message: expect.stringMatching(/already in use/) as string,
    });
  });
});
