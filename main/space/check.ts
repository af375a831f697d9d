/** What a description must hold to beyond its schema. Every error names the path in the file. */
import {
  channelsOf,
  convolutionsOf,
  groupSizeOf,
  isOfferedFor,
  strideOf,
  valuesOf,
} from './choices.ts';
import { countNetworks, type Decision } from './decisions.ts';
import { DescriptionError } from './description-error.ts';
import type {
  Backbone,
  Choice,
  Head,
  NetworkDescription,
  SpaceDescription,
  Stage,
} from './description.ts';
import { decisionsOf, isAlternatives } from './network.ts';

/** Beyond it numbers of networks are no longer exact. */
const mostNetworks = 2n ** 53n;

export function invalid(path: string, what: string, valid: string): DescriptionError {
  return new DescriptionError(path, `${what}.`, valid);
}

/** Throws `space-invalid`. */
export function checkDescription(
  description: SpaceDescription,
  decisions: readonly Decision[],
): void {
  checkNetwork(description, description.network, 'network');
  checkNames(decisions);
  const networks = countNetworks(decisions);
  if (networks > mostNetworks) {
    const widest = decisions.reduce((a, b) => (countNetworks([b]) > countNetworks([a]) ? b : a));
    throw invalid(
      'network',
      `the space has ${networks} networks, more than 2^53`,
      `Offer fewer choices, for instance of ${widest.gene}, which has ${countNetworks([widest])}: at most ${mostNetworks} networks can be counted exactly.`,
    );
  }
  description.baselines.forEach((baseline, i) => {
    if (!('network' in baseline)) return;
    const path = `baselines[${i}].network`;
    checkNetwork(description, baseline.network, path);
    const [open] = decisionsOf(baseline.network);
    if (open === undefined) return;
    throw invalid(
      path,
      `${open.gene} is a choice, but a baseline is one network`,
      'Give one value.',
    );
  });
}

/** Two genes of one name could not be told apart, where both can be in one network. */
function checkNames(decisions: readonly Decision[]): void {
  const namesIn = (open: readonly Decision[]): string[] =>
    open.flatMap(({ gene, options }) => [
      gene,
      ...new Set(options.flatMap(({ then }) => namesIn(then))),
    ]);
  const names = namesIn(decisions);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw invalid('network', `two genes are called "${twice}"`, 'Give each gene a name of its own.');
}

function checkNetwork(
  description: SpaceDescription,
  network: NetworkDescription,
  path: string,
): void {
  const heads = each<Head>(network.head, `${path}.head`);
  for (const [backbone, backbonePath] of each<Backbone>(network.backbone, `${path}.backbone`)) {
    const reductions = checkBackbone(description, backbone, backbonePath);
    for (const [head, headPath] of heads) checkHead(description, head, headPath, reductions);
  }
}

function each<T extends object>(
  part: T | { readonly oneOf: Readonly<Record<string, T>>; readonly gene: string },
  path: string,
): (readonly [T, string])[] {
  if (!isAlternatives(part)) return [[part, path]];
  const entries = Object.entries(part.oneOf);
  if (entries.length === 0)
    throw invalid(`${path}.oneOf`, 'there is nothing to choose from', 'Describe at least one.');
  return entries.map(([label, one]) => [one, `${path}.oneOf.${label}`]);
}

