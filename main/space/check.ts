/** What a description must satisfy beyond its schema. Every error names the path in the file. */
import {
  channelsOf,
  convolutionsOf,
  groupSizeOf,
  isOfferedFor,
  strideOf,
  valuesOf,
} from './choices.ts';
import { countNetworks, type Decision } from './decisions.ts';
import { invalid } from './description-error.ts';
import { checkChoice, checkKernel } from './check-choice.ts';
import { checkHead } from './check-head.ts';
import { Faults } from './faults.ts';
import type {
  Backbone,
  Choice,
  Convolution,
  Head,
  NetworkDescription,
  SpaceDescription,
  Stage,
} from '../common/space-description.ts';
import { decisionsOf, isAlternatives } from './network.ts';

/** Beyond this, numbers of networks are no longer exact. */
const mostNetworks = 2n ** 53n;

/** Throws `space-invalid`: the first fault, carrying all of them. */
export function checkDescription(
  description: SpaceDescription,
  decisions: readonly Decision[],
): void {
  const faults = new Faults();
  faults.check(() => checkNetwork(description, description.network, 'network'));
  faults.check(() => checkNames(decisions));
  faults.check(() => checkNumber(decisions));
  description.baselines.forEach((baseline, i) => {
    if (!('network' in baseline)) return;
    const path = `baselines[${i}].network`;
    faults.check(() => checkNetwork(description, baseline.network, path));
    const [open] = decisionsOf(baseline.network);
    if (open === undefined) return;
    const what = `${open.gene} is a choice, but a baseline is one network`;
    faults.add(invalid(path, what, 'Give one value.'));
  });
  faults.end();
}

function checkNumber(decisions: readonly Decision[]): void {
  const networks = countNetworks(decisions);
  if (networks > mostNetworks) {
    const widest = decisions.reduce((a, b) => (countNetworks([b]) > countNetworks([a]) ? b : a));
    throw invalid(
      'network',
      `the space has ${networks} networks, more than 2^53`,
      `Offer fewer choices, for instance of ${widest.gene}, which has ${countNetworks([widest])}: at most ${mostNetworks} networks can be counted exactly.`,
    );
  }
}

/** Two genes of one name could not be told apart if both can occur in one network. */
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
  const faults = new Faults();
  const heads = each<Head>(network.head, `${path}.head`);
  for (const [backbone, backbonePath] of each<Backbone>(network.backbone, `${path}.backbone`)) {
    const reductions = checkBackbone(description, backbone, backbonePath, faults);
    for (const [head, headPath] of heads)
      faults.check(() => checkHead(description, head, headPath, reductions));
  }
  faults.end();
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
  faults: Faults,
): readonly number[] {
  const choice = (one: Choice, at: string) => faults.check(() => checkChoice(one, at));
  if (backbone.kind === 'hrnet') {
    choice(backbone.width, `${path}.width`);
    choice(backbone.bottlenecks, `${path}.bottlenecks`);
    backbone.modules.forEach((one, i) => choice(one, `${path}.modules[${i}]`));
    choice(backbone.blocks, `${path}.blocks`);
    faults.check(() => checkSize(description, 32, `${path}.kind`));
    return [4, 8, 16, 32];
  }
  if (backbone.kind === 'nas-bench-201') {
    const { operations } = backbone;
    const twice = operations.findIndex((one, i) => operations.indexOf(one) !== i);
    if (twice >= 0) {
      const hint = 'Offer every operation once.';
      faults.add(invalid(`${path}.operations[${twice}]`, 'it is offered twice', hint));
    }
    faults.check(() => checkSize(description, 4, `${path}.kind`));
    return [1, 2, 4];
  }
  // Otherwise every stride after one that shrinks too far would be complained about as well.
  let shrinks = true;
  const size = (reduced: number, at: string) => {
    if (!shrinks) return;
    shrinks = faults.check(() => {
      checkSize(description, reduced, at);
      return true;
    }, false);
  };
  let reduction = 1;
  let width: readonly number[] = [3];
  backbone.stem.forEach(({ channels, stride, kernel }, i) => {
    const at = `${path}.stem[${i}]`;
    choice(channels, `${at}.channels`);
    faults.check(() => checkKernel([kernel], `${at}.kernel`));
    reduction *= stride;
    size(reduction, `${at}.stride`);
    width = valuesOf(channels).values;
  });
  const ends = new Set<number>();
  backbone.stages.forEach((stage, i) => {
    const at = `${path}.stages[${i}]`;
    reduction *= strideOf(stage);
    size(reduction, `${at}.stride`);
    const entering = width;
    faults.check(() => checkStage(stage, entering, at));
    width = widthsOf(stage, entering);
    ends.add(reduction);
  });
  return [...ends];
}

/** The widths that the stage can have. */
function widthsOf(stage: Stage, entering: readonly number[]): readonly number[] {
  const channels = channelsOf(stage);
  return channels === null ? entering : valuesOf(channels).values;
}

function checkStage(stage: Stage, entering: readonly number[], at: string): void {
  const faults = new Faults();
  const channels = channelsOf(stage);
  if (channels !== null) faults.check(() => checkChoice(channels, `${at}.channels`));
  for (const key of ['kernel', 'repeats', 'expansion'] as const) {
    if (key in stage) {
      const choice = (stage as Record<string, unknown>)[key] as Choice;
      faults.check(() => checkChoice(choice, `${at}.${key}`));
    }
  }
  if ('kernel' in stage)
    faults.check(() => checkKernel(valuesOf(stage.kernel).values, `${at}.kernel`));
  // Only where each field is right by itself can it be said whether they fit together.
  faults.end();
  const widths = widthsOf(stage, entering);
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
  const faults = new Faults();
  offered.forEach((convolution, i) => {
    const path = `${at}.convolution${offered.length > 1 ? `[${i}]` : ''}`;
    faults.check(() => checkConvolution(stage, convolution, entering, widths, path));
  });
  const without = widths.find((width) => !offered.some((one) => isOfferedFor(one, width)));
  if (without !== undefined)
    faults.add(
      invalid(
        `${at}.convolution`,
        `no convolution is offered for ${without} channels`,
        'Add "regular", or a group for this width.',
      ),
    );
  faults.end();
}

function checkConvolution(
  stage: Stage,
  convolution: Convolution,
  entering: readonly number[],
  widths: readonly number[],
  path: string,
): void {
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
}

/** Channels of the layers that a group size divides. */
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

/** @param path names what shrinks the image that far */
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
