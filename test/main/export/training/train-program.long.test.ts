import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { summarise } from '../../../../main/graph/summary.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { segmentationNetwork } from '../../../support/deployable-networks.ts';
import { train, writeTraining } from '../../../support/trained-export.ts';

const images = path.join(import.meta.dirname, 'cifar10');
const space = spaceNamed('nats-sss');
const genotype = space.parse('8:16:24:32:40');
const classification = { task: 'classification', classes: 10, input: [1, 3, 32, 32] };

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'zico-train-'));
  writeTraining(
    path.join(home, 'net'),
    initialNetwork(space, genotype, 'kaiming-normal-fan-out', 1),
    classification,
  );
  // A few images, for what is about steps and not about what is learnt.
  mkdirSync(path.join(home, 'few'));
  for (const part of ['train', 'test']) {
    const some = readFileSync(path.join(images, `${part}.bin`)).subarray(0, 3073 * 160);
    writeFileSync(path.join(home, 'few', `${part}.bin`), some);
  }
}, 200_000);
afterAll(() => rm(home, { recursive: true }));

const net = () => path.join(home, 'net');
const few = () => path.join(home, 'few');
const losses = (text: string) =>
  [...text.matchAll(/loss ([\d.]+)/g)].map((found) => Number(found[1]));
const epochs = (text: string) =>
  [...text.matchAll(/epoch (\d+) of .*? \(best [\d.]+ %\)/g)].map(([line]) => line);

describe('training an exported network', () => {
  it('is above 30 % on images it has not seen within two minutes', async () => {
    const began = performance.now();
    const { code, text } = await train(net(), [
      images,
      '--epochs',
      '10',
      '--batch-size',
      '50',
      '--rate',
      '0.05',
      '--out',
      'learnt',
    ]);
    expect(text).toContain('1000 images to train with, 1000 to evaluate on, 10 classes');
    expect(code, text).toBe(0);
    const reached = JSON.parse(readFileSync(path.join(net(), 'learnt/results.json'), 'utf8')) as {
      metric: string;
      percent: number;
    };
    console.log(`${reached.percent} % after ${Math.round((performance.now() - began) / 1000)} s`);
    expect(reached.metric).toBe('top-1');
    expect(reached.percent).toBeGreaterThan(30);
    expect(losses(text).at(-1)).toBeLessThan(losses(text)[0]! - 0.3);
  }, 600_000);

  it('writes models that are read back as the network that was exported', () => {
    const exported = summarise(initialNetwork(space, genotype, 'kaiming-normal-fan-out', 1));
    for (const name of ['trained.onnx', 'trained-for-scoring.onnx']) {
      const bytes = readFileSync(path.join(net(), 'learnt', name));
      const model = summarise(readOnnx(bytes, name));
      expect(model.macs).toBe(exported.macs);
      expect(model.layers.map(({ macs }) => macs)).toEqual(exported.layers.map(({ macs }) => macs));
    }
    const scoring = readOnnx(
      readFileSync(path.join(net(), 'learnt/trained-for-scoring.onnx')),
      'trained',
    );
    const norms = scoring.nodes.filter(({ kind }) => kind === 'BatchNormalization');
    expect(norms.length).toBeGreaterThan(0);
  });

  it('comes to the same weights after kills', async () => {
    const options = [few(), '--epochs', '3', '--batch-size', '32'];
    const whole = await train(net(), [...options, '--out', 'whole']);
    const first = await train(net(), [...options, '--out', 'killed'], /epoch 1 of/);
    expect(first.code).toBeNull();
    // A write that was cut off in the middle leaves its own file, never a broken checkpoint.
    writeFileSync(path.join(net(), 'killed/.checkpoint.pt.1'), 'half');
    const steps = await train(net(), [...options, '--out', 'killed', '--max-steps', '8']);
    expect(steps.text).toContain('going on after step 5 of 15');
    expect(steps.text).toContain('stopped after step 8 of 15');
    const last = await train(net(), [...options, '--out', 'killed']);
    expect(last.code, last.text).toBe(0);
    expect(epochs(last.text)).toEqual(epochs(whole.text).slice(1));
    const weights = (out: string) => readFileSync(path.join(net(), out, 'best.safetensors'));
    expect(weights('killed').equals(weights('whole'))).toBe(true);
  }, 300_000);
});