/** Reductions of the features that the backbone gives. */
function checkBackbone(
  description: SpaceDescription,
  backbone: Backbone,
  path: string,
): readonly number[] {
  if (backbone.kind === 'hrnet') {
    checkChoice(backbone.width, `${path}.width`);
    checkChoice(backbone.bottlenecks, `${path}.bottlenecks`);
    backbone.modules.forEach((one, i) => checkChoice(one, `${path}.modules[${i}]`));
    checkChoice(backbone.blocks, `${path}.blocks`);
    checkSize(description, 32, `${path}.kind`);
    return [4, 8, 16, 32];
  }
  let reduction = 1;
  let width: readonly number[] = [3];
  backbone.stem.forEach(({ channels, stride, kernel }, i) => {
    const at = `${path}.stem[${i}]`;
    checkChoice(channels, `${at}.channels`);
    checkKernel([kernel], `${at}.kernel`);
    reduction *= stride;
    checkSize(description, reduction, `${at}.stride`);
    width = valuesOf(channels).values;
  });
  const ends = new Set<number>();
  backbone.stages.forEach((stage, i) => {
    const at = `${path}.stages[${i}]`;
    reduction *= strideOf(stage);
    checkSize(description, reduction, `${at}.stride`);
    width = checkStage(stage, width, at);
    ends.add(reduction);
  });
  return [...ends];
}

/** @returns the widths that the stage can have */
function checkStage(stage: Stage, entering: readonly number[], at: string): readonly number[] {
  const channels = channelsOf(stage);
  if (channels !== null) checkChoice(channels, `${at}.channels`);
  for (const key of ['kernel', 'repeats', 'expansion'] as const) {
    if (key in stage)
      checkChoice((stage as Record<string, unknown>)[key] as Choice, `${at}.${key}`);
  }
  if ('kernel' in stage) checkKernel(valuesOf(stage.kernel).values, `${at}.kernel`);
  const widths = channels === null ? entering : valuesOf(channels).values;
  if (stage.block === 'bottleneck') {
    for (const expansion of valuesOf(stage.expansion).values) {
      const odd = widths.find((width) => width % expansion !== 0);
      if (odd !== undefined)
        throw invalid(
          `${at}.channels`,
          `${odd} channels are not divisible by the expansion ${expansion}`,
          `Choose multiples of ${expansion}.`,
        );
    }
  }
  if ('convolution' in stage) checkConvolutions(stage, entering, widths, at);
  return widths;
}

function checkConvolutions(
  stage: Stage,
  entering: readonly number[],
  widths: readonly number[],
  at: string,
): void {
  const offered = convolutionsOf(stage);
  const sizes = offered.map(groupSizeOf);
  const twice = sizes.findIndex((size, i) => sizes.indexOf(size) !== i);
  if (twice >= 0)
    throw invalid(
      `${at}.convolution[${twice}]`,
      'it is offered twice',
      'Offer every convolution once.',
    );
  offered.forEach((convolution, i) => {
    const path = `${at}.convolution${offered.length > 1 ? `[${i}]` : ''}`;
    if (typeof convolution === 'object') {
      const unknown = convolution.channels?.find((one) => !widths.includes(one));
      if (unknown !== undefined)
        throw invalid(
          `${path}.channels`,
          `the stage never has ${unknown} channels`,
          `Choose among ${widths.join(', ')}.`,
        );
    }
    const size = groupSizeOf(convolution);
    if (size === 0) return;
    for (const channels of widths.filter((width) => isOfferedFor(convolution, width))) {
      for (const grouped of groupedChannels(stage, entering, channels)) {
        if (grouped % size !== 0)
          throw invalid(
            path,
            `${grouped} channels are not divisible by the group size ${size}`,
            `Use channels that are multiples of ${size}, a group size that divides ${grouped}, or offer this group for other widths only: {"group": ${size}, "channels": [...]}.`,
          );
        if (grouped === size)
          throw invalid(
            path,
            `one group of all ${grouped} channels is the regular convolution`,
            'Use a smaller group size, or offer this group for wider layers only.',
          );
      }
    }
  });
  const without = widths.find((width) => !offered.some((one) => isOfferedFor(one, width)));
  if (without !== undefined)
    throw invalid(
      `${at}.convolution`,
      `none is offered for ${without} channels`,
      'Add "regular", or a group for this width.',
    );
}

