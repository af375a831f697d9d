/** The networks of test/golden: model, batches, and PyTorch's results for them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Graph } from '../../main/graph/graph.ts';
import { readOnnx } from '../../main/graph/onnx/read.ts';
import type { ClassificationBatches } from '../../main/task/batches.ts';
import { batchesForNetwork } from '../../main/task/network-batches.ts';
import { parseNpy } from '../../main/task/npy.ts';

export const goldenNames = [
  'plain',
  'group',
  'mbconv',
  'three-batches',
  'nats-sss-16-24-8-32-40',
] as const;
export type GoldenName = (typeof goldenNames)[number];

export interface GoldenLayer {
  readonly name: string;
  readonly weights: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly sum: number;
  readonly sumCappedAt1000: number;
  readonly bias: number;
  readonly gradientNorms: readonly number[];
}

export interface Expected {
  readonly batchSize: number;
  readonly batches: number;
  readonly losses: readonly number[];
  readonly layers: readonly GoldenLayer[];
  readonly zico: number;
  readonly zicoCappedAt1000: number;
  readonly bias: number;
}

export interface Golden {
  readonly graph: Graph;
  readonly batches: ClassificationBatches;
  readonly expected: Expected;
}

export const goldenFile = (name: GoldenName, file: string): string =>
  path.join(import.meta.dirname, '../golden', name, file);

export function readGolden(name: GoldenName): Golden {
  const expected = JSON.parse(readFileSync(goldenFile(name, 'expected.json'), 'utf8')) as Expected;
  const graph = readOnnx(readFileSync(goldenFile(name, 'model.onnx')), name);
  const npy = (file: string) => parseNpy(readFileSync(goldenFile(name, file)), file);
  const batches = batchesForNetwork(graph, {
    inputs: npy('inputs.npy'),
    targets: npy('targets.npy'),
    batchSize: expected.batchSize,
    names: { inputs: 'inputs.npy', targets: 'targets.npy' },
  });
  return { graph, batches, expected };
}
