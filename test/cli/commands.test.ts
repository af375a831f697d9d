import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOnnx } from '../../main/graph/onnx/read.ts';
import { summarise } from '../../main/graph/summary.ts';
import { npyBytes } from '../main/task/npy-files.ts';
import { plainPng, putInto } from '../support/data.ts';
import { documentedSpace } from './documented-space.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';
import { runAsJson as json } from './run-as-json.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

describe('zico spaces', () => {
  it('describes the spaces with their genes and baselines', async () => {
    const { code, value } = await json(['spaces']);
    expect(code).toBe(0);
    const described = value as unknown as { name: string }[];
    expect(described.map(({ name }) => name)).toEqual([
      'nats-sss',
      'nas-bench-201',
      'efficientnet',
      'efficientdet-d0',
      'ffnet',
      'segmentation-macro',
      'ofa-mobilenetv3',
      'efficientnet-wide',
      'efficientdet-d0-wide',
      'ffnet-48',
    ]);
    expect(described.slice(0, 1)).toEqual([
      {
        name: 'nats-sss',
        title: 'NATS-Bench size space',
        task: 'classification',
        networks: 32768,
        resolution: { scoring: [32, 32], deployment: [32, 32] },
        classes: 10,
        genes: ['c0', 'c1', 'c2', 'c3', 'c4'].map((name) => ({
          name,
          choices: [8, 16, 24, 32, 40, 48, 56, 64],
        })),
        baselines: [
          {
            name: 'widest',
            genotype: '64:64:64:64:64',
            parameters: 713674,
            macs: expect.any(Number) as unknown,
          },
        ],
      },
    ]);
    expect((await run(['spaces'])).stdout).toContain('713,674');
  });

  it('checks the description that docs/spaces.md shows', async () => {
    const example = await documentedSpace();
    const file = at('mine.json');
    await writeFile(file, example);
    const { code, value } = await json(['spaces', 'check', file]);
    expect(code).toBe(0);
    expect(value).toMatchObject({ name: 'mine', networks: 8 * 15 });
    await writeFile(file, example.replace('"repeats"', '"repeat"'));
    const refused = await json(['spaces', 'check', file]);
    expect(refused).toMatchObject({ code: 2, value: { error: { code: 'space-invalid' } } });
    expect(refused.value['error']!['message']).toContain('network.backbone.stages[0].repeat');
  });

  it('says of what is no description at all that it is none', async () => {
    const file = at('none.json');
    await writeFile(file, '['.repeat(100_000) + ']'.repeat(100_000));
    const deep = await json(['spaces', 'check', file]);
    expect(deep).toMatchObject({ code: 2, value: { error: { code: 'space-invalid' } } });
    await writeFile(file, '[]');
    const list = await json(['spaces', 'check', file]);
    expect(list.value['error']!['message']).toContain('expected object');
    const other = at('photos.txt');
    await writeFile(other, '');
    const unnamed = await json(['spaces', 'check', other]);
    expect(unnamed).toMatchObject({ code: 2, value: { error: { code: 'bad-arguments' } } });
    expect(unnamed.value['error']!['message']).toContain(`${other} is no description of a space`);
  });
});

describe('zico sample', () => {
  it('draws different networks, the same ones for the same seed', async () => {
    const draw = async (seed: string) =>
      (await json(['sample', 'nats-sss', '--count', '50', '--seed', seed])).value;
    const { genotypes } = (await draw('1')) as unknown as { genotypes: string[] };
    expect(new Set(genotypes).size).toBe(50);
    expect(await draw('1')).toEqual({ genotypes });
    expect(await draw('2')).not.toEqual({ genotypes });
  });
});

describe('what people read', () => {
  it('shows the size of each network that is drawn, where that is asked for', async () => {
    const { stdout } = await run(['sample', 'nats-sss', '--count', '2', '--sizes']);
    expect(stdout).toMatch(/^genotype +parameters +MACs\n([\d:]+ +[\d,]+ +[\d.]+M\n){2}$/);
  });

  it('has no head of a table without rows', async () => {
    const { stdout } = await run(['spaces', 'check', 'test/support/spaces/tiny.json']);
    expect(stdout).toContain('gene ');
    expect(stdout).not.toContain('baseline');
  });
});

