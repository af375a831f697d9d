/**
 * Heads of published detectors, on both engines, against PyTorch (test/support/detection_heads.py): the files hold
 * raw maps, decoded boxes, or only the best of them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import { scoreFile } from '../../support/scored-file.ts';

interface Expected {
  readonly kind: string;
  readonly losses: readonly number[];
  readonly layers: readonly { readonly name: string; readonly gradientNorms: readonly number[] }[];
}

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
const script = path.join(import.meta.dirname, '../../support/detection_heads.py');
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;

const names = [
  ...['yolo-anchors-maps', 'yolo-anchors-raw', 'yolo-anchors-decoded', 'yolo-anchors-best'],
  ...['yolo-anchors-two-scales', 'yolo-cells', 'yolo-distributions-maps'],
  ...[
    'yolo-distributions-decoded',
    'yolo-distributions-eight',
    'yolo-distributions-one-map',
    'yolo-distances',
    'ssd',
    'ssd-sigmoid',
    'fcos',
  ],
  ...['fcos-exp', 'fcos-no-centerness'],
];

const called: Readonly<Record<string, RegExp>> = {
  'yolo-anchors': /YOLO with anchors .* 3 classes|YOLO with anchors .* 4 classes, 2 scales/,
  'yolo-cells': /YOLO without anchors .* 3 classes, 3 scales/,
  'yolo-distributions': /YOLO with distributions .* 3 classes, 3 scales/,
  'yolo-distances': /YOLO with distances .* 3 classes, 3 scales/,
  ssd: /SSD: 3 classes, 3 scales, (4 or 6|2) anchors a place/,
  fcos: /FCOS: 3 classes, 3 scales/,
};

/** A scale to which no box belongs gets no gradient. */
const apart = (found: number, wanted: number) =>
  wanted === 0 ? Math.abs(found) : Math.abs(found / wanted - 1);

describe.runIf(hasTorch)('detection heads', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-heads-'));
  beforeAll(() => {
    execFileSync(python, [script, folder], { stdio: 'pipe' });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are what a model is told to be whose post-processing alone cannot be read', async () => {
    const at = (file: string) => path.join(folder, 'yolo-anchors-best', file);
    const asked = scoreFile('onnxruntime', {
      model: at('model.onnx'),
      data: {
        kind: 'drawn',
        choice: { data: null, task: 'classification', kind: null },
        ...{ batches: 2, batchSize: 2, seed: 0, preset: 'custom', synthetic: true },
      },
    });
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining('TopK') as string,
      hint: expect.stringContaining('score it as detection') as string,
      option: expect.stringContaining('--task detection') as string,
    });
  });

  it('are found without being told, where images are noise', async () => {
    const found = await scoreFile('onnxruntime', {
      model: path.join(folder, 'yolo-anchors-best/model.onnx'),
      data: {
        kind: 'drawn',
        choice: { data: null, task: null, kind: null },
        ...{ batches: 2, batchSize: 2, seed: 0, preset: 'custom', synthetic: true },
      },
    });
    expect([found.task, found.data.classes]).toEqual(['detection', 3]);
  });

  it('can be named by any value behind which nothing else is wanted', async () => {
    const named = scoreFile('onnxruntime', {
      model: path.join(folder, 'fcos/model.onnx'),
      outputs: ['none of these'],
      data: {
        kind: 'drawn',
        choice: { data: null, task: 'detection', kind: null },
        ...{ batches: 2, batchSize: 2, seed: 0, preset: 'custom', synthetic: true },
      },
    });
    await expect(named).rejects.toMatchObject({ code: 'unknown-output' });
  });

  it('are all tried', () => {
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
  });

  describe.each(['onnxruntime', 'onednn'] as const)(
    'by %s are scored as PyTorch has it:',
    (engine) => {
      const most = { loss: 0, median: 0 };
      afterAll(() =>
        console.log(
          `${engine}: losses to ${most.loss.toExponential(1)}, medians of norms to ${most.median.toExponential(1)}`,
        ),
      );
      const there = engine === 'onnxruntime' || builtVersion() !== null;
      it.runIf(there).each(names)('%s', async (name) => {
        const at = (file: string) => path.join(folder, name, file);
        const wanted = JSON.parse(readFileSync(at('expected.json'), 'utf8')) as Expected;
        const found = await scoreFile(engine, {
          model: at('model.onnx'),
          data: {
            kind: 'arrays',
            task: 'detection',
            inputs: at('inputs.npy'),
            targets: at('targets.npy'),
            batchSize: 2,
          },
        });
        expect(found.losses).toHaveLength(wanted.losses.length);
        const losses = found.losses.map((loss, i) => Math.abs(loss / wanted.losses[i]! - 1));
        most.loss = Math.max(most.loss, ...losses);
        losses.forEach((loss) => expect(loss).toBeLessThan(1e-6));
        expect(found.layers.map((layer) => layer.name)).toEqual(
          expect.arrayContaining(wanted.layers.map((layer) => layer.name)),
        );
        expect(found.layers).toHaveLength(wanted.layers.length);
        const byName = new Map(found.layers.map((layer) => [layer.name, layer.gradientNorms]));
        const differences = wanted.layers.flatMap(({ name: layer, gradientNorms }) =>
          gradientNorms.map((norm, i) => apart(byName.get(layer)![i]!, norm)),
        );
        const median = differences.sort((a, b) => a - b)[differences.length >> 1]!;
        most.median = Math.max(most.median, median);
        expect(median).toBeLessThan(1e-6);
        expect(differences.at(-1)).toBeLessThan(1e-3);
        const note = found.warnings.find(({ code }) => code === 'detection-head');
        expect(note?.message).toMatch(called[wanted.kind]!);
      });
    },
  );
});
