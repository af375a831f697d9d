import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WorkbenchError } from '../../../main/errors.ts';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { HostLatency } from '../../../main/latency/host.ts';
import type { LatencySource } from '../../../main/latency/latency.ts';
import { PredictedLatency } from '../../../main/latency/predicted/predicted-latency.ts';
import {
  measureModel,
  readDeployed,
  readForMeasuring,
} from '../../../main/measure-model/measure-model.ts';
import { generousLimits, latencyEntry } from '../../support/engines.ts';
import {
  encodeForeign,
  floats,
  integers,
  ints,
  type ForeignModel,
} from '../../support/foreign-onnx.ts';
import {
  halves,
  norm,
  quantised,
  quantisedOperator,
  ramp,
  unknownOperators,
} from '../../support/measured-models.ts';

let folder: string;
let host: LatencySource;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-measured-'));
  host = new HostLatency({
    ...{ processes: nodeProcesses, entry: latencyEntry, limits: generousLimits },
    ...{ runs: 2, warmUp: 1, repeats: 1, interval: null },
  });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
function written(model: ForeignModel | Uint8Array): string {
  const file = path.join(folder, `${files++}.onnx`);
  writeFileSync(file, model instanceof Uint8Array ? model : encodeForeign(model));
  return file;
}

const measured = (model: string, size: readonly [number, number] | null = null) =>
  measureModel({ model, size }, host);

describe('what onnxruntime runs is measured', () => {
  it.each<[string, () => Uint8Array, string]>([
    ['weights in bytes, with quantising nodes', quantised, 'int8'],
    ['operators on bytes', quantisedOperator, 'int8'],
    ['half precision', halves, 'float16'],
  ])('%s, as the file has it', async (_what, model, precision) => {
    const { latency, macs, parameters, asStored, input } = await measured(written(model()));
    expect(latency.latencyMs).toBeGreaterThan(0);
    expect(latency.conditions.precision).toBe(precision);
    expect([macs, input]).toEqual([null, [1, 3, 8, 8]]);
    expect(parameters).toBeGreaterThanOrEqual(108);
    expect(asStored).toContain(precision);
  });

  it('operators that cannot be scored, with the reason, at the size that is asked for', async () => {
    const { input, asStored, macs } = await measured(written(unknownOperators()), [16, 24]);
    expect([input, macs]).toEqual([[1, 3, 16, 24], null]);
    expect(asStored).toContain('NonZero');
    await expect(measured(written(unknownOperators()))).rejects.toMatchObject({
      code: 'size-open',
    });
  });

  it('several inputs, of which one is no picture', async () => {
    const model = written({
      input: [null, 3, 8, 8],
      nodes: [{ opType: 'Mul', name: 'scaled', input: ['x', 'scale'], output: ['y'] }],
      moreInputs: [{ name: 'scale', shape: [null, 1, 1, 1] }],
    });
    expect((await measured(model, [8, 8])).latency.latencyMs).toBeGreaterThan(0);
  });

  it('a network in training mode in its inference form, although an image alone has no statistics', async () => {
    const read = await readForMeasuring({ model: written(norm(8)), size: null });
    expect(read.kind).toBe('network');
    const { macs, latency } = await measured(written(norm(8)));
    expect([macs, latency.conditions.precision]).toEqual([expect.any(Number), 'float32']);
  });
});

describe('what cannot be measured is refused', () => {
  it('with what onnxruntime says of it', async () => {
    const model = written({
      nodes: [{ opType: 'Conv', name: 'c', input: ['x', 'w'], output: ['y'] }],
      initializers: [floats('w', [4, 5, 3, 3], ramp(4, 5, 3, 3))],
    });
    await expect(measured(model)).rejects.toMatchObject({ code: 'engine-refused' });
  });

  it('with the number of images that a file takes', async () => {
    const nodes = [{ opType: 'NonZero', name: 'found', input: ['x'], output: ['places'] }];
    await expect(measured(written({ input: [4, 3, 8, 8], nodes }))).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringContaining('takes 4 images at once') as string,
    });
  });

  it('by estimates, which are of networks that are understood', async () => {
    const source = new PredictedLatency('predicted-s10-gpu');
    const asked = (model: string) => measureModel({ model, size: [16, 16] }, source);
    await expect(asked(written(quantised()))).rejects.toMatchObject({
      code: 'unsupported-tensor',
      message: expect.stringContaining('int8') as string,
    });
    await expect(asked(written(unknownOperators()))).rejects.toMatchObject({
      code: 'unsupported-operator',
    });
  });
});

describe('a model that leaves axes of its images open', () => {
  const model = (input: readonly (number | null)[]) =>
    written({
      input,
      nodes: [{ opType: 'Conv', name: 'c', input: ['x', 'w'], output: ['y'] }],
      initializers: [floats('w', [4, 3, 3, 3], ramp(4, 3, 3, 3))],
    });

  it('has to be told its size, also where all are open', async () => {
    for (const input of [
      [null, null, null, null],
      [null, 3, null, null],
    ]) {
      const read = readDeployed({ model: model(input), size: null });
      await expect(read).rejects.toMatchObject({ code: 'size-open' });
      const sized = await readDeployed({ model: model(input), size: [8, 16] });
      expect(sized.inputs[0]!.shape.slice(1)).toEqual([3, 8, 16]);
    }
  });

  it('takes them in colour, where only the channels are open', async () => {
    const read = await readDeployed({ model: model([null, null, 8, 16]), size: null });
    expect(read.inputs[0]!.shape.slice(1)).toEqual([3, 8, 16]);
  });

  it('is refused where what it takes is no picture', async () => {
    const read = readDeployed({ model: model([null, null, null]), size: [8, 8] });
    await expect(read).rejects.toBeInstanceOf(WorkbenchError);
  });

  it('is refused with its inputs as the file has them, where there are several', async () => {
    const file = written({
      ...{ input: [null, 8, 6, 3], moreInputs: [{ name: 'other', shape: [null, 8, 6, 3] }] },
      nodes: [{ opType: 'Add', name: 'sum', input: ['x', 'other'], output: ['y'] }],
    });
    await expect(readDeployed({ model: file, size: null })).rejects.toMatchObject({
      message: expect.stringContaining('x (N x 8 x 6 x 3), other (N x 8 x 6 x 3)') as string,
    });
  });
});

describe('a constant that decides a shape', () => {
  it('is no reason to run a file as it stands', async () => {
    const model = written({
      nodes: [
        { opType: 'Reshape', name: 'flat', input: ['x', 'to'], output: ['y'], attribute: [] },
        {
          opType: 'ReduceMean',
          name: 'mean',
          input: ['y'],
          output: ['m'],
          attribute: [ints('axes', [1])],
        },
      ],
      initializers: [integers('to', [0, -1])],
    });
    expect((await readForMeasuring({ model, size: null })).kind).toBe('network');
  });
});
