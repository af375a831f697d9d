import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from '../../../main/engine/engine.ts';
import { outputClasses } from '../../../main/engine/task-loss.ts';
import { readModelFile } from '../../../main/score-model/model-file.ts';
import { scoreModel, type ScoreModelRequest } from '../../../main/score-model/score-model.ts';
import type { Task } from '../../../main/task/batches.ts';
import { embeddedData } from '../../../main/task/embedded.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import type { DataChoice } from '../../../main/task/data-source.ts';
import { assetsFolder } from '../../support/data.ts';
import { openEngine } from '../../support/engines.ts';
import { encodeForeign, floats, int, ints } from '../../support/foreign-onnx.ts';

const golden = path.join(import.meta.dirname, '../../golden');
const segmenter = path.join(golden, 'segmentation/model.onnx');
const classifier = path.join(golden, 'plain/model.onnx');

let engine: Engine;
let folder: string;
beforeAll(() => {
  engine = openEngine(1);
  folder = mkdtempSync(path.join(tmpdir(), 'zico-score-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await engine.close();
});

const openData = ({ data, task, kind }: DataChoice) =>
  openDataset(
    data === null
      ? embeddedData(task ?? 'classification', assetsFolder)
      : { path: data, task, kind },
  );

function request(model: string, task: Task, more: Partial<ScoreModelRequest> = {}) {
  const choice = { data: null, task };
  const drawn = { batches: 2, batchSize: 2, seed: 1, preset: 'custom' } as const;
  const data = { kind: 'drawn', choice, ...drawn } as const;
  const bias = { biasSize: 'deployment', biasLayers: 'live' } as const;
  return { model, data, weights: 'file', termCap: 100, bias, ...more } as const;
}
const score = (asked: ScoreModelRequest, with_: Engine = engine) =>
  scoreModel(asked, { openData, engine: with_ });

/** Refuses to be asked anything: what it is given has to be refused before. */
const noEngine: Engine = {
  identity: { name: 'onnxruntime', version: '0', threads: 1 },
  useBatches: () => Promise.reject(new Error('the engine was asked')),
  statistics: () => Promise.reject(new Error('the engine was asked')),
  proxies: () => Promise.reject(new Error('the engine was asked')),
  close: () => Promise.resolve(),
};

/** A 1x1 and a strided convolution to `channels` maps of 1/8 and 1/16, as a detector of two levels. */
function detector(classes: number): string {
  const values = (shape: number[]) =>
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i) / 4);
  const weights = {
    stem: [8, 3, 8, 8],
    down: [8, 8, 2, 2],
    fineClasses: [9 * classes, 8, 1, 1],
    coarseClasses: [9 * classes, 8, 1, 1],
    fineBoxes: [36, 8, 1, 1],
    coarseBoxes: [36, 8, 1, 1],
  };
  const conv = (name: keyof typeof weights, x: string) => ({
    opType: 'Conv',
    name,
    input: [x, `${name}.weight`],
    output: [name],
    attribute: [ints('strides', [weights[name][2]!, weights[name][2]!])],
  });
  const bytes = encodeForeign({
    input: [null, 3, 64, 64],
    nodes: [
      conv('stem', 'x'),
      conv('down', 'stem'),
      conv('fineClasses', 'stem'),
      conv('coarseClasses', 'down'),
      conv('fineBoxes', 'stem'),
      conv('coarseBoxes', 'down'),
    ],
    initializers: Object.entries(weights).map(([name, shape]) =>
      floats(`${name}.weight`, shape, values(shape)),
    ),
    outputs: ['fineClasses', 'coarseClasses', 'fineBoxes', 'coarseBoxes'],
  });
  const file = path.join(folder, `detector-${classes}.onnx`);
  writeFileSync(file, bytes);
  return file;
}

