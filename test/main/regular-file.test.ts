import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotRegular, openRegular, readRegular } from '../../main/regular-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-regular-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);

describe('a file that a person names', () => {
  it('is read, also behind links', async () => {
    writeFileSync(at('file'), 'content');
    symlinkSync('file', at('link'));
    symlinkSync('link', at('link-to-link'));
    for (const name of ['file', 'link', 'link-to-link']) {
      expect((await readRegular(at(name), 100)).toString()).toBe('content');
    }
    const { handle, bytes } = await openRegular(at('link'));
    await handle.close();
    expect(bytes).toBe(7);
  });

  it('is not read where it is larger than it may be', async () => {
    writeFileSync(at('large'), '');
    truncateSync(at('large'), 5 * 2 ** 30);
    const reading = readRegular(at('large'), 2 ** 29);
    await expect(reading).rejects.toThrow('has 5120 MiB; at most 512 MiB are read');
    await expect(reading).rejects.toBeInstanceOf(NotRegular);
  });

  it('is told from a folder, and from what is not there', async () => {
    mkdirSync(at('folder'));
    await expect(readRegular(at('folder'), 10)).rejects.toThrow('is a folder');
    await expect(readRegular(at('nothing'), 10)).rejects.toMatchObject({ code: 'ENOENT' });
    symlinkSync('round', at('round'));
    await expect(readRegular(at('round'), 10)).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it.skipIf(process.platform === 'win32')('is never waited for', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync('pipe', at('link-to-pipe'));
    symlinkSync('/dev/zero', at('zeros'));
    const server = createServer().listen(at('socket'));
    await expect(openRegular(at('pipe'))).rejects.toThrow('is a named pipe, not a file');
    await expect(openRegular(at('link-to-pipe'))).rejects.toThrow('is a named pipe');
    await expect(readRegular(at('zeros'), 10)).rejects.toThrow('is a device, not a file');
    await expect(openRegular(at('socket'))).rejects.toThrow('is a socket, not a file');
    server.close();
  });
});