/** Channels of the layers that a group size cuts. */
function groupedChannels(stage: Stage, entering: readonly number[], channels: number): number[] {
  switch (stage.block) {
    case 'mbconv': {
      const inputs = [...entering, ...(canRepeat(stage) ? [channels] : [])];
      return valuesOf(stage.expansion).values.flatMap((e) => inputs.map((width) => width * e));
    }
    case 'bottleneck':
      return valuesOf(stage.expansion).values.map((expansion) => channels / expansion);
    case 'fused-mbconv':
    case 'conv':
      return canRepeat(stage) ? [channels] : [];
    default:
      return [channels];
  }
}

function canRepeat(stage: Stage): boolean {
  return 'repeats' in stage && valuesOf(stage.repeats).values.some((repeats) => repeats > 1);
}

function checkChoice(choice: Choice, path: string): void {
  const { values } = valuesOf(choice);
  if (typeof choice === 'object' && 'from' in choice) {
    const { from, to, step } = choice;
    if (to < from || (to - from) % step !== 0)
      throw invalid(
        path,
        `the range from ${from} to ${to} by ${step} does not end at ${to}`,
        `Let "to" be ${from} plus a multiple of ${step}.`,
      );
  }
  const seen = new Set<number>();
  const twice = values.find((value) => seen.size === seen.add(value).size);
  if (twice !== undefined)
    throw invalid(path, `${twice} stands there twice`, 'List every value once.');
}

function checkKernel(kernels: readonly number[], path: string): void {
  const even = kernels.find((kernel) => kernel % 2 === 0);
  if (even !== undefined)
    throw invalid(path, `a kernel of ${even} has no middle`, 'Use odd kernels: 1, 3, 5, 7.');
}

/** @param path what shrinks the image so far */
function checkSize({ resolution }: SpaceDescription, reduction: number, path: string): void {
  for (const purpose of ['scoring', 'deployment'] as const) {
    const smallest = Math.min(...resolution[purpose]);
    if (smallest >= reduction) continue;
    throw invalid(
      path,
      `this stride shrinks the ${smallest} pixels of resolution.${purpose} below 1 pixel (by ${reduction})`,
      `Use a stride of 1 here, or at least ${reduction} pixels.`,
    );
  }
}

const tasksOf: Readonly<Record<Head['kind'], SpaceDescription['task']>> = {
  classifier: 'classification',
  'up-b': 'segmentation',
  hrnet: 'segmentation',
  efficientdet: 'detection',
};

function checkHead(
  { task, resolution }: SpaceDescription,
  head: Head,
  path: string,
  reductions: readonly number[],
): void {
  if (tasksOf[head.kind] !== task) {
    const fitting = Object.entries(tasksOf).flatMap(([kind, one]) => (one === task ? [kind] : []));
    throw invalid(
      `${path}.kind`,
      `"${head.kind}" is no head for ${task}`,
      `Use ${fitting.join(' or ')}.`,
    );
  }
  if (head.kind === 'classifier') {
    if (head.channels !== undefined) checkChoice(head.channels, `${path}.channels`);
    return;
  }
  let multiple = Math.max(...reductions);
  if (head.kind === 'efficientdet') {
    for (const key of ['channels', 'layers', 'depth'] as const)
      checkChoice(head[key], `${path}.${key}`);
    multiple = 128;
    if (reductions.filter((reduction) => reduction >= 8).join() !== '8,16,32')
      throw invalid(
        `${path}.kind`,
        `an EfficientDet head needs features at 1/8, 1/16 and 1/32, but the backbone gives 1/${reductions.join(', 1/')}`,
        'Let the backbone shrink the image by 32.',
      );
  } else if (reductions.length < 4) {
    throw invalid(
      `${path}.kind`,
      `the head joins four sizes of features, but the backbone gives ${reductions.length}`,
      'Let four stages have a stride of 2.',
    );
  }
  for (const purpose of ['scoring', 'deployment'] as const) {
    if (resolution[purpose].every((size) => size % multiple === 0)) continue;
    throw invalid(
      `resolution.${purpose}`,
      `${resolution[purpose].join(' x ')} does not fit the head, which enlarges features by whole factors`,
      `Use multiples of ${multiple}.`,
    );
  }
}