describe('a model is scored', () => {
  it('as a segmentation network on the images that ship with the product', async () => {
    const scored = await score(request(segmenter, 'segmentation'));
    const expected = JSON.parse(
      readFileSync(path.join(golden, 'segmentation/expected.json'), 'utf8'),
    ) as { bias: number; layers: { name: string; weights: number }[] };
    expect(scored).toMatchObject({
      task: 'segmentation',
      batchNormalization: 'present',
      weights: { scheme: 'file', seed: null },
      batches: 2,
      batchSize: 2,
      data: { classes: 4, inputShape: [3, 96, 128] },
    });
    expect(scored.data.description).toContain('ellipse');
    expect(scored.layers.map(({ name, weights }) => ({ name, weights }))).toEqual(
      expected.layers.map(({ name, weights }) => ({ name, weights })),
    );
    expect(scored.bias).toBeCloseTo(expected.bias, 8);
    const sum = (of: (layer: (typeof scored.layers)[number]) => number) =>
      scored.layers.reduce((all, layer) => all + of(layer), 0);
    expect(scored.zico).toBeCloseTo(
      sum(({ log }) => log),
      9,
    );
    expect(scored.zicoCapped).toBeCloseTo(
      sum(({ logCapped }) => logCapped),
      9,
    );
    expect(scored.zicoCapped).toBeLessThan(scored.zico);
    expect(scored.macs).toBe(sum(({ macs }) => macs));
  });

  it('as a detection network of two levels', async () => {
    const scored = await score(request(detector(3), 'detection'));
    expect(scored).toMatchObject({ task: 'detection', data: { classes: 3 } });
    expect(scored.layers).toHaveLength(6);
    // No cell is as large as an anchor of the coarse level, so only its boxes have no gradient.
    const silent = scored.layers
      .filter(({ gradientNorms }) => gradientNorms.every((norm) => norm === 0))
      .map(({ name }) => name);
    expect(['coarseBoxes', 'fineBoxes']).toEqual(expect.arrayContaining(silent));
    expect(silent.length).toBeLessThan(2);
    const told = scored.warnings.find(({ code }) => code === 'layers-without-gradient');
    expect(scored.silentLayers).toBe(silent.length);
    expect(told?.examples ?? []).toEqual(silent);
    expect(scored.losses.every((loss) => loss > 0)).toBe(true);
  });

  it('with the same weights for the same seed, with others for another', async () => {
    const fresh = (seed: number) =>
      score(
        request(classifier, 'classification', {
          weights: { scheme: 'kaiming-normal-fan-out', seed },
        }),
      );
    const [first, again, other, file] = [
      await fresh(3),
      await fresh(3),
      await fresh(4),
      await score(request(classifier, 'classification')),
    ];
    expect(again.zico).toBe(first.zico);
    expect(other.zico).not.toBe(first.zico);
    expect(file.zico).not.toBe(first.zico);
    expect(first.weights).toEqual({ scheme: 'kaiming-normal-fan-out', seed: 3 });
  });

  it('and marked where BatchNormalization is folded away', async () => {
    const foreign = (family: string, file: string) => {
      const data = path.join(golden, 'foreign', family);
      const choice = { data, task: null };
      return score({
        ...request(path.join(data, file), 'classification'),
        data: { kind: 'drawn', choice, batches: 2, batchSize: 4, seed: 0, preset: 'custom' },
      });
    };
    const folded = await foreign('resnet', 'opset9-folded-static.onnx');
    expect(folded.batchNormalization).toBe('folded');
    expect(folded.warnings.map(({ code }) => code)).toContain('batch-normalization-folded');
    expect(await foreign('resnet', 'opset13-train-open.onnx')).toMatchObject({
      batchNormalization: 'present',
      warnings: [],
    });
    expect(await foreign('convnext', 'opset17-folded-open.onnx')).toMatchObject({
      batchNormalization: 'absent',
    });
  });
});

/**
 * Two convolutions side by side, added, pooled and classified. Where `dead` names one, its Relu is zero everywhere.
 */
