/** What a person should read before comparing a model's score with another. */
import { plural } from '../common/figures.ts';
import type { Statistics } from '../engine/engine.ts';
import type { Graph, UnreadOutputs } from '../graph/graph.ts';
import type { Layers } from '../graph/layers.ts';
import { isLive } from '../proxy/zico.ts';
import type { BatchSet } from '../task/batches.ts';
import { spareClassesWarning } from '../task/data-warnings.ts';
import { keptExamples, type Warning } from '../warning.ts';
import type { BatchNormalizationState } from './batch-normalization.ts';
import type { FinalActivation } from './final-activation.ts';

/** Beyond this share of the computer's memory, other programs may be swapped out. */
const largeShare = 0.4;

export interface WarnedScore {
  readonly batchNormalization: BatchNormalizationState;
  /** Layers that look as if BatchNormalization had been folded into them. */
  readonly bare: readonly string[];
  /** Layers whose weights belong to no module that PyTorch's reading counts. */
  readonly loose: readonly string[];
  /** Filters that were left out because nothing trains them. */
  readonly fixed: readonly string[];
  /** Layers that look like such filters. */
  readonly alike: readonly string[];
  /** Layers whose weights are not in the file any more. */
  readonly computed: readonly string[];
  /** Weights of convolutions over one axis or three. */
  readonly uncounted: Layers['uncounted'];
  /** Layers that get nothing but rounding noise, and whether they were left out. */
  readonly noise: readonly string[];
  readonly ignoreNoise: boolean;
  /** The activation that the network ends in. */
  readonly ending: FinalActivation | null;
  /** Outputs that were not scored, with their shapes. */
  readonly left: readonly string[];
  /** Outputs that cannot be read, and why. */
  readonly unread: UnreadOutputs | null;
  /** Whether the file chooses the most likely class itself. */
  readonly decided: boolean;
  /** What the weights are stored as, where that is not float32. */
  readonly storedAs: NonNullable<Graph['storedAs']> | null;
  /** How many times the network draws random numbers. */
  readonly randomDraws: number;
  readonly batches: Pick<BatchSet, 'classes' | 'notes'>;
  /** Classes that the network tells apart. */
  readonly outputs: number;
  readonly statistics: Pick<Statistics, 'layers' | 'peakMemoryBytes'>;
  /** Of this computer. */
  readonly memoryBytes: number;
  /** How the data were made to fit the model. */
  readonly dataNotes: readonly Warning[];
}

export function warningsOf(scored: WarnedScore): Warning[] {
  const {
    batchNormalization,
    noise,
    ignoreNoise,
    bare,
    loose,
    fixed,
    alike,
    computed,
    uncounted,
    ending,
    decided,
    storedAs,
    left,
    unread,
    batches,
    outputs,
    statistics,
    memoryBytes,
    randomDraws,
    dataNotes,
  } = scored;
  const spare = spareClassesWarning('The network', outputs, batches.classes);
  return [
    ...dataNotes,
    ...foldedNorms(batchNormalization, bare),
    ...(decided ? [decisionRemoved] : []),
    ...(ending ? [endings[ending]] : []),
    ...otherOutputs(left),
    ...unreadOutputs(unread),
    ...switchedOff(randomDraws),
    ...(storedAs ? [computedInFloat32(storedAs)] : []),
    ...(spare ? [spare] : []),
    ...deadLayers(statistics),
    ...silentLayers(statistics),
    ...looseLayers(loose),
    ...constantFilters(fixed),
    ...equalFilters(alike),
    ...computedBeforehand(computed),
    ...notCounted(uncounted),
    ...noiseAmong(noise, ignoreNoise),
    ...largeMemory(statistics, memoryBytes),
    ...(batches.notes ?? []),
  ];
}

const them = ({ length }: readonly unknown[]) => (length === 1 ? 'it' : 'them');
const they = ({ length }: readonly unknown[]) => (length === 1 ? 'It' : 'They');
const verb = ({ length }: readonly unknown[], one: string, many: string) =>
  length === 1 ? one : many;

/** Flags with which today's PyTorch exports a network in training mode. */
const trainingExport =
  'Export it as it trains: torch.onnx.export(..., dynamo=False, training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False), or dynamo=True with optimize=False.';