describe('what stands in the way of training is named', () => {
  it.each([
    ['a folder that is not there', ['nowhere'], 'There is no file or folder nowhere.'],
    ['no images', ['.'], 'holds no images for classification that could be recognised'],
  ])('%s', async (_, args, message) => {
    const { code, text } = await train(net(), args);
    expect(code).toBe(1);
    expect(text).toContain(message);
    expect(text).not.toContain('Traceback');
  });

  it('too few images', async () => {
    mkdirSync(path.join(home, 'two'));
    writeFileSync(
      path.join(home, 'two/train.bin'),
      readFileSync(path.join(images, 'train.bin')).subarray(0, 3073 * 5),
    );
    const { code, text } = await train(net(), [path.join(home, 'two')]);
    expect(code).toBe(1);
    expect(text).toContain('images to train 10 classes with');
  });

  it('other classes, and a new head for them', async () => {
    const folder = path.join(home, 'pictures');
    for (const name of ['bright', 'dark']) {
      mkdirSync(path.join(folder, name), { recursive: true });
      for (let i = 0; i < 12; i++) {
        const data = new Uint8Array(20 * 24 * 3).fill(name === 'dark' ? 10 + i : 200 + i);
        writeFileSync(
          path.join(folder, name, `${i}.png`),
          encode({ width: 24, height: 20, data, channels: 3 }),
        );
      }
    }
    writeFileSync(path.join(folder, 'dark', 'broken.png'), 'no picture');
    const options = [
      folder,
      '--epochs',
      '2',
      '--batch-size',
      '8',
      '--workers',
      '0',
      '--out',
      'head',
    ];
    const refused = await train(net(), options);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('The network tells 10 classes apart');
    const { code, text } = await train(net(), [...options, '--new-head']);
    expect(code, text).toBe(0);
    expect(text).toContain('broken.png cannot be decoded');
    const trained = readOnnx(readFileSync(path.join(net(), 'head/trained.onnx')), 'trained');
    expect(summarise(trained).layers.at(-1)).toMatchObject({ channels: 2 });
  }, 200_000);

  it('a folder that vanishes: the last checkpoint stays', async () => {
    const folder = path.join(home, 'vanishing');
    for (const name of ['a', 'b']) {
      mkdirSync(path.join(folder, name), { recursive: true });
      for (let i = 0; i < 12; i++) {
        const data = new Uint8Array(32 * 32 * 3).fill(i * 9);
        writeFileSync(
          path.join(folder, name, `${i}.png`),
          encode({ width: 32, height: 32, data, channels: 3 }),
        );
      }
    }
    const options = [
      folder,
      '--new-head',
      '--epochs',
      '4',
      '--batch-size',
      '8',
      '--workers',
      '0',
      '--out',
      'gone',
    ];
    await train(net(), [...options, '--max-steps', '3']);
    const checkpoint = readFileSync(path.join(net(), 'gone/checkpoint.pt'));
    rmSync(path.join(folder, 'b'), { recursive: true });
    mkdirSync(path.join(folder, 'b'));
    const { code, text } = await train(net(), options);
    expect(code).toBe(1);
    expect(text).not.toContain('Traceback');
    expect(readFileSync(path.join(net(), 'gone/checkpoint.pt')).equals(checkpoint)).toBe(true);
  }, 200_000);

  it('other settings than those a checkpoint was begun with, and a damaged checkpoint', async () => {
    const begun = [few(), '--epochs', '2', '--batch-size', '32', '--out', 'settings'];
    await train(net(), [...begun, '--max-steps', '1']);
    const other = await train(net(), [...begun.with(2, '3')]);
    expect(other.text).toContain('was begun with epochs 2, not 3.');
    writeFileSync(path.join(net(), 'settings/checkpoint.pt'), 'damaged');
    const damaged = await train(net(), begun);
    expect(damaged.code).toBe(1);
    expect(damaged.text).toContain('checkpoint.pt cannot be read');
    expect(damaged.text).toContain('--fresh');
  }, 200_000);
});

