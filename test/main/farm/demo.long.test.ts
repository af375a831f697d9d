import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redisServer } from '../../support/redis.ts';

const cli = path.join(import.meta.dirname, '../../../main/cli.ts');
const run = promisify(execFile);

describe('zico farm demo', () => {
  it.skipIf(redisServer === null)(
    'searches over two workers and leaves nothing behind',
    async () => {
      const args = [cli, 'farm', 'demo', '--candidates', '6', '--json'];
      const { stdout, stderr } = await run(process.execPath, args);
      expect(JSON.parse(stdout)).toMatchObject({ evaluated: 6 });
      expect(stderr).toMatch(/2 workers with 2 places/);
      const { stdout: processes } = await run('ps', ['-eo', 'args']);
      expect(processes).not.toContain(/redis:\/\/127\.0\.0\.1:\d+/.exec(stderr)![0]);
    },
    120_000,
  );

  it.skipIf(redisServer === null)(
    'leaves nothing behind where it is stopped in the midst',
    async () => {
      const args = [cli, 'farm', 'demo', '--candidates', '500'];
      const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-demo-test-'));
      const env = { ...process.env, TMPDIR: folder };
      // A group of its own: Ctrl-C reaches all of a terminal's processes.
      const child = spawn(process.execPath, args, { detached: true, stdio: 'pipe', env });
      let said = '';
      child.stderr.on('data', (data: Buffer) => (said += data.toString()));
      const ended = new Promise((resolve) => child.once('close', resolve));
      await expect.poll(() => said, { timeout: 240_000 }).toMatch(/with 2 places/);
      process.kill(-child.pid!, 'SIGINT');
      await ended;
      const { stdout: groups } = await run('ps', ['-eo', 'pgid']);
      expect(groups.split(/\s+/)).not.toContain(String(child.pid));
      expect(readdirSync(folder)).toEqual([]);
      rmdirSync(folder);
    },
    300_000,
  );

  it('says how to install what is missing', async () => {
    const alone = { env: { PATH: '/nowhere' } };
    const asked = run(process.execPath, [cli, 'farm', 'demo', '--json'], alone);
    const { stdout } = (await asked.catch((error: unknown) => error)) as { stdout: string };
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'redis-missing', hint: expect.stringMatching(/install/i) as string },
    });
  }, 60_000);
});
