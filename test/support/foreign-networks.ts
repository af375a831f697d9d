/** Networks exported by PyTorch (export_models.py), with PyTorch's own gradients. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { readOnnx } from '../../main/graph/onnx/read.ts';
import { summarise } from '../../main/graph/summary.ts';
import { parseNpy } from '../../main/task/npy.ts';
import { scoreInParts, type Scored } from './score-in-parts.ts';

interface ExpectedLayer {
  readonly name: string;
  readonly weights: number;
  /** Channels, height, width of a convolution's output; null for other layers. */
  readonly output: readonly [number, number, number] | null;
  readonly gradientNorms: readonly number[];
  readonly sumCapped: number;
}

interface ExpectedScore {
  readonly batchSize: number;
  readonly classes: number;
  readonly losses: readonly number[];
  readonly layers: readonly ExpectedLayer[];
  readonly zicoCapped: number;
  readonly parameters: number;
}

const relative = (a: number, b: number) => Math.abs(a / b - 1);

/** @param file `opsetNN-MODE-BATCH.onnx` in the network's folder */
export async function assertAgrees(folder: string, file: string): Promise<void> {
  const at = (name: string) => path.join(folder, name);
  const npy = (name: string) => parseNpy(readFileSync(at(name)), name);
  const mode = file.includes('-train-') ? 'train' : 'folded';
  const expected = JSON.parse(readFileSync(at(`expected-${mode}.json`), 'utf8')) as ExpectedScore;
  // If the batch size is baked into the network's arithmetic, it has to be read for the right one.
  const graph = readOnnx(readFileSync(at(file)), file, { batchSize: expected.batchSize });
  const scored = await scoreInParts(graph, {
    inputs: npy('inputs.npy'),
    targets: npy('targets.npy'),
    batchSize: expected.batchSize,
    classes: expected.classes,
  });
  scored.losses.forEach((loss, b) =>
    expect(relative(loss, expected.losses[b]!)).toBeLessThan(1e-4),
  );
  assertLayers(scored, expected.layers);
  const zico = scored.layers.reduce((sum, layer) => sum + Math.log(layer.sumCapped), 0);
  expect(relative(zico, expected.zicoCapped)).toBeLessThan(3e-3);
  expect(summarise(graph).parameters).toBe(expected.parameters);
}

/** Exporters that fold constants rename and transpose weights; each layer still has to occur once. */
function assertLayers(scored: Scored, expected: readonly ExpectedLayer[]): void {
  expect(scored.layers).toHaveLength(expected.length);
  const left = new Set(scored.layers);
  for (const layer of expected) {
    const close = ({ gradientNorms }: { readonly gradientNorms: readonly number[] }) =>
      layer.gradientNorms.every((norm, b) => relative(gradientNorms[b]!, norm) < 1e-4);
    const found = [...left].find(({ name }) => name === layer.name) ?? [...left].find(close);
    if (!found || !close(found)) {
      const norms = JSON.stringify(
        scored.layers.map(({ name, gradientNorms }) => [name, gradientNorms]),
      );
      expect.fail(`${layer.name}: norms ${layer.gradientNorms.join(', ')} are not in ${norms}`);
    }
    left.delete(found);
    expect(found.weights, layer.name).toBe(layer.weights);
    if (layer.output) {
      expect([found.channels, found.height, found.width], layer.name).toEqual(layer.output);
    }
  }
}