function branches(dead: readonly ('left' | 'right')[]): string {
  const values = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(i) / 4);
  const branch = (name: 'left' | 'right') => ({
    nodes: [
      {
        opType: 'Conv',
        name,
        input: ['x', `${name}.weight`, `${name}.bias`],
        output: [name],
        attribute: [ints('strides', [2, 2])],
      },
      { opType: 'Relu', name: `${name}Relu`, input: [name], output: [`${name}Relu`] },
    ],
    initializers: [
      floats(`${name}.weight`, [8, 3, 2, 2], values(96)),
      floats(`${name}.bias`, [8], new Array<number>(8).fill(dead.includes(name) ? -1e6 : 0.1)),
    ],
  });
  const sides = [branch('left'), branch('right')];
  const bytes = encodeForeign({
    input: [null, 3, null, null],
    nodes: [
      ...sides.flatMap(({ nodes }) => nodes),
      { opType: 'Add', name: 'sum', input: ['leftRelu', 'rightRelu'], output: ['sum'] },
      { opType: 'GlobalAveragePool', name: 'pool', input: ['sum'], output: ['pool'] },
      { opType: 'Flatten', name: 'flat', input: ['pool'], output: ['flat'] },
      {
        opType: 'Gemm',
        name: 'head',
        input: ['flat', 'head.weight', 'head.bias'],
        output: ['logits'],
        attribute: [int('transB', 1)],
      },
    ],
    initializers: [
      ...sides.flatMap(({ initializers }) => initializers),
      floats('head.weight', [10, 8], values(80)),
      floats('head.bias', [10], values(10)),
    ],
    outputs: ['logits'],
  });
  const file = path.join(folder, `branches-${dead.join('-') || 'none'}.onnx`);
  writeFileSync(file, bytes);
  return file;
}

describe('layers that get no gradient', () => {
  it('are left out of the bias and told, unless all layers count', async () => {
    const asked = request(branches(['right']), 'classification');
    const live = await score(asked);
    const all = await score({ ...asked, bias: { biasSize: 'deployment', biasLayers: 'all' } });
    expect(live).toMatchObject({ silentLayers: 1, ranksLast: false });
    expect(live.warnings).toContainEqual(
      expect.objectContaining({
        code: 'layers-without-gradient',
        ...{ count: 1, examples: ['right'] },
      }),
    );
    const term = Math.log(256 / Math.sqrt(8));
    expect(all.bias - live.bias).toBeCloseTo(term, 9);
    expect(live.layers.map(({ bias }) => bias)).toEqual([
      expect.closeTo(term, 9),
      0,
      expect.closeTo(-Math.log(10) / 2, 9),
    ]);
    expect(all.zico).toBe(live.zico);
  });

  it('are all of a network that ranks below every other, which is said', async () => {
    const scored = await score(request(branches(['left', 'right']), 'classification'));
    expect(scored).toMatchObject({ zico: 0, silentLayers: 3, ranksLast: true });
    expect(scored.warnings.map(({ code }) => code)).toContain('no-gradient');
  });
});

describe('the size that a model is deployed for', () => {
  it('decides its bias and nothing else', async () => {
    const asked = request(branches([]), 'classification');
    const own = await score(asked);
    const large = await score({ ...asked, deploymentSize: [128, 64] });
    expect(large.bias - own.bias).toBeCloseTo(2 * Math.log((64 * 32) / (16 * 16)), 9);
    expect(large.biases.scoring).toEqual(own.biases.deployment);
    expect([large.zico, large.macs, large.losses]).toEqual([own.zico, own.macs, own.losses]);
    const scored = { biasSize: 'scoring', biasLayers: 'live' } as const;
    expect((await score({ ...asked, bias: scored, deploymentSize: [128, 64] })).bias).toBe(
      own.bias,
    );
  });

  it('is looked at with the same numbers for other inputs', async () => {
    const file = path.join(folder, 'two-inputs.onnx');
    const node = (opType: string, input: string[], output: string) => ({
      ...{ opType, name: output, input, output: [output] },
    });
    const moreInputs = [{ name: 'scale', shape: [1] }];
    writeFileSync(
      file,
      encodeForeign({
        nodes: [
          node('Mul', ['x', 'scale'], 'scaled'),
          node('Conv', ['scaled', 'stem.weight'], 'stem'),
          node('GlobalAveragePool', ['stem'], 'pooled'),
          node('Flatten', ['pooled'], 'logits'),
        ],
        initializers: [floats('stem.weight', [2, 3, 1, 1], [0.1, -0.2, 0.3, 0.2, 0.4, -0.1])],
        input: [null, 3, null, null],
        moreInputs,
      }),
    );
    const asked = {
      ...request(file, 'classification'),
      data: { ...request(file, 'classification').data, synthetic: true, size: [8, 8] as const },
      constants: { scale: [2] },
    };
    const [own, large] = [await score(asked), await score({ ...asked, deploymentSize: [16, 16] })];
    expect(large.bias - own.bias).toBeCloseTo(Math.log(4), 9);
  });

  it.each<[string, () => string, Task, readonly [number, number]]>([
    ['that its file excludes', () => segmenter, 'segmentation', [100, 128]],
    ['that its layers cannot make anything of', () => branches([]), 'classification', [1, 1]],
  ])('%s is refused before anything is scored', async (_name, model, task, deploymentSize) => {
    const asked = score({ ...request(model(), task), deploymentSize }, noEngine);
    await expect(asked).rejects.toMatchObject({ code: 'deployment-size' });
  });
});

