import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inferShapes } from '../../../main/graph/infer-shapes.ts';
import { readModelFile } from '../../../main/score-model/model-file.ts';
import { prepareModel } from '../../../main/score-model/prepared-model.ts';
import type { DrawnData, ScoreModelRequest } from '../../../main/score-model/request.ts';
import type { DataChoice } from '../../../main/task/data-source.ts';
import type { DetectionBatch } from '../../../main/task/batches.ts';
import { embeddedData } from '../../../main/task/embedded.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import { npyBytes } from '../../support/array-files.ts';
import { assetsFolder } from '../../support/data.ts';
import {
  DataType,
  encodeForeign,
  floats,
  integers,
  ints,
  type ForeignModel,
} from '../../support/foreign-onnx.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-prepared-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const openData = ({ task }: DataChoice) =>
  openDataset(embeddedData(task ?? 'classification', assetsFolder));
const noData = () => Promise.reject(new Error('data were opened'));

const waves = (...shape: number[]) =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i) / 4);
const conv = (x: string, name: string, stride = 1) => ({
  opType: 'Conv',
  name,
  input: [x, `${name}.weight`],
  output: [name],
  attribute: [ints('strides', [stride, stride])],
});
const weight = (name: string, ...shape: number[]) =>
  floats(`${name}.weight`, shape, waves(...shape));
/** From the maps of `stem` to logits. */
const head = [
  { opType: 'GlobalAveragePool', name: 'pool', input: ['stem'], output: ['pooled'] },
  { opType: 'Flatten', name: 'flat', input: ['pooled'], output: ['flat'] },
  { opType: 'MatMul', name: 'fc', input: ['flat', 'fc.weight'], output: ['logits'] },
];

let files = 0;
function written(model: ForeignModel): string {
  const file = path.join(folder, `${files++}.onnx`);
  writeFileSync(file, encodeForeign(model));
  return file;
}

/** Logits of `classes` over images of `channels`. */
const classifier = (channels: number, classes: number, more: Partial<ForeignModel> = {}) =>
  written({
    input: [null, channels, null, null],
    nodes: [conv('x', 'stem'), ...head],
    initializers: [weight('stem', 4, channels, 3, 3), weight('fc', 4, classes)],
    ...more,
  });

/** As many maps as are named, each with its channels. */
const maps = (channels: Readonly<Record<string, number>>, size: number | null = null) =>
  written({
    input: [null, 3, size, size],
    nodes: Object.keys(channels).map((name) => conv('x', name, 8)),
    initializers: Object.entries(channels).map(([name, n]) => weight(name, n, 3, 8, 8)),
    outputs: Object.keys(channels),
  });

function request(
  model: string,
  data: Partial<DrawnData> = {},
  more: Partial<ScoreModelRequest> = {},
): ScoreModelRequest {
  const choice = { data: null, task: null };
  return {
    model,
    data: {
      ...{ kind: 'drawn', choice, batches: 2, batchSize: 2, preset: 'custom', seed: 3, ...data },
    },
    weights: 'file',
    termCap: 100,
    bias: { biasSize: 'deployment', biasLayers: 'live' },
    ...more,
  };
}
const prepared = (asked: ScoreModelRequest, open: typeof openData = noData) =>
  prepareModel(asked, { openData: open, readModel: readModelFile });
const synthetic = { synthetic: true };
const codes = (notes: readonly { readonly code: string }[]) => notes.map(({ code }) => code);

describe('a model of several outputs, one of which cannot be read', () => {
  const beside = (opType: string) =>
    classifier(3, 7, {
      nodes: [
        conv('x', 'stem'),
        { opType, name: 'odd', input: ['stem'], output: ['extra'] },
        ...head,
      ],
      outputs: ['extra', 'logits'],
    });

  it('is scored by the other', async () => {
    const { graph, outputs } = await prepared(request(beside('NonMaxSuppression'), synthetic));
    expect(outputs).toBe(7);
    expect(graph.unread).toMatchObject({ outputs: ['extra'], read: ['logits'] });
  });

  it('is refused where the one that cannot be is named', async () => {
    const asked = request(beside('NonMaxSuppression'), synthetic, { outputs: ['extra'] });
    await expect(prepared(asked)).rejects.toThrow(/NonMaxSuppression/);
  });
});

describe('synthetic data', () => {
  it('are noise with classes that the network tells apart, at the usual size where it leaves that open', async () => {
    const { batches, outputs, dataNotes } = await prepared(request(classifier(5, 7), synthetic));
    expect(batches).toMatchObject({
      task: 'classification',
      inputShape: [5, 224, 224],
      classes: 7,
    });
    expect(outputs).toBe(7);
    expect(batches.description).toMatch(/^synthetic data: noise with random classes/);
    expect(codes(dataNotes)).toEqual(['synthetic-data']);
  });

  it('have the size that is asked for, or else that of the file', async () => {
    const small = { ...synthetic, size: [16, 24] as const };
    const open = await prepared(request(classifier(3, 2), small));
    expect(open.batches.inputShape).toEqual([3, 16, 24]);
    const fixed = await prepared(request(maps({ mask: 4 }, 64), small));
    expect(fixed.batches).toMatchObject({ task: 'segmentation', inputShape: [3, 64, 64] });
  });

  it('tell two classes apart where a network has one logit', async () => {
    const { batches } = await prepared(request(maps({ mask: 1 }, 64), synthetic));
    expect(batches).toMatchObject({ task: 'segmentation', classes: 2 });
  });

  it('take several maps of one shape for a segmentation with heads at several depths', async () => {
    const { batches, left } = await prepared(request(maps({ d0: 1, d1: 1, d2: 1 }, 64), synthetic));
    expect(batches.task).toBe('segmentation');
    expect(left).toHaveLength(2);
  });

  it('are boxes for detection', async () => {
    const detector = maps({ classes: 9 * 4, boxes: 36 }, 64);
    const choice = { data: null, task: 'detection' } as const;
    const { batches } = await prepared(request(detector, { ...synthetic, choice }));
    expect(batches).toMatchObject({ task: 'detection', classes: 4 });
    const targets = (batches.batches as readonly DetectionBatch[]).flatMap((b) => b.targets);
    expect(targets.every(({ classes }) => classes.length > 0)).toBe(true);
  });
});