describe('what would cost a checkpoint is named, and the last good one stays', () => {
  const checkpointOf = (out: string) => path.join(net(), out, 'checkpoint.pt');

  it('a checkpoint of another network', async () => {
    const other = path.join(home, 'other-net');
    const wide = initialNetwork(space, space.parse('16:16:24:32:48'), 'pytorch-default', 1);
    writeTraining(other, wide, classification);
    const out = path.join(home, 'shared');
    const options = [few(), '--epochs', '2', '--batch-size', '32', '--out', out];
    await train(net(), [...options, '--max-steps', '1']);
    const before = readFileSync(path.join(out, 'checkpoint.pt'));
    const { code, text } = await train(other, options);
    expect(code).toBe(1);
    expect(text).toContain('checkpoint.pt is of another network.');
    // An export says which network it is, so it is told before anything is read.
    for (const [folder, genotype] of [
      [net(), '16:16:24:32:40'],
      [other, '16:16:24:32:48'],
    ] as const) {
      const file = path.join(folder, 'architecture.json');
      const described = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...described, genotype }));
    }
    await train(net(), [...options.with(-1, path.join(home, 'named')), '--max-steps', '1']);
    const named = await train(other, options.with(-1, path.join(home, 'named')));
    expect(named.text).toContain('was begun with network 16:16:24:32:40, not 16:16:24:32:48.');
    expect(readFileSync(path.join(out, 'checkpoint.pt')).equals(before)).toBe(true);
  }, 200_000);

  it('a disk on which the checkpoint finds no room', async () => {
    const options = [few(), '--epochs', '2', '--batch-size', '32', '--out', 'full'];
    await train(net(), [...options, '--max-steps', '1']);
    const before = readFileSync(checkpointOf('full'));
    // Files of this process may have 64 KiB; the checkpoint has more.
    const { code, text } = await train(net(), options, undefined, 64);
    expect(code).toBe(1);
    expect(text).toMatch(/train\.py: .*checkpoint\.pt could not be written: /);
    expect(text).toContain('What was trained so far is kept');
    expect(text).not.toContain('Traceback');
    expect(readFileSync(checkpointOf('full')).equals(before)).toBe(true);
    expect(readdirSync(path.join(net(), 'full'))).toEqual(['checkpoint.pt']);
    expect((await train(net(), options)).text).toContain('going on after step 1 of 10');
  }, 200_000);

  it('a folder that is gone while pictures are read by other processes', async () => {
    const folder = path.join(home, 'elsewhere');
    const pictures = (name: string) => {
      mkdirSync(path.join(folder, name), { recursive: true });
      for (let i = 0; i < 12; i++) {
        const data = new Uint8Array(32 * 32 * 3).fill(i * 9);
        const file = path.join(folder, name, `${i}.png`);
        writeFileSync(file, encode({ width: 32, height: 32, data, channels: 3 }));
      }
    };
    pictures('a');
    pictures('b');
    const options = [folder, '--new-head', '--epochs', '500', '--batch-size', '8', '--out', 'away'];
    const more = [...options, '--workers', '2'];
    const { code, text } = await train(net(), more, undefined, undefined, (said) => {
      if (/epoch 2 of/.test(said)) rmSync(folder, { recursive: true, force: true });
    });
    expect(code).toBe(1);
    expect(text).toContain('What was trained so far is kept');
    expect(text).not.toContain('Traceback');
    expect(existsSync(checkpointOf('away'))).toBe(true);
    pictures('a');
    pictures('b');
    const on = await train(net(), [...more, '--max-steps', '1']);
    expect(on.text).toMatch(/going on after step \d+ of/);
  }, 200_000);

  it('a device that is not there', async () => {
    const { code, text } = await train(net(), [few(), '--device', 'cuda', '--out', 'device']);
    if (text.includes('epoch 1')) return; // this computer has a GPU
    expect(code).toBe(1);
    expect(text).toContain('The device cuda cannot be used: ');
    expect(text).not.toContain('Traceback');
    const odd = await train(net(), [few(), '--device', 'abacus', '--out', 'device']);
    expect(odd.text).toContain('The device abacus cannot be used: ');
    expect(odd.text).not.toContain('Traceback');
  }, 60_000);

  it.each([
    ['--epochs', '0'],
    ['--batch-size', '1'],
    ['--rate', '-1'],
    ['--ema', '1'],
    ['--label-smoothing', '2'],
    ['--epochs', 'many'],
  ])('%s %s', async (option, value) => {
    const { code, text } = await train(net(), [few(), option, value]);
    expect(code).toBe(2);
    expect(text).toContain(`argument ${option}: `);
    expect(text).not.toContain('Traceback');
  });
});

describe('training for segmentation', () => {
  it('runs on images with masks, in ids or colours', async () => {
    const folder = path.join(home, 'masks');
    const graph = segmentationNetwork();
    const [, , height, width] = [1, ...graph.inputs[0]!.shape.slice(1)] as number[];
    const classes = 5;
    writeTraining(path.join(home, 'dense'), graph, {
      task: 'segmentation',
      classes,
      input: [1, 3, height!, width!],
    });
    for (const part of ['images', 'masks']) mkdirSync(path.join(folder, part), { recursive: true });
    for (let i = 0; i < 20; i++) {
      const data = Uint8Array.from({ length: 40 * 50 * 3 }, (_, at) => (at * (i + 3)) % 251);
      writeFileSync(
        path.join(folder, 'images', `${i}.png`),
        encode({ width: 50, height: 40, data, channels: 3 }),
      );
      const mask = Uint8Array.from({ length: 40 * 50 }, (_, at) =>
        at % 50 < 3 ? 255 : Math.floor(at / 50 / 8) % classes,
      );
      writeFileSync(
        path.join(folder, 'masks', `${i}.png`),
        encode({ width: 50, height: 40, data: mask, channels: 1 }),
      );
    }
    const { code, text } = await train(path.join(home, 'dense'), [
      folder,
      '--epochs',
      '2',
      '--workers',
      '0',
    ]);
    expect(code, text).toBe(0);
    expect(text).toContain('18 images to train with, 2 to evaluate on, 5 classes');
    expect(text).toMatch(/mIoU \d/);
    expect(existsSync(path.join(home, 'dense/trained/trained.onnx'))).toBe(true);
  }, 200_000);

  it('leaves out what has a mask that cannot be read, and says so', async () => {
    const folder = path.join(home, 'masks');
    const whole = readFileSync(path.join(folder, 'images/0.png'));
    writeFileSync(path.join(folder, 'images/0-broken.png'), whole);
    writeFileSync(path.join(folder, 'masks/0-broken.png'), 'no mask');
    const options = [folder, '--epochs', '1', '--workers', '0', '--out', 'broken'];
    const { code, text } = await train(path.join(home, 'dense'), options);
    expect(code, text).toBe(0);
    expect(text).toMatch(/left out: .*0-broken\.png cannot be decoded/);
  }, 200_000);
});
