import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ScoreCache } from '../../../main/benchmark/score-cache.ts';
import type { Genotype } from '../../../main/space/space.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-scores-'));
});
afterEach(() => rm(folder, { recursive: true }));

const network = (text: string) => text as Genotype;
const score = { zico: 0.1 + 0.2, zicoCapped: -3, bias: 7e-9 };

it('gives back what was kept, bit for bit, when it is opened again', async () => {
  const first = await ScoreCache.open(folder, ['a']);
  expect(first.get(network('8:8'))).toBeNull();
  await first.add(network('8:8'), score);
  expect(first.get(network('8:8'))).toEqual(score);
  const again = await ScoreCache.open(folder, ['a']);
  expect(again.get(network('8:8'))).toEqual(score);
});

it('keeps scores apart that something else decided', async () => {
  await (await ScoreCache.open(folder, ['a', 1])).add(network('8:8'), score);
  expect((await ScoreCache.open(folder, ['a', 2])).get(network('8:8'))).toBeNull();
});

it('passes over a line that a crash cut off, and over what is no score', async () => {
  await (await ScoreCache.open(folder, ['a'])).add(network('8:8'), score);
  const [file] = await readdir(folder);
  await appendFile(path.join(folder, file!), '\n["8:16",1,2,"x"]\n["8:24",1.5,');
  const cache = await ScoreCache.open(folder, ['a']);
  expect(cache.get(network('8:16'))).toBeNull();
  await cache.add(network('8:24'), score);
  const again = await ScoreCache.open(folder, ['a']);
  expect(again.get(network('8:8'))).toEqual(score);
  expect(again.get(network('8:24'))).toEqual(score);
});

it('says where scores cannot be kept', async () => {
  await appendFile(path.join(folder, 'taken'), '');
  await expect(ScoreCache.open(path.join(folder, 'taken', 'in'), ['a'])).rejects.toMatchObject({
    code: 'folder-not-writable',
  });
});
