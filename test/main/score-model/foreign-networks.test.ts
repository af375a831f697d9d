/**
 * Networks that do what published architectures do, on both engines, against PyTorch: figures lie beside them
 * (fixtures/networks/README.md).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelScore, ScoreModelRequest } from '../../../main/score-model/score-model.ts';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import { scoreFile, type EngineUnderTest } from '../../support/scored-file.ts';

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
/** Where weights are computed, each image has its part of that. */
const macs: Readonly<Record<string, number>> = { 'low-rank-sum': 14_176 };
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

async function score(name: string, engine: EngineUnderTest): Promise<ModelScore> {
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
  return scoreFile(engine, { model: path.join(own, 'model.onnx'), data });
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
    expect(found.losses).toHaveLength(wanted.losses.length);
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
    if (macs[name] !== undefined) expect(found.macs).toBe(macs[name]);
  });
});
