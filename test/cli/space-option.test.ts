import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertSearched } from '../../main/asked/same-networks.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { descriptions } from '../golden/spaces-0.1.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';

let folder: string;
let mine: string;
/** The same name, another network. */
let other: string;
let runFile: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-space-'));
  mine = path.join(folder, 'mine.json');
  other = path.join(folder, 'other.json');
  runFile = path.join(folder, 'a.zico');
  const guide = await readFile(path.join(import.meta.dirname, '../../docs/spaces.md'), 'utf8');
  const description = /```json\n(.*?)```/s.exec(guide)![1]!;
  await writeFile(mine, description);
  await writeFile(other, description.replace('"relu"', '"swish"'));
  const search = ['search', '--space', 'nats-sss', '--latency', 'macs', '--population', '4'];
  await run([...search, '--candidates', '4', '--run', runFile], { services: fakeWorkbench() });
});
afterAll(() => rm(folder, { recursive: true }));

async function json(...args: string[]) {
  const { code, stdout } = await run([...args, '--json'], { services: fakeWorkbench() });
  return { code, value: JSON.parse(stdout) as Record<string, never> & { error?: object } };
}

describe('--space', () => {
  const genotype = '64:4/128:g64:3';

  it.each([
    ['sample', (space: string[]) => ['sample', ...space, '--count', '3']],
    ['build', (space: string[]) => ['build', ...space, genotype]],
  ])('names the space of %s as its first argument does', async (_command, args) => {
    const byOption = await json(...args(['--space', mine]));
    expect(byOption.code).toBe(0);
    expect(byOption.value).toEqual((await json(...args([mine]))).value);
  });

  it('names the file of spaces check', async () => {
    const { code, value } = await json('spaces', 'check', '--space', mine);
    expect(code).toBe(0);
    expect(value).toEqual((await json('spaces', 'check', mine)).value);
    expect((await json('spaces', 'check')).value.error).toMatchObject({ code: 'bad-arguments' });
  });

  it('names the space of a benchmark', async () => {
    const table = path.join(folder, 'table.csv');
    const rows = ['32:1/64:regular:1', '64:4/64:regular:1', '64:4/128:g64:3'];
    const lines = rows.map((arch, i) => `${arch},${0.5 + i / 10}`);
    await writeFile(table, ['arch,test_acc', ...lines].join('\n'));
    const args = ['--table', table, '--count', '3'];
    const { code, value } = await json('benchmark', '--space', mine, ...args);
    expect(code).toBe(0);
    expect(value).toEqual((await json('benchmark', mine, ...args)).value);
  });

  it('scores a network of a space with the images and weights of its searches', async () => {
    const { code, value } = await json('score', '--space', mine, genotype, '--seed', '7');
    expect(code).toBe(0);
    expect(value).toMatchObject({
      model: `mine ${genotype}`,
      task: 'classification',
      weights: { scheme: 'pytorch-default', seed: 7 },
      data: { inputShape: [3, 32, 32] },
      ...{ preset: 'robust', batches: 4, batchSize: 8 },
    });
    expect(
      (await json('score', '--space', mine, genotype, '--preset', 'paper')).value,
    ).toMatchObject({
      ...{ preset: 'paper', batches: 2, batchSize: 128, biasLayers: 'all' },
      weights: { scheme: 'kaiming-normal-fan-out', seed: 0 },
    });
    const kaiming = ['--weights', 'kaiming', '--seed', '3', '--batches', '4'];
    expect((await json('score', '--space', mine, genotype, ...kaiming)).value).toMatchObject({
      weights: { scheme: 'kaiming-normal-fan-out', seed: 3 },
      batches: 4,
    });
  });

  it.each([
    ['no space', ['sample']],
    ['two spaces', ['sample', 'nats-sss', '--space', 'ffnet']],
    ['two spaces', ['build', 'nats-sss', '8:8:8:8:8', '--space', 'ffnet']],
    ['no genotype', ['build', '--space', 'nats-sss']],
    ['no genotype', ['build', 'nats-sss']],
    ['another task', ['score', '--space', 'nats-sss', '8:8:8:8:8', '--task', 'segmentation']],
    [
      'arrays',
      ['score', '--space', 'nats-sss', '8:8:8:8:8', '--inputs', 'x.npy', '--targets', 'y.npy'],
    ],
  ])('is refused with %s', async (_what, args) => {
    const { code, value } = await json(...args);
    expect(code).toBe(2);
    expect(value.error).toMatchObject({ code: 'bad-arguments' });
  });

  it('holds a run against the space that is expected, for analyse and export', async () => {
    const exported = ['export', '--run', runFile, '--candidate', '1', '--format', 'json'];
    const to = (name: string) => ['--out', path.join(folder, name)];
    for (const command of [
      ['analyse', runFile],
      [...exported, ...to('refused')],
    ]) {
      const { code, value } = await json(...command, '--space', mine);
      expect(code).toBe(2);
      expect(value.error).toMatchObject({
        code: 'space-contradicts',
        message: expect.stringContaining('nats-sss, not mine') as string,
      });
    }
    expect((await json('analyse', runFile, '--space', 'nats-sss')).code).toBe(0);
    expect((await json(...exported, ...to('written'), '--space', 'nats-sss')).code).toBe(0);
  });

  it('takes the name of a space for what it was when the run was made', async () => {
    const [former] = descriptions.filter(({ name }) => name === 'efficientnet');
    const settings = { space: 'efficientnet' };
    const kept = { space: former!, settings };
    await expect(assertSearched(kept, 'efficientnet')).resolves.toBeUndefined();
    await expect(assertSearched({ settings }, 'efficientnet-wide')).resolves.toBe(undefined);
    await expect(assertSearched(kept, 'ffnet')).rejects.toMatchObject({
      code: 'space-contradicts',
    });
    const today = { space: spaceNamed('efficientnet').description, settings };
    await expect(assertSearched(today, 'efficientnet')).resolves.toBeUndefined();
  });
});
