/** What a person should read before comparing a model's score with another. */
import type { Statistics } from '../engine/engine.ts';
import { isLive } from '../proxy/zico.ts';
import type { BatchSet } from '../task/batches.ts';
import { spareClassesWarning } from '../task/data-warnings.ts';
import { keptExamples, type Warning } from '../warning.ts';
import type { BatchNormalizationState } from './batch-normalization.ts';

/** Beyond this share of the computer's memory others have to make room. */
const largeShare = 0.4;

export interface WarnedScore {
  readonly batchNormalization: BatchNormalizationState;
  readonly batches: Pick<BatchSet, 'classes' | 'notes'>;
  /** Classes that the network tells apart. */
  readonly outputs: number;
  readonly statistics: Pick<Statistics, 'layers' | 'peakMemoryBytes'>;
  /** Of this computer. */
  readonly memoryBytes: number;
}

export function warningsOf(scored: WarnedScore): Warning[] {
  const { batchNormalization, batches, outputs, statistics, memoryBytes } = scored;
  const spare = spareClassesWarning('The network', outputs, batches.classes);
  return [
    ...(batchNormalization === 'folded' ? [folded] : []),
    ...(spare ? [spare] : []),
    ...deadLayers(statistics),
    ...silentLayers(statistics),
    ...largeMemory(statistics, memoryBytes),
    ...(batches.notes ?? []),
  ];
}

const folded: Warning = {
  code: 'batch-normalization-folded',
  message:
    'The model has no normalisation, and every convolution has a bias: where BatchNormalization was folded into them (an export in evaluation mode), the score does not compare with that of the model in training mode.',
  hint: 'If it has BatchNormalization, export it in training mode (torch.onnx.TrainingMode.TRAINING).',
  count: 1,
  examples: [],
};

/** Layers that no gradient reaches. */
function deadLayers({ layers }: WarnedScore['statistics']): Warning[] {
  const dead = layers.filter((layer) => !isLive(layer));
  if (dead.length === 0) return [];
  const examples = dead.slice(0, keptExamples).map(({ name }) => name);
  if (dead.length === layers.length) {
    return [
      {
        code: 'no-gradient',
        message: `None of the ${layers.length} layers gets a gradient in any batch: the network cannot be trained as it is, and ranks below all others.`,
        hint: 'Check that its input is connected with its output, and that no activation is zero everywhere.',
        count: dead.length,
        examples,
      },
    ];
  }
  return [
    {
      code: 'layers-without-gradient',
      message: `${dead.length} of ${layers.length} layers get no gradient in any batch: they add nothing to ZiCo.`,
      hint: 'The bias leaves them out unless it counts all layers. Check whether they are behind a dead end, or whether the data do not reach them.',
      count: dead.length,
      examples,
    },
  ];
}

function silentLayers({ layers }: WarnedScore['statistics']): Warning[] {
  const silent = layers.filter((layer) => layer.sum === 0 && isLive(layer));
  if (silent.length === 0) return [];
  return [
    {
      code: 'silent-layers',
      message: `${silent.length} of ${layers.length} layers add nothing, because their gradients are the same in every batch.`,
      hint: 'Check that the data reach these layers: objects of their size, classes that they tell apart.',
      count: silent.length,
      examples: silent.slice(0, keptExamples).map(({ name }) => name),
    },
  ];
}

function largeMemory(
  { peakMemoryBytes }: WarnedScore['statistics'],
  memoryBytes: number,
): Warning[] {
  if (!(peakMemoryBytes > largeShare * memoryBytes)) return [];
  const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  return [
    {
      code: 'memory-high',
      message: `Scoring took ${gibibytes(peakMemoryBytes)} GiB of this computer's ${gibibytes(memoryBytes)} GiB.`,
      hint: 'A smaller batch takes less, but scores compare only at the same batch size.',
      count: 1,
      examples: [],
    },
  ];
}