describe('before anything is scored', () => {
  it.each<[string, () => string, Task]>([
    ['a classifier for segmentation', () => classifier, 'segmentation'],
    ['a segmentation network for detection', () => segmenter, 'detection'],
    ['a segmentation network for classification', () => segmenter, 'classification'],
  ])('%s is refused', async (_name, model, task) => {
    await expect(score(request(model(), task), noEngine)).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });
});

describe('a network that was not said what it is for', () => {
  it.each<[string, () => string]>([
    ['segmentation', () => segmenter],
    ['detection', () => detector(3)],
  ])('is told to be one for %s by what its outputs look like', async (hint, model) => {
    const data = { kind: 'drawn', choice: { data: null, task: null }, batches: 2 } as const;
    const asked = {
      ...request(model(), 'classification'),
      data: { ...data, batchSize: 2, seed: 1, preset: 'custom' as const },
    };
    await expect(score(asked, noEngine)).rejects.toMatchObject({
      code: 'shape-mismatch',
      hint: expect.stringContaining(`look like ${hint}`) as string,
      option: expect.stringContaining(`--task ${hint}`) as string,
    });
  });
});

describe('the number of classes', () => {
  /** As the embedded data, but of so many classes. */
  const dataOf = (classes: number) => async (choice: DataChoice) =>
    ({ ...(await openData(choice)), classes }) as Awaited<ReturnType<typeof openData>>;

  it.each<[Task, () => string, number]>([
    ['classification', () => classifier, 11],
    ['segmentation', () => segmenter, 200],
    ['detection', () => detector(5), 6],
  ])('that a network of %s lacks are not drawn, and that is said', async (task, model, n) => {
    const scored = await scoreModel(request(model(), task), { openData: dataOf(n), engine });
    const told = { classification: 10, segmentation: 12, detection: 5 }[task];
    expect(scored.data.classes).toBe(told);
    expect(scored.warnings[0]).toMatchObject({
      code: 'fewer-classes-than-data',
      count: n - told,
    });
  });

  it.each<[Task, () => string, number]>([
    ['classification', () => classifier, 10],
    ['segmentation', () => segmenter, 12],
    ['detection', () => detector(5), 5],
  ])(
    'that a network of %s tells apart is known without an engine',
    async (task, model, outputs) => {
      const image = [3, 64, 64] as const;
      const graph = await readModelFile(model(), { batchSize: 2, image: [...image] });
      const [, , height, width] = graph.inputs[0]!.shape;
      const inputShape = [3, height ?? 64, width ?? 64] as const;
      expect(outputClasses(graph, { task, classes: 3, batchSize: 2, inputShape })).toBe(outputs);
    },
  );

  it.each<[Task, () => string, number]>([
    ['segmentation', () => segmenter, 8],
    ['detection', () => detector(5), 2],
  ])('that a network of %s has to spare is told with its score', async (task, model, count) => {
    const { warnings } = await score(request(model(), task));
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'more-classes-than-data', count }),
    );
  });
});