function foldedNorms(state: BatchNormalizationState, bare: readonly string[]): Warning[] {
  if (bare.length === 0) return [];
  const message =
    state === 'folded'
      ? 'The model has no normalisation, and every convolution has a bias: where BatchNormalization was folded into them (an export in evaluation mode, or by PyTorch 2.9 and later as it is), the score cannot be compared with that of the model in training mode.'
      : state === 'present'
        ? `${plural(bare.length, 'convolution has', 'convolutions have')} no BatchNormalization behind ${them(bare)}, while others have: where that was folded away, the score cannot be compared with that of the model in training mode.`
        : `The model has no BatchNormalization, and ${plural(bare.length, 'convolution has', 'convolutions have')} no other normalisation behind ${them(bare)}: where exporting has folded it away, the score cannot be compared with that of the model in training mode.`;
  return [
    {
      code: 'batch-normalization-folded',
      message,
      hint: `If the model has BatchNormalization there: ${trainingExport}`,
      count: bare.length,
      examples: state === 'folded' ? [] : bare.slice(0, keptExamples),
    },
  ];
}

const decisionRemoved: Warning = {
  code: 'decision-removed',
  message:
    'The model ends in the choice of the most likely class, or classes (ArgMax, TopK). The numbers that it chooses by were scored.',
  hint: 'No action is needed.',
  count: 1,
  examples: [],
};

const computedInFloat32 = (storedAs: string): Warning => ({
  code: 'computed-in-float32',
  message: `The weights are stored as ${storedAs}. The score was computed with float32 numbers.`,
  hint: 'No action is needed. Of the same network in float32 the score differs by what rounding changed.',
  count: 1,
  examples: [],
});

const softmaxRemoved = (kind: string): Warning => ({
  code: 'softmax-removed',
  message: `The model ends in ${kind}. The logits before it were scored, because the loss has a softmax of its own.`,
  hint: 'No action is needed.',
  count: 1,
  examples: [],
});

const endings: Readonly<Record<FinalActivation, Warning>> = {
  Softmax: softmaxRemoved('Softmax'),
  LogSoftmax: softmaxRemoved('LogSoftmax'),
  Sigmoid: {
    code: 'sigmoid-output',
    message:
      'The model ends in Sigmoid, but the loss is made for logits. It was scored as it stands, so its score cannot be compared with that of a model that ends in logits.',
    hint: 'Export the model without its last Sigmoid, if it predicts one class per image.',
    count: 1,
    examples: [],
  },
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
        message: `${layers.length === 1 ? 'The only layer gets no' : `None of the ${layers.length} layers gets a`} gradient in any batch: the network cannot be trained as it is, and ranks below all others.`,
        hint: 'Check that its input is connected with its output, and that no activation is zero everywhere.',
        count: dead.length,
        examples,
      },
    ];
  }
  return [
    {
      code: 'layers-without-gradient',
      message: `${dead.length} of ${layers.length} layers ${verb(dead, 'gets no gradient in any batch: it adds', 'get no gradient in any batch: they add')} nothing to ZiCo.`,
      hint: 'The bias leaves them out unless it counts all layers. Check whether they are behind a dead end, or whether the data do not reach them.',
      count: dead.length,
      examples,
    },
  ];
}

function otherOutputs(left: readonly string[]): Warning[] {
  if (left.length === 0) return [];
  return [
    {
      code: 'outputs-left-out',
      message: `The model has ${left.length + 1} outputs, of which one was scored. Layers that lead to the others alone are left out.`,
      hint: 'Name another one, if that is the one you mean.',
      count: left.length,
      examples: left.slice(0, keptExamples),
    },
  ];
}

function unreadOutputs(unread: WarnedScore['unread']): Warning[] {
  if (!unread) return [];
  const { outputs, read, reason } = unread;
  return [
    {
      code: 'outputs-not-read',
      message: `Of the model's ${outputs.length + read.length} outputs only ${read.join(', ')} can be read. ${reason}`,
      hint: 'Check that what was scored is what you mean.',
      count: outputs.length,
      examples: outputs.slice(0, keptExamples),
    },
  ];
}

function switchedOff(randomDraws: number): Warning[] {
  if (randomDraws === 0) return [];
  return [
    {
      code: 'randomness-switched-off',
      message:
        'The model drops paths at random, as in training. That was switched off for the score.',
      hint: 'No action is needed; an export with drop path at 0 gives the same score.',
      count: randomDraws,
      examples: [],
    },
  ];
}

