import { mkdtemp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { materialise } from '../../../main/graph/weights.ts';
import { decodeModel } from '../../../main/graph/onnx/decode.ts';
import { storedModel } from '../../../main/graph/onnx/stored-form.ts';
import { externalDataBeside, readModelFile } from '../../../main/score-model/model-file.ts';
import {
  AttributeType,
  DataLocation,
  DataType,
  encodeForeign,
  ints,
  type ForeignAttribute,
  type ForeignNode,
  type ForeignTensor,
} from '../../support/foreign-onnx.ts';
import { processorMsOfProcess } from '../../support/processor-time.ts';

let top: string;
let folder: string;
beforeEach(async () => {
  top = await mkdtemp(path.join(tmpdir(), 'zico-external-'));
  folder = path.join(top, 'model');
  await mkdir(folder);
});
afterEach(() => rm(top, { recursive: true }));

const weights = Float32Array.from({ length: 27 }, (_, i) => i / 8);
const weightBytes = new Uint8Array(weights.buffer);

/** A model whose one convolution has its weights in another file: as an initialiser, or as what a Constant holds. */
async function model(
  location: string,
  more: Record<string, string> = {},
  dims = [1, 3, 3, 3],
  asConstant = false,
): Promise<string> {
  const entries = Object.entries({ location, ...more });
  const weight: ForeignTensor = {
    name: 'w',
    dims,
    dataType: DataType.FLOAT,
    dataLocation: DataLocation.EXTERNAL,
    externalData: entries.map(([key, value]) => ({ key, value })),
  };
  const held: ForeignAttribute = { name: 'value', type: AttributeType.TENSOR, t: weight };
  const constant: ForeignNode = { opType: 'Constant', output: ['w'], attribute: [held] };
  const conv: ForeignNode = {
    opType: 'Conv',
    name: 'c',
    input: ['x', 'w'],
    output: ['y'],
    attribute: [ints('kernel_shape', [3, 3])],
  };
  const bytes = encodeForeign({
    nodes: asConstant ? [constant, conv] : [conv],
    initializers: asConstant ? [] : [weight],
  });
  const file = path.join(folder, 'model.onnx');
  await writeFile(file, bytes);
  return file;
}

const weightsOf = async (file: string) => {
  const initializer = (await readModelFile(file)).initializers.get('w');
  return initializer && [...materialise(initializer)];
};
const refusal = (code: string) => expect.objectContaining({ code }) as unknown;

describe('weights in another file', () => {
  it('are read from beside the model and from folders below, at their place', async () => {
    await writeFile(path.join(folder, 'w.bin'), weightBytes);
    expect(await weightsOf(await model('w.bin'))).toEqual([...weights]);
    await mkdir(path.join(folder, 'data'));
    const padded = new Uint8Array(64 + weightBytes.length + 5);
    padded.set(weightBytes, 64);
    await writeFile(path.join(folder, 'data', 'w.bin'), padded);
    const placed = await model('data/w.bin', { offset: '64', length: '108' });
    expect(await weightsOf(placed)).toEqual([...weights]);
    expect(await weightsOf(await model('data/../w.bin'))).toEqual([...weights]);
  });

  it('are read where a node holds them, for a score and to be measured as the file stands', async () => {
    await writeFile(path.join(folder, 'w.bin'), weightBytes);
    const file = await model('w.bin', {}, [1, 3, 3, 3], true);
    expect(await weightsOf(file)).toEqual([...weights]);
    const external = externalDataBeside(file);
    const { bytes } = storedModel(await readFile(file), file, { size: [8, 8], external });
    const [constant] = decodeModel(bytes, file).graph!.node!;
    expect(constant!.attribute![0]!.t!.rawData).toHaveLength(weightBytes.length);
  });

  it.each(['../w.bin', 'data/../../w.bin', '../model-2/w.bin', '.', 'C:\\w.bin', '..'])(
    'are not read from "%s", which is outside the folder',
    async (location) => {
      await writeFile(path.join(top, 'w.bin'), weightBytes);
      await expect(readModelFile(await model(location))).rejects.toThrow(
        refusal('external-data-outside'),
      );
    },
  );

  it('are not read from an absolute path, even one inside the folder', async () => {
    const inside = path.join(folder, 'w.bin');
    await writeFile(inside, weightBytes);
    await expect(readModelFile(await model(inside))).rejects.toThrow(
      refusal('external-data-outside'),
    );
  });

  it('are not read through a link that leads out, but through one that stays', async () => {
    await writeFile(path.join(top, 'w.bin'), weightBytes);
    await symlink(path.join(top, 'w.bin'), path.join(folder, 'out.bin'));
    await symlink(top, path.join(folder, 'up'));
    for (const location of ['out.bin', 'up/w.bin']) {
      await expect(readModelFile(await model(location))).rejects.toThrow(
        refusal('external-data-outside'),
      );
    }
    await writeFile(path.join(folder, 'w.bin'), weightBytes);
    await symlink('w.bin', path.join(folder, 'in.bin'));
    expect(await weightsOf(await model('in.bin'))).toEqual([...weights]);
  });

  it('are missed by name: no file, a folder, a pipe', async () => {
    await mkdir(path.join(folder, 'sub'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    for (const location of ['gone.bin', 'sub', 'pipe']) {
      await expect(readModelFile(await model(location))).rejects.toThrow(
        refusal('external-data-missing'),
      );
    }
  });

  it('have to be whole', async () => {
    const file = path.join(folder, 'w.bin');
    await writeFile(file, weightBytes);
    const asked: Record<string, string>[] = [{ offset: '1' }, { length: '109' }, { offset: '-4' }];
    for (const more of asked) {
      await expect(readModelFile(await model('w.bin', more))).rejects.toThrow(
        expect.objectContaining({
          code: expect.stringMatching(/^(external-data-too-short|onnx-malformed)$/) as string,
        }),
      );
    }
    await truncate(file, 100);
    await expect(readModelFile(await model('w.bin', { length: '108' }))).rejects.toThrow(
      refusal('external-data-too-short'),
    );
    expect((await readFile(file)).length).toBe(100);
  });

  it('are refused by their size before they are read, also beyond 4 GiB', async () => {
    const file = path.join(folder, 'w.bin');
    await writeFile(file, '');
    await truncate(file, 2 ** 32 + 4096); // no more than its name takes on the disk
    for (const outputs of [2 ** 25, 2 ** 26]) {
      const dims = [outputs, 3, 3, 3];
      const refused = expect.objectContaining({
        code: expect.stringMatching(/^(model-too-large|external-data-too-short)$/) as string,
      }) as unknown;
      // Whichever thread would have read it.
      const used = await processorMsOfProcess(async () =>
        expect(readModelFile(await model('w.bin', {}, dims))).rejects.toThrow(refused),
      );
      expect(used).toBeLessThan(1000);
    }
    await expect(readModelFile(await model('w.bin', { length: String(2 ** 32) }))).rejects.toThrow(
      refusal('onnx-malformed'),
    );
  });
});
