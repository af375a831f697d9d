import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ensureFolder,
  writeError,
  writeFileAtomically,
  writeFilesAtomically,
  writeSmallFileAtomically,
} from '../../main/atomic-write.ts';

const code = (value: string): unknown => expect.objectContaining({ code: value });
const bytes = (text: string) => new TextEncoder().encode(text);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-write-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writing files atomically', () => {
  it('writes them, replaces what was there, and leaves nothing else', async () => {
    const file = path.join(folder, 'a.txt');
    await writeFileAtomically(file, bytes('first'));
    await writeFileAtomically(file, bytes('second'));
    expect(await readFile(file, 'utf8')).toBe('second');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('does so for a small file at once, and leaves the old one where the new one cannot be written', async () => {
    const file = path.join(folder, 'a.txt');
    writeSmallFileAtomically(file, 'first');
    writeSmallFileAtomically(file, 'second');
    expect(await readFile(file, 'utf8')).toBe('second');
    expect(await readdir(folder)).toEqual(['a.txt']);

    await mkdir(path.join(folder, 'taken'));
    const refused = code('folder-not-writable');
    expect(() => writeSmallFileAtomically(path.join(folder, 'taken'), 'x')).toThrow(refused);
    expect(() => writeSmallFileAtomically(path.join(folder, 'none', 'a'), 'x')).toThrow(refused);
    expect(() => writeSmallFileAtomically(path.join(folder, 'b'.repeat(300)), 'x')).toThrow(
      refused,
    );
    expect((await readdir(folder)).sort()).toEqual(['a.txt', 'taken']);
  });

  it('writes none when one cannot be written', async () => {
    const files = [
      { name: 'a.txt', bytes: bytes('a') },
      { name: `${'b'.repeat(300)}.txt`, bytes: bytes('b') },
    ];
    await expect(writeFilesAtomically(folder, files)).rejects.toThrow(code('folder-not-writable'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what is wrong with the folder', async () => {
    const missing = path.join(folder, 'none', 'a.txt');
    await expect(writeFileAtomically(missing, bytes('a'))).rejects.toThrow(
      /there is no such folder/,
    );
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(ensureFolder(path.join(file, 'inside'))).rejects.toThrow(
      code('folder-not-writable'),
    );
    await expect(ensureFolder(file)).rejects.toThrow(/a file of that name/);
    await mkdir(path.join(folder, 'taken'));
    await expect(writeFileAtomically(path.join(folder, 'taken'), bytes('a'))).rejects.toThrow(
      expect.objectContaining({
        code: 'folder-not-writable',
        message: `Nothing can be written as ${path.join(folder, 'taken')}: that is a folder.`,
      }),
    );
    for (const name of ['', '.', '..', `${folder}/taken/..`]) {
      await expect(writeFileAtomically(name, bytes('a')), name).rejects.toThrow(
        /: that is a folder/,
      );
    }
  });

  it('makes all folders that are missing, also beside another that makes them', async () => {
    const deep = path.join(folder, 'a', 'b', 'c');
    await Promise.all([ensureFolder(deep), ensureFolder(deep), ensureFolder(path.dirname(deep))]);
    await writeFileAtomically(path.join(deep, 'x'), bytes('x'));
    expect(await readdir(deep)).toEqual(['x']);
  });

  // Node's own recursive mkdir never returns from there.
  it.skipIf(process.platform !== 'linux')('says so where no folder can ever be made', async () => {
    await expect(ensureFolder('/proc/zico/runs')).rejects.toThrow(code('folder-not-writable'));
  });

  it.skipIf(process.getuid?.() === 0)('says that a folder may not be written', async () => {
    await chmod(folder, 0o500);
    await expect(writeFileAtomically(path.join(folder, 'a'), bytes('a'))).rejects.toThrow(
      /permission denied/,
    );
    await chmod(folder, 0o700);
  });

  it('calls a full disk by name', () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    expect(writeError(folder, full)).toEqual(code('disk-full'));
    const quota = Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' });
    expect(writeError(folder, quota)).toEqual(code('disk-full'));
    const fault = new TypeError('fault');
    expect(writeError(folder, fault)).toBe(fault);
  });

  // A small file system of its own: only root may mount one.
  it.skipIf(!canMount())('leaves nothing behind on a disk that is really full', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      const files = [
        { name: 'a.bin', bytes: new Uint8Array(20_000) },
        { name: 'b.bin', bytes: new Uint8Array(200_000) },
      ];
      await expect(writeFilesAtomically(folder, files)).rejects.toThrow(code('disk-full'));
      expect(await readdir(folder)).toEqual([]);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
