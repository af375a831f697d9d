/** Thirty-four architectures as PyTorch users write and export them (test/support/own_architectures.py), on both engines. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import { scoreFile } from '../../support/scored-file.ts';

interface Expected {
  readonly losses: readonly number[];
  readonly layers: readonly { readonly name: string; readonly gradientNorms: readonly number[] }[];
}

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
const script = path.join(import.meta.dirname, '../../support/own_architectures.py');
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
const architectures = 34;

describe.runIf(hasTorch)('architectures of our own', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-own-'));
  beforeAll(() => {
    execFileSync(python, [script, folder], { stdio: 'pipe' });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['onnxruntime', 'onednn'] as const)(
    '%s has the losses and gradients of PyTorch',
    async (engine) => {
      if (engine === 'onednn' && builtVersion() === null) return;
      const names = readdirSync(folder);
      expect(names).toHaveLength(architectures);
      const wrong: string[] = [];
      const most = { loss: 0, median: 0 };
      for (const name of names) {
        const at = (file: string) => path.join(folder, name, file);
        const wanted = JSON.parse(readFileSync(at('expected.json'), 'utf8')) as Expected;
        const arrays = { inputs: at('inputs.npy'), targets: at('targets.npy') };
        const found = await scoreFile(engine, {
          model: at('model.onnx'),
          data: { kind: 'arrays', task: null, ...arrays, batchSize: 4 },
        }).catch((error: unknown) => String(error));
        wrong.push(
          ...(typeof found === 'string'
            ? [`${name}: ${found}`]
            : differences(name, found, wanted, most)),
        );
      }
      console.log(
        `${engine}: losses to ${most.loss.toExponential(1)}, medians of norms to ${most.median.toExponential(1)}`,
      );
      expect(wrong).toEqual([]);
    },
    300_000,
  );
});

type Found = Awaited<ReturnType<typeof scoreFile>>;

function differences(
  name: string,
  { losses, layers }: Found,
  wanted: Expected,
  most: { loss: number; median: number },
): string[] {
  // One that is missing is as wrong as can be.
  const loss = Math.max(...wanted.losses.map((one, i) => Math.abs((losses[i] ?? 0) / one - 1)));
  const byName = new Map(layers.map((layer) => [layer.name, layer.gradientNorms]));
  const left = wanted.layers.filter((layer) => !byName.has(layer.name));
  const apart = wanted.layers.flatMap(({ name: layer, gradientNorms }) =>
    gradientNorms.map((norm, i) => Math.abs((byName.get(layer)?.[i] ?? 0) / norm - 1)),
  );
  const median = apart.sort((a, b) => a - b)[apart.length >> 1]!;
  most.loss = Math.max(most.loss, loss);
  most.median = Math.max(most.median, median);
  return [
    ...(loss < 1e-6 ? [] : [`${name}: losses ${loss}`]),
    ...(median < 1e-4 ? [] : [`${name}: gradients ${median}`]),
    ...(left.length === 0 && layers.length === wanted.layers.length
      ? []
      : [
          `${name}: ${layers.length} layers of ${wanted.layers.length}, without ${left.map((one) => one.name).join()}`,
        ]),
  ];
}
