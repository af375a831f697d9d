import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openImages } from '../../../../main/task/embedded.ts';
import { cifar10, cifar100, openCifar } from '../../../../main/task/kinds/cifar.ts';
import { assetsFolder, images, reasons } from '../../../support/data.ts';

/** Records whose label is given and whose first pixel is their number. */
function records(...labels: number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * 3073);
  labels.forEach((label, i) => bytes.set([label, i], i * 3073));
  return bytes;
}
const code = (value: string): unknown => expect.objectContaining({ code: value });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-cifar-'));
});
afterEach(() => rm(folder, { recursive: true }));
const put = async (name: string, bytes: Uint8Array) => {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
};

describe('a CIFAR-10 file', () => {
  it('is read record by record, in the order asked for', async () => {
    const data = await openCifar(cifar10, await put('a.bin', records(3, 1, 4)));
    expect(data).toMatchObject({ count: 3, classes: 10, inputShape: [3, 32, 32] });
    const read = images(await data.read([2, 0]));
    expect(read.map(({ label, pixels }) => [label, pixels[0], pixels.length])).toEqual([
      [4, 2, 3072],
      [3, 0, 3072],
    ]);
  });

  it('of another size is refused by name', async () => {
    const file = await put('a.bin', new Uint8Array(3072));
    await expect(openCifar(cifar10, file)).rejects.toThrow(code('not-cifar10'));
    await expect(openCifar(cifar10, file)).rejects.toThrow(file);
    await expect(openCifar(cifar10, await put('b.bin', new Uint8Array(0)))).rejects.toThrow(
      code('not-cifar10'),
    );
  });

  it('with an impossible label makes an image that cannot be used, naming file and record', async () => {
    const data = await openCifar(cifar10, await put('a.bin', records(0, 10)));
    await expect(data.read([0])).resolves.toHaveLength(1);
    expect(reasons(await data.read([1]))).toEqual([
      'a.bin: has the label 10 in record 1, but CIFAR-10 has the classes 0 to 9',
    ]);
    expect(reasons(await data.read([1], [16, 16]))).toHaveLength(1);
  });

  it('that shrinks meanwhile is noticed', async () => {
    const file = await put('a.bin', records(0, 1));
    const data = await openCifar(cifar10, file);
    await truncate(file, 4000);
    await expect(data.read([1])).rejects.toThrow(code('not-cifar10'));
  });
});

describe('a CIFAR-100 file', () => {
  /** Records of a coarse and a fine label. */
  const hundred = (...labels: [coarse: number, fine: number][]): Uint8Array => {
    const bytes = new Uint8Array(labels.length * 3074);
    labels.forEach(([coarse, fine], i) => bytes.set([coarse, fine, 7 + i], i * 3074));
    return bytes;
  };

  it('is read with its fine labels', async () => {
    const data = await openCifar(cifar100, await put('test.bin', hundred([0, 99], [19, 3])));
    expect(data).toMatchObject({ count: 2, classes: 100, kind: 'cifar100' });
    expect(data.classNames[99]).toBe('worm');
    const read = images(await data.read([0, 1]));
    expect(read.map(({ label, pixels }) => [label, pixels[0]])).toEqual([
      [99, 7],
      [3, 8],
    ]);
  });

  it('with an impossible coarse or fine label has an unusable image, naming which', async () => {
    const data = await openCifar(cifar100, await put('test.bin', hundred([20, 5], [0, 100])));
    expect(reasons(await data.read([0, 1]))).toEqual([
      expect.stringContaining('the coarse label 20 in record 0'),
      expect.stringContaining('the fine label 100 in record 1'),
    ]);
  });

  it('is not taken for CIFAR-10, nor the other way round', async () => {
    const file = await put('test.bin', hundred([0, 0]));
    await expect(openCifar(cifar10, file)).rejects.toThrow(code('not-cifar10'));
    await expect(openCifar(cifar100, await put('a.bin', records(1)))).rejects.toThrow(
      code('not-cifar100'),
    );
  });
});

it('CIFAR images come in another size where one is asked for', async () => {
  const data = await openCifar(cifar10, await put('a.bin', new Uint8Array(3073).fill(9)));
  const { pixels } = images(await data.read([0], [64, 48]))[0]!;
  expect(pixels).toEqual(new Uint8Array(3 * 64 * 48).fill(9));
});

describe('a folder', () => {
  it('is searched for *.bin files of the right size, which count in the order of their names', async () => {
    await put('b.bin', records(2));
    await put('a.bin', records(0, 1));
    await put('notes.txt', records(9));
    await put('broken.bin', new Uint8Array(100));
    const data = await openCifar(cifar10, folder);
    const read = images(await data.read([0, 1, 2]));
    expect(read.map(({ label }) => label)).toEqual([0, 1, 2]);
    expect(data.description).toBe('3 CIFAR-10 images from a.bin, b.bin');
  });

  it('without such files of its own offers those of its subfolders, as the archive unpacks', async () => {
    await put('cifar-10-batches-bin/test_batch.bin', records(5));
    await expect(openCifar(cifar10, folder)).resolves.toMatchObject({ count: 1 });
  });

  it('without any is refused', async () => {
    await put('broken.bin', new Uint8Array(100));
    await expect(openCifar(cifar10, folder)).rejects.toThrow(code('not-cifar10'));
  });

  it('that does not exist is refused', async () => {
    await expect(openCifar(cifar10, path.join(folder, 'none'))).rejects.toThrow(
      code('data-not-found'),
    );
    const file = await put('a.bin', records(0));
    await expect(openCifar(cifar10, path.join(file, 'inside'))).rejects.toThrow(
      code('data-not-found'),
    );
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is refused', async () => {
    await chmod(folder, 0);
    await expect(openCifar(cifar10, folder)).rejects.toThrow(code('data-not-readable'));
    await chmod(folder, 0o700);
  });
});

describe('the images that ship with the product', () => {
  it('are 256, balanced over the classes', async () => {
    const data = await openImages(null, assetsFolder);
    const all = images(await data.read(Array.from({ length: data.count }, (_, i) => i)));
    const perClass = Array.from({ length: 10 }, (_, c) => all.filter((i) => i.label === c).length);
    expect(perClass).toEqual([26, 26, 26, 26, 26, 26, 25, 25, 25, 25]);
  });
});