/** Modules keep their weight under the name `weight`; other parameters are read by other modules, or by none. */
function looseLayers(loose: readonly string[]): Warning[] {
  if (loose.length === 0) return [];
  return [
    {
      code: 'layers-by-use',
      message: `${plural(loose.length, 'layer is a weight that belongs', 'layers are weights that belong')} to no Linear or Conv2d module (packed projections of attention, for example). ${they(loose)} ${verb(loose, 'counts', 'count')} here, because a product uses ${them(loose)}; counting PyTorch's modules would leave ${them(loose)} out.`,
      hint: 'Compare such a score only with scores that count layers in the same way.',
      count: loose.length,
      examples: loose.slice(0, keptExamples),
    },
  ];
}

function noiseAmong(noise: readonly string[], ignored: boolean): Warning[] {
  if (noise.length === 0) return [];
  const what = `${plural(noise.length, 'layer gets nothing but rounding noise: its', 'layers get nothing but rounding noise: their')} true gradient is zero.`;
  return [
    {
      code: 'noise-layers',
      message: `${what} ${they(noise)} ${ignored ? `${verb(noise, 'was', 'were')} left out.` : `${verb(noise, 'counts', 'count')}, as in PyTorch, with random terms.`}`,
      hint: ignored
        ? 'Compare such a score only with scores without them.'
        : `Leave ${them(noise)} out, or check why nothing reaches ${them(noise)}.`,
      count: noise.length,
      examples: noise.slice(0, keptExamples),
    },
  ];
}

function computedBeforehand(computed: readonly string[]): Warning[] {
  if (computed.length === 0) return [];
  return [
    {
      code: 'layers-computed',
      message: `${plural(computed.length, 'layer was', 'layers were')} computed by the exporter, because what ${verb(computed, 'it sees', 'they see')} is constant: the weights are not in the file, and the score is that of a network without ${them(computed)}.`,
      hint: trainingExport,
      count: computed.length,
      examples: computed.slice(0, keptExamples),
    },
  ];
}

function notCounted({ oneAxis, threeAxes }: Layers['uncounted']): Warning[] {
  const kinds = [
    { dimensional: 'one-dimensional', found: oneAxis },
    { dimensional: 'three-dimensional', found: threeAxes },
  ];
  return kinds
    .filter(({ found }) => found.length > 0)
    .map(({ dimensional, found }) => ({
      code: 'layers-not-counted',
      message: `${plural(found.length, `${dimensional} convolution is no layer`, `${dimensional} convolutions are not layers`)} here: the method counts convolutions over height and width, and fully connected layers.`,
      hint: 'Compare such a score only with scores that count layers in the same way.',
      count: found.length,
      examples: found.slice(0, keptExamples),
    }));
}

function constantFilters(fixed: readonly string[]): Warning[] {
  if (fixed.length === 0) return [];
  return [
    {
      code: 'constant-filters',
      message: `${plural(fixed.length, 'depthwise convolution has', 'depthwise convolutions have')} the same filter for every channel, as a blur has: ${verb(fixed, 'it was taken for a constant and is no layer', 'they were taken for constants and are not layers')}.`,
      hint: 'If that is trained, export the model from a checkpoint in which the channels differ.',
      count: fixed.length,
      examples: fixed.slice(0, keptExamples),
    },
  ];
}

function equalFilters(alike: readonly string[]): Warning[] {
  if (alike.length === 0) return [];
  return [
    {
      code: 'equal-filters',
      message: `${plural(alike.length, 'depthwise convolution has', 'depthwise convolutions have')} the same filter for every channel, as constants have (a blur, for example). ${they(alike)} ${verb(alike, 'counts as a layer, because it is', 'count as layers, because they are')} stored as the weight of a module.`,
      hint: 'If nothing trains that, compare the score only with scores that count layers in the same way.',
      count: alike.length,
      examples: alike.slice(0, keptExamples),
    },
  ];
}

function silentLayers({ layers }: WarnedScore['statistics']): Warning[] {
  const silent = layers.filter((layer) => layer.sum === 0 && isLive(layer));
  if (silent.length === 0) return [];
  return [
    {
      code: 'silent-layers',
      message: `${silent.length} of ${layers.length} layers ${verb(silent, 'adds nothing, because its', 'add nothing, because their')} gradients are the same in every batch.`,
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
      hint: 'A smaller batch takes less, but only scores at the same batch size can be compared.',
      count: 1,
      examples: [],
    },
  ];
}