describe('pictures', () => {
  it('are grey for a network of one channel', async () => {
    const { batches } = await prepared(request(classifier(1, 10)), openData);
    expect(batches.inputShape).toEqual([1, 32, 32]);
    expect(batches.description).toContain('in grey');
  });

  it('are those of the first classes for a network that tells fewer apart', async () => {
    const { batches, outputs, dataNotes } = await prepared(request(classifier(3, 3)), openData);
    expect([batches.classes, outputs]).toEqual([3, 3]);
    expect(dataNotes).toMatchObject([{ code: 'fewer-classes-than-data', count: 7 }]);
    if (batches.task !== 'classification') throw new Error('another task');
    for (const { targets } of batches.batches) expect(Math.max(...targets)).toBeLessThan(3);
  });
});

describe('inputs besides the images', () => {
  const scaled = (shape: readonly (number | null)[], elemType: number = DataType.FLOAT) =>
    classifier(3, 4, {
      nodes: [
        { opType: 'Mul', name: 'scaled', input: ['x', 'scale'], output: ['y'] },
        conv('y', 'stem'),
        ...head,
      ],
      moreInputs: [{ name: 'scale', shape, elemType }],
    });

  it('are refused with their names unless they are given', async () => {
    await expect(prepared(request(scaled([1]), synthetic))).rejects.toMatchObject({
      code: 'inputs-open',
      message: expect.stringContaining('scale (N)') as string,
      hint: expect.stringContaining('scale=1') as string,
    });
  });

  it('become constants that nothing trains', async () => {
    const asked = request(scaled([1]), synthetic, { constants: { scale: [2] } });
    const { graph } = await prepared(asked);
    expect(graph.inputs).toHaveLength(1);
    expect(graph.initializers.get('scale')).toMatchObject({ shape: [1], constant: true });
  });

  it.each<[string, string, readonly (number | null)[], number, Record<string, readonly number[]>]>([
    ['of too many numbers', 'constant-shape', [1], DataType.FLOAT, { scale: [1, 2] }],
    ['of an open size', 'constant-shape', [1, null], DataType.FLOAT, { scale: [1] }],
    ['with a fraction for whole numbers', 'constant-type', [1], DataType.INT64, { scale: [0.5] }],
    ['for no input', 'unknown-input', [1], DataType.FLOAT, { scale: [1], other: [1] }],
    ['for the images as well', 'unknown-input', [1], DataType.FLOAT, { scale: [1], x: [1] }],
    ['named as a part of every object', 'unknown-input', [1], DataType.FLOAT, { toString: [1] }],
  ])('given %s are refused', async (_what, code, shape, type, constants) => {
    const asked = request(scaled(shape, type), synthetic, { constants });
    await expect(prepared(asked)).rejects.toMatchObject({ code });
  });
});

describe('images of array files', () => {
  it('say what a file for a single picture does before its network', async () => {
    const model = classifier(3, 4, {
      input: [3, 24, 24],
      nodes: [
        { opType: 'Unsqueeze', name: 'one', input: ['x', 'front'], output: ['batch'] },
        conv('batch', 'stem'),
        ...head,
      ],
      initializers: [weight('stem', 4, 3, 3, 3), weight('fc', 4, 4), integers('front', [0])],
    });
    const [inputs, targets] = ['images', 'classes'].map((name) => path.join(folder, `${name}.npy`));
    writeFileSync(inputs!, npyBytes('<f4', [4, 3, 24, 24], Math.sin));
    writeFileSync(
      targets!,
      npyBytes('<i8', [4], (i) => i),
    );
    const files = { inputs: inputs!, targets: targets! };
    const data = { kind: 'arrays', ...files, task: null, batchSize: 2 } as const;
    const asked = { ...request(model, {}, { outputs: ['logits'] }), data };
    const { dataNotes } = await prepared(asked);
    expect(codes(dataNotes)).toEqual(['picture-transform-left-out']);
  });
});

describe('a value that is named', () => {
  /** Ends in an operator that no score knows. */
  const behind = () =>
    classifier(3, 4, {
      nodes: [
        conv('x', 'stem'),
        ...head,
        { opType: 'NonZero', name: 'found', input: ['logits'], output: ['found'] },
      ],
    });

  it('inside a network is scored, and what lies behind is not read', async () => {
    const { graph } = await prepared(request(behind(), synthetic, { outputs: ['logits'] }));
    expect(
      inferShapes({ ...graph, inputs: [{ ...graph.inputs[0]!, shape: [2, 3, 9, 9] }] }, 2).get(
        graph.outputs[0]!,
      ),
    ).toEqual([2, 4]);
  });

  it('is refused where there is none of that name', async () => {
    const asked = prepared(request(behind(), synthetic, { outputs: ['scores'] }));
    await expect(asked).rejects.toMatchObject({
      code: 'unknown-output',
      hint: expect.stringContaining('found') as string,
    });
  });

  it('is one, but for detection', async () => {
    const asked = request(maps({ a: 3, b: 3 }, 64), synthetic, { outputs: ['a', 'b'] });
    await expect(prepared(asked)).rejects.toMatchObject({ code: 'one-output' });
  });
});
