import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packBundle, unpackBundle } from '../../../../main/phone/runner/packed.ts';

let home: string;
let packed: string;
let cache: string;
const library = Buffer.from('a library, and what follows. '.repeat(20_000));
const runner = Buffer.from('a program');
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

beforeEach(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'zico-packed-'));
  const built = path.join(home, 'built');
  packed = path.join(home, 'packed');
  cache = path.join(home, 'cache');
  mkdirSync(built);
  writeFileSync(path.join(built, 'libonnxruntime.so'), library);
  writeFileSync(path.join(built, 'runner'), runner);
  const files = { 'libonnxruntime.so': sha256(library), runner: sha256(runner) };
  const manifest = { kind: 'glibc', version: '1.30.0', files };
  writeFileSync(path.join(built, 'bundle.json'), JSON.stringify(manifest));
  await packBundle(built, packed);
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

describe('a packed runtime', () => {
  it('is small, and comes out of the package as it was', async () => {
    expect(statSync(path.join(packed, 'libonnxruntime.so.br')).size).toBeLessThan(2000);
    const { folder, files, version } = await unpackBundle('glibc', packed, cache);
    expect(version).toBe('1.30.0');
    expect(readFileSync(path.join(folder, 'libonnxruntime.so'))).toEqual(library);
    expect(readFileSync(path.join(folder, 'runner'))).toEqual(runner);
    expect(Object.keys(files)).toEqual(['libonnxruntime.so', 'runner']);
    expect(readdirSync(cache)).toEqual([path.basename(folder)]);
  });

  it('is unpacked once, and again where the cache was damaged', async () => {
    const { folder } = await unpackBundle('glibc', packed, cache);
    const file = path.join(folder, 'libonnxruntime.so');
    const { ino } = statSync(file);
    await unpackBundle('glibc', packed, cache);
    expect(statSync(file).ino).toBe(ino);
    truncateSync(file, 100);
    await unpackBundle('glibc', packed, cache);
    expect(readFileSync(file)).toEqual(library);
  });

  it('that is damaged is refused, and nothing of it stays', async () => {
    for (const damage of [Buffer.from('no brotli'), readFileSync(path.join(packed, 'runner.br'))]) {
      writeFileSync(path.join(packed, 'libonnxruntime.so.br'), damage);
      await expect(unpackBundle('glibc', packed, cache)).rejects.toMatchObject({
        code: 'runner-damaged',
      });
      expect(readdirSync(cache)).toEqual([]);
    }
  });

  it('says where there is no room for it', async () => {
    writeFileSync(cache, 'a file where the folder should be');
    await expect(unpackBundle('glibc', packed, cache)).rejects.toMatchObject({
      code: 'runner-not-unpacked',
      message: expect.stringContaining(cache) as string,
    });
    expect(existsSync(cache)).toBe(true);
  });
});