describe('zico build', () => {
  it('shows sizes and layers', async () => {
    const { value } = await json(['build', 'nats-sss', '16:24:8:32:40']);
    expect(value).toMatchObject({
      genotype: '16:24:8:32:40',
      parameters: expect.any(Number) as unknown,
    });
    expect((value['layers']! as unknown[])[0]).toEqual({
      name: 'stem.conv',
      kind: 'Conv',
      height: 32,
      width: 32,
      channels: 16,
      parameters: 432,
      macs: 442368,
    });
  });

  it('writes a model that reads back as the same network', async () => {
    const { value } = await json(['build', 'nats-sss', '16:24:8:32:40', '--out', at('m.onnx')]);
    const { parameters, macs } = summarise(readOnnx(await readFile(at('m.onnx')), 'm.onnx'));
    expect({ parameters, macs }).toEqual({
      parameters: value['parameters'],
      macs: value['macs'],
    });
  });
});

describe('zico score', () => {
  async function files(images: number, classes: number[]) {
    await run(['build', 'nats-sss', '8:8:8:8:8', '--out', at('m.onnx')]);
    const inputs = new Float32Array(images * 3072).fill(0.5);
    await writeFile(
      at('x.npy'),
      npyBytes({ descr: '<f4', shape: [images, 3, 32, 32], data: inputs }),
    );
    const targets = BigInt64Array.from(classes, BigInt);
    await writeFile(at('y.npy'), npyBytes({ descr: '<i8', shape: [images], data: targets }));
    return ['score', at('m.onnx'), '--inputs', at('x.npy'), '--targets', at('y.npy')];
  }

  it('reports score, layers and conditions in the order of the model', async () => {
    const services = fakeWorkbench();
    const args = await files(4, [0, 1, 2, 9]);
    const { code, value } = await json([...args, '--beta', '2', '--threads', '3'], { services });
    expect(code).toBe(0);
    expect(Object.keys(value)).toEqual([
      'zico',
      'bias',
      'zicoBc',
      'beta',
      'zicoCapped',
      'zicoBcCapped',
      'preset',
      'model',
      'network',
      'task',
      'data',
      'weights',
      'batchNormalization',
      'biases',
      'silentLayers',
      'facts',
      'biasSize',
      'biasLayers',
      'termCap',
      'parameters',
      'macs',
      'layers',
      'losses',
      'batches',
      'batchSize',
      'engine',
      'engineNote',
      'seconds',
      'warnings',
    ]);
    expect(value).toMatchObject({ beta: 2, batches: 2, batchSize: 2, losses: [2.5, 2.5] });
    expect(value['zicoBc']).toBeCloseTo(value['zico']! - 2 * value['bias']!, 12);
    const [stem] = value['layers']! as Record<string, unknown>[];
    expect(stem).toEqual({
      name: 'stem.conv',
      kind: 'Conv',
      weights: 216,
      height: 32,
      width: 32,
      channels: 8,
      parameters: 216,
      macs: 216 * 1024,
      sum: 216,
      sumCapped: 108,
      log: Math.log(216),
      logCapped: Math.log(108),
      bias: Math.log(1024 / Math.sqrt(8)),
      gradientNorms: [1, 2],
    });
    expect(services).toMatchObject({ closed: true, threads: 3, batches: { classes: 10 } });
  });

  it('goes by the capped score where a cap is named, as a search does', async () => {
    const args = ['score', '--space', 'nats-sss', '16:24:8:32:40', '--batches', '4'];
    const services = fakeWorkbench();
    await run([...args, '--preset', 'paper'], { services });
    expect(services.scored).toEqual({ termCap: null, batches: 4 });
    await run(args, { services });
    expect(services.scored).toEqual({ termCap: 100, batches: 4 });
    await run([...args, '--preset', 'paper', '--term-cap', '100'], { services });
    expect(services.scored).toEqual({ termCap: 100, batches: 4 });
  });

  it('chooses the engine for arrays as for two batches', async () => {
    const services = fakeWorkbench();
    await run(await files(4, [0, 1, 2, 3]), { services });
    expect(services.scored).toEqual({ termCap: 100, batches: 2 });
  });

  it('takes another term cap, and leaves the uncapped figures alone', async () => {
    const args = await files(4, [0, 1, 2, 3]);
    const plain = (await json(args)).value;
    const capped = (await json([...args, '--term-cap', '50'])).value;
    expect(capped).toMatchObject({
      termCap: 50,
      zico: plain['zico'],
      zicoCapped: expect.any(Number) as unknown,
      zicoBcCapped: expect.any(Number) as unknown,
    });
    expect((capped['layers']! as Record<string, unknown>[])[0]).toMatchObject({ sumCapped: 108 });
  });

  it.each([
    ['one-batch-only', [0, 1, 2, 3], ['--batch-size', '4']],
    ['target-out-of-range', [0, 1, 2, 10], []],
    ['shape-mismatch', [0, 1, 2, 3], ['--batch-size', '3']],
  ])('refuses with %s', async (expected, classes, more) => {
    const { code, value } = await json([...(await files(4, classes)), ...more]);
    expect(code).toBe(2);
    expect(value['error']).toMatchObject({ code: expected });
  });

  it('takes the embedded images of a task, and fresh weights by seed', async () => {
    const services = fakeWorkbench();
    await files(4, [0]);
    const args = ['score', at('m.onnx'), '--weights', 'kaiming', '--seed', '5', '--batches', '3'];
    const { code, value } = await json([...args, '--batch-size', '8'], { services });
    expect(code).toBe(0);
    expect(value).toMatchObject({
      task: 'classification',
      weights: { scheme: 'kaiming-normal-fan-out', seed: 5 },
      beta: 1,
      batches: 3,
      batchSize: 8,
    });
    expect(services.batches?.description).toContain('CIFAR-10');
  });

  it('says how far it is while it opens images of a folder', async () => {
    await files(4, [0]);
    const put = putInto(at('photos'));
    for (const name of ['a/1.png', 'b/1.png']) await put(name, plainPng(32, 32));
    const args = ['score', at('m.onnx'), '--data', at('photos'), '--batch-size', '1'];
    const { code, stderr } = await run([...args, '--batches', '2'], { isTTY: true });
    expect([code, stderr]).toEqual([0, expect.stringContaining('Listing images: 4,096 names so')]);
  });

  it.each([
    ['bad-arguments', ['--inputs', 'x.npy']],
    ['bad-arguments', ['--inputs', 'x.npy', '--targets', 'y.npy', '--data', 'photos']],
    ['bad-arguments', ['--inputs', 'x.npy', '--targets', 'y.npy', '--size', '64']],
    ['file-not-found', ['--inputs', 'x.npy', '--targets', 'y.npy', '--task', 'detection']],
    ['shape-mismatch', ['--task', 'segmentation']],
  ])('refuses with %s: %j', async (expected, more) => {
    await files(4, [0]);
    const { code, value } = await json(['score', at('m.onnx'), ...more]);
    expect(code).toBe(2);
    expect(value['error']).toMatchObject({ code: expected });
  });

  it('says of arrays without images that they have none', async () => {
    const args = await files(4, [0, 1, 2, 3]);
    for (const [shape, message] of [
      [[4], /x\.npy has the shape \(4\), but images are N, C, H, W/],
      [[0, 3, 32, 32], /x\.npy is empty: it has the shape \(0, 3, 32, 32\)/],
    ] as const) {
      const data = new Float32Array(shape[0] && 4);
      await writeFile(at('x.npy'), npyBytes({ descr: '<f4', shape: [...shape], data }));
      expect((await json(args)).value['error']!['message']).toMatch(message);
    }
  });

  it('refuses images of another size, and what is no model', async () => {
    const args = await files(4, [0, 1, 2, 3]);
    const small = npyBytes({
      descr: '<f4',
      shape: [4, 3, 16, 16],
      data: new Float32Array(4 * 768),
    });
    await writeFile(at('x.npy'), small);
    expect((await json(args)).value['error']).toMatchObject({ code: 'shape-mismatch' });
    await writeFile(at('m.onnx'), 'no model at all');
    expect((await json(args)).value['error']).toMatchObject({ code: 'not-onnx' });
  });
});
