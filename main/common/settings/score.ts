/** How networks are scored and ranked. */
import { fixed } from '../figures.ts';
import { batchesRange, batchSizeRange, wholeNumberFault } from '../ranges.ts';
import { weightSchemeLabels, weightSchemes } from '../weight-schemes.ts';
import { choiceSetting, numberSetting, type ChoiceSetting, type ShownFor } from './describe.ts';
import { z } from 'zod';
import {
  followsBeta,
  needsZico,
  objectiveAsText,
  objectiveLabel,
  objectiveParts,
  partsInText,
  relativeInWords,
} from '../objectives.ts';
import { proxiesAsText, proxiesInText, proxyNames } from '../proxies.ts';
import { biasLayerSets, biasSizes } from '../zico-bc.ts';

/** Presets of how networks are scored (common/presets.ts); `custom` is any other combination. */
export const presets = ['robust', 'paper', 'custom'] as const;
export type Preset = (typeof presets)[number];

/** The presets as forms offer them. */
export const presetChoices = {
  robust: {
    label: 'Robust',
    hint: 'Four small batches, terms capped: steadier ranks in less time',
  },
  paper: { label: 'As published', hint: 'Two large batches, no cap, the paper’s β and weights' },
  custom: { label: 'Custom', hint: 'As set below' },
} as const satisfies Record<Preset, object>;

/** The cap on terms in `sumCapped` if a run names none of its own (method, section 6). */
export const defaultTermCap = 100;

/** The objectives that the form offers; a file or option may name any. */
const objectiveChoices = [...objectiveParts, 'near+synflow', 'near+meco', 'zico-bc+near'].map(
  (score) => ({
    value: score,
    label: objectiveLabel(score),
    ...(score.includes('+') && { hint: relativeInWords }),
  }),
);
const objectiveSetting: ChoiceSetting = {
  ...choiceSetting<string>({
    choices: objectiveChoices,
    initial: 'zico-bc',
    before: 'zico-bc',
    option: {
      flags: '--score <names>',
      help: `what networks are ranked by: ${objectiveParts.join(', ')}, or several of them as near+synflow, by the sum of their ranks`,
      reads: 'objective',
    },
    field: {
      group: 'score',
      place: -1,
      rare: true,
      label: 'Ranked by',
      hint: 'Traded against the cost; only what is named is computed',
      about:
        'ZiCo-BC is a score of widths. Where layers or edges come and go, others rank better: see the page Benchmarks. A sum of ranks is relative to the networks scored so far.',
    },
    words: (score) => (score === 'zico-bc' ? null : `ranked by ${objectiveLabel(score)}`),
  }),
  schema: z.string().refine((text) => {
    const parts = partsInText(text);
    return parts !== null && objectiveAsText(parts) === text;
  }, 'no score, or its parts out of order'),
};

/** Takes any list of proxies, of which the form offers some. */
const proxySetting: ChoiceSetting = {
  ...choiceSetting<string>({
    choices: [
      { value: 'near', label: 'NEAR' },
      { value: 'near,synflow', label: 'NEAR and SynFlow' },
      { value: proxiesAsText(proxyNames), label: 'All: NEAR, SynFlow, MeCo, NASWOT' },
      { value: 'none', label: 'None' },
    ],
    initial: 'near',
    before: 'none',
    option: {
      flags: '--proxies <names>',
      help: `scores beside ZiCo, as a second opinion: ${proxyNames.join(', ')}, several of them, or none`,
      reads: 'proxies',
    },
    field: {
      group: 'score',
      place: 1,
      rare: true,
      label: 'Second opinion',
      hint: 'Says where another score disagrees',
      about:
        'ZiCo-BC alone can mislead, above all where layers come and go. NEAR looks at how many independent directions the activations of a few images have, costs about a tenth, and says where it disagrees strongly.',
    },
  }),
  schema: z.string().refine((text) => proxiesInText(text) !== null, 'not a list of proxies'),
};
/** The correction is part of ZiCo-BC alone. A run keeps it all the same: a candidate can be given its ZiCo later. */
const ofZicoBc: ShownFor = ({ score }) => followsBeta(score);
const ofZico: ShownFor = ({ score }) => needsZico(score);
/** What runs say of themselves knows what ranks them. */
type Ranked = { readonly score: string };

/** What the help states as the default of settings that the preset decides. */
const byPreset = 'the preset’s';

const sizeChoices = {
  deployment: {
    label: 'As deployed',
    hint: 'Feature maps of the images that networks are deployed for',
  },
  scoring: {
    label: 'As scored',
    hint: 'Feature maps of the images that are scored, often smaller ones',
  },
} as const;
const layerChoices = {
  live: { label: 'With a gradient', hint: 'A layer behind a dead end does not count' },
  all: { label: 'All', hint: 'As published, dead ends included' },
} as const;

