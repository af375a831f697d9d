/**
 * Networks that do what published architectures do, on both engines, against PyTorch: figures lie beside them
 * (fixtures/networks/README.md).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Statistics } from '../../../main/engine/engine.ts';
import { computeNativeStatistics } from '../../../main/engine/onednn/statistics.ts';
import { computeStatistics } from '../../../main/engine/onnxruntime/statistics.ts';
import {
  scoreModel,
  type ModelScore,
  type ScoreModelRequest,
} from '../../../main/score-model/score-model.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import type { BatchSet } from '../../../main/task/batches.ts';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';

interface Expected {
  readonly losses: readonly number[];
  readonly zico: number;
  readonly bias: number;
  readonly layers: readonly { readonly name: string; readonly gradientNorms: readonly number[] }[];
}

const folder = path.join(import.meta.dirname, 'fixtures/networks');
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Files that cannot give PyTorch's figure, or count layers that its modules do not; with what is said of it. */
const otherwise: Readonly<Record<string, string | null>> = {
  'default-export': 'batch-normalization-folded',
  'partly-folded': 'batch-normalization-folded',
  'multihead-attention': 'layers-by-use',
  'weight-norm': 'layers-by-use',
  // Nothing in the file says that a layer is frozen.
  'frozen-layer': null,
};
const refused: Readonly<Record<string, RegExp>> = { lstm: /an LSTM/ };
/** What else is said, though the figures are PyTorch's. */
const said: Readonly<Record<string, string>> = {
  'auxiliary-output': 'outputs-left-out',
  'conv1d-tokens': 'layers-not-counted',
  'drop-path-kept': 'randomness-switched-off',
  'fixed-filter': 'constant-filters',
  'log-softmax-end': 'softmax-removed',
  'pad-reflect-blur': 'constant-filters',
  'sigmoid-end': 'sigmoid-output',
};

const bias = { biasSize: 'scoring', biasLayers: 'all' } as const;

const engines = {
  onnxruntime: computeStatistics,
  onednn: (graph: Parameters<typeof computeStatistics>[0], batches: BatchSet, termCap: number) =>
    computeNativeStatistics(graph, batches, termCap, 1, false, 'float32'),
};

async function score(name: string, engine: keyof typeof engines): Promise<ModelScore> {
  const own = path.join(folder, name);
  const near = (file: string) =>
    existsSync(path.join(own, file)) ? path.join(own, file) : path.join(folder, file);
  const masks = existsSync(path.join(own, 'data'));
  const data: ScoreModelRequest['data'] = masks
    ? {
        kind: 'drawn',
        choice: { data: path.join(own, 'data'), task: 'segmentation', kind: null },
        ...{ batches: 4, batchSize: 4, seed: 0, preset: 'custom' },
      }
    : {
        kind: 'arrays',
        task: null,
        inputs: near('inputs.npy'),
        targets: near('targets.npy'),
        batchSize: 4,
      };
  let batches: BatchSet;
  return scoreModel(
    { model: path.join(own, 'model.onnx'), data, weights: 'file', termCap: 1000, bias },
    {
      openData: (choice) =>
        openDataset({ path: choice.data!, ...(choice.task && { task: choice.task }) }),
      engine: {
        identity: { name: engine } as Statistics['engine'],
        useBatches: async (set) => void (batches = set),
        statistics: async ({ graph, termCap }) => ({
          ...(await engines[engine](graph, batches, termCap, 1)),
          termCap,
          batches: batches.batches.length,
          batchSize: batches.batchSize,
          engine: { name: engine } as Statistics['engine'],
          seconds: 0,
          peakMemoryBytes: 0,
        }),
        proxies: () => Promise.reject(new Error('nobody asks for other scores here')),
        close: () => Promise.resolve(),
      },
    },
  );
}

describe.each(['onnxruntime', 'onednn'] as const)('%s scores as PyTorch does', (engine) => {
  const there = engine === 'onnxruntime' || builtVersion() !== null;
  it.runIf(there).each(names)('%s', async (name) => {
    const wanted = JSON.parse(
      readFileSync(path.join(folder, name, 'expected.json'), 'utf8'),
    ) as Expected;
    if (refused[name]) {
      await expect(score(name, engine)).rejects.toMatchObject({
        code: 'unsupported-operator',
        message: expect.stringMatching(refused[name]) as string,
      });
      return;
    }
    const found = await score(name, engine);
    const codes = found.warnings.map(({ code }) => code);
    const warning = otherwise[name];
    if (warning !== undefined) {
      if (warning !== null) expect(codes).toContain(warning);
      return;
    }
    if (said[name]) expect(codes).toContain(said[name]);
    found.losses.forEach((loss, i) =>
      expect(Math.abs(loss / wanted.losses[i]! - 1)).toBeLessThan(1e-6),
    );
    expect(found.layers).toHaveLength(wanted.layers.length);
    const differences = found.layers.flatMap(({ gradientNorms }, layer) =>
      gradientNorms.map((norm, i) => Math.abs(norm / wanted.layers[layer]!.gradientNorms[i]! - 1)),
    );
    const median = differences.sort((a, b) => a - b)[differences.length >> 1]!;
    expect(median).toBeLessThan(1e-5);
    expect(Math.abs(found.zico / wanted.zico - 1)).toBeLessThan(1e-3);
    expect(found.bias).toBeCloseTo(wanted.bias, 3);
  });
});