export const scoreSettings = {
  /** The name of the preset that the other settings agree with; runs older than presets have no name for theirs. */
  preset: choiceSetting({
    choices: presets.map((value) => ({ value, ...presetChoices[value] })),
    initial: 'robust',
    before: 'custom',
    option: {
      flags: '--preset <name>',
      help: 'how networks are scored: robust ranks best for its time, paper is ZiCo-BC as published, custom is version 0.1; options of the score override it',
    },
    field: {
      group: 'score',
      place: -1,
      label: 'Preset',
      hint: '',
      about:
        'Batches, β, term cap, bias and weights together. Robust was chosen by measuring: four small batches rank better than two large ones, repeat better with other images and weights, and take less time. As published is what the authors did.',
    },
    words: (preset) =>
      preset === 'custom' ? null : `${presetChoices[preset].label.toLowerCase()} preset`,
  }),
  beta: numberSetting({
    range: { from: 0, to: 10, whole: false },
    optional: false,
    initial: 2,
    option: {
      flags: '--beta <number>',
      help: 'strength of the bias correction; 0 is plain ZiCo',
      leftOut: byPreset,
    },
    field: {
      group: 'score',
      place: 1,
      shownFor: ofZicoBc,
      keptUnshown: true,
      label: 'Correction β',
      hint: 'Can be changed later at no cost',
      about:
        'ZiCo grows with depth and wide feature maps whether they help or not. ZiCo-BC subtracts β times that bias; 0 is plain ZiCo, the paper uses 1, and 2 for segmentation.',
      fault: 'A number from 0 to 10.',
    },
    words: (beta, { score }: Ranked) => (followsBeta(score) ? `β ${fixed(beta, 2)}` : null),
  }),
  /** The cap of the score that ranks; null ranks by the paper's score. */
  termCap: numberSetting({
    range: { above: 0, whole: false },
    optional: true,
    initial: 100,
    option: {
      flags: '--term-cap <number>',
      help: 'rank by the score with every term capped at this',
      leftOut: byPreset,
    },
    field: {
      group: 'score',
      place: 1,
      rare: true,
      shownFor: ofZico,
      keptUnshown: true,
      label: 'Term cap',
      hint: 'Caps every term of ZiCo; none, as published',
      about:
        'ZiCo adds up gradients divided by their spread. Where the spread is close to 0 a few weights outweigh a whole layer; a cap on each of them makes ranks steadier.',
      fault: 'A number above 0, or empty for none.',
      empty: 'none',
      from: 1e-6,
    },
    words: (cap, { score }: Ranked) =>
      cap === null || !needsZico(score) ? null : `term cap ${cap}`,
  }),
  score: objectiveSetting,
  proxies: proxySetting,
  /** The bias depends on the image size; runs from before this choice counted it at the size scored. */
  biasSize: choiceSetting({
    choices: biasSizes.map((value) => ({ value, ...sizeChoices[value] })),
    initial: 'deployment',
    before: 'scoring',
    option: {
      flags: '--bias-size <size>',
      help: 'feature maps over which the bias is counted: those of images as deployed, or as scored',
      leftOut: byPreset,
    },
    field: {
      group: 'score',
      place: 1,
      rare: true,
      shownFor: ofZicoBc,
      label: 'Bias, feature maps',
      hint: '',
      about:
        'The bias is a sum over layers of ln(H·W/√C), so it depends on the size of the images. The paper scores at the size that is deployed, and its β belongs to that size.',
    },
    words: (size, { score }: Ranked) =>
      size === 'deployment' || !followsBeta(score) ? null : 'bias of the scored size',
  }),
  /** Runs from before this choice counted all layers. */
  biasLayers: choiceSetting({
    choices: biasLayerSets.map((value) => ({ value, ...layerChoices[value] })),
    initial: 'live',
    before: 'all',
    option: {
      flags: '--bias-layers <layers>',
      help: 'layers over which the bias is counted: live ones, which get a gradient, or all',
      leftOut: byPreset,
    },
    field: {
      group: 'score',
      place: 1,
      rare: true,
      shownFor: ofZicoBc,
      label: 'Bias, layers',
      hint: '',
      about:
        'A layer that no gradient reaches adds nothing to ZiCo. Counted in the bias, it makes a network look better or worse for something that is never trained.',
    },
    words: (layers, { score }: Ranked) =>
      layers === 'live' || !followsBeta(score) ? null : 'bias of all layers',
  }),
  batches: numberSetting({
    range: { ...batchesRange, whole: true },
    optional: false,
    initial: 4,
    option: { flags: '--batches <n>', help: 'batches of images', leftOut: byPreset },
    field: {
      group: 'score',
      label: 'Batches',
      hint: 'More batches make the score steadier and take longer',
      about:
        'The score compares gradients between batches of images: it needs at least two. Several small batches rank better than a few large ones of as many images.',
      fault: `The score divides by the spread between batches, so it needs from ${batchesRange.from} to ${batchesRange.to}.`,
    },
    words: (batches, { batchSize }: { readonly batchSize: number }) =>
      `${batches} batches of ${batchSize}`,
  }),
  batchSize: numberSetting({
    range: { ...batchSizeRange, whole: true },
    optional: false,
    initial: 8,
    option: {
      flags: '--batch-size <n>',
      help: 'images in a batch',
      leftOut: `${byPreset}, as their size allows`,
    },
    field: {
      group: 'score',
      label: 'Images in a batch',
      hint: 'More images cost time and memory',
      about:
        'Images shown to the network at once. Twice as many take about twice the time and memory for each candidate.',
      fault: wholeNumberFault(batchSizeRange),
    },
  }),
  weights: choiceSetting({
    choices: weightSchemes.map((value) => ({ value, label: weightSchemeLabels[value] })),
    initial: 'pytorch-default',
    option: {
      flags: '--weights <scheme>',
      help: `initial weights: ${weightSchemes.join(' or ')}`,
      leftOut: byPreset,
    },
    field: {
      group: 'score',
      place: 1,
      rare: true,
      label: 'Initial weights',
      hint: 'No network is ever trained',
      about:
        'Networks are scored untrained, so it matters how their initial weights are drawn. Scores under different schemes cannot be compared.',
    },
  }),
};
