/** How networks are scored and ranked. */
import { fixed } from '../figures.ts';
import { batchesRange, batchSizeRange, wholeNumberFault } from '../ranges.ts';
import { weightSchemeLabels, weightSchemes } from '../weight-schemes.ts';
import { choiceSetting, numberSetting, type ChoiceSetting } from './describe.ts';
import { z } from 'zod';
import { proxiesAsText, proxiesInText, proxyNames } from '../proxies.ts';

/** Terms above this are capped in `sumCapped` where a run names no cap of its own (method, section 6). */
export const defaultTermCap = 100;

/** Any list of proxies; the form offers these. */
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
  schema: z.string().refine((text) => proxiesInText(text) !== null, 'no list of proxies'),
};

export const scoreSettings = {
  beta: numberSetting({
    range: { from: 0, to: 10, whole: false },
    optional: false,
    initial: 1,
    option: {
      flags: '--beta <number>',
      help: 'strength of the bias correction; 0 is plain ZiCo',
      leftOut: '1, for segmentation 2',
    },
    field: {
      group: 'score',
      place: 1,
      label: 'Correction β',
      hint: 'Can be changed later at no cost',
      about:
        'ZiCo grows with depth and wide feature maps whether they help or not. ZiCo-BC subtracts β times that bias; 0 is plain ZiCo, the paper uses 1, and 2 for segmentation.',
      fault: 'A number from 0 to 10.',
    },
    words: (beta) => `β ${fixed(beta, 2)}`,
  }),
  /** Rank by the capped score with this cap, or by the paper's score (null). */
  termCap: numberSetting({
    range: { above: 0, whole: false },
    optional: true,
    initial: null,
    option: {
      flags: '--term-cap <number>',
      help: 'rank by the score with every term capped at this',
    },
    field: {
      group: 'score',
      place: 1,
      rare: true,
      label: 'Term cap',
      hint: 'Caps every term of ZiCo; none, as published',
      about:
        'ZiCo adds up gradients divided by their spread. Where the spread is close to 0 a few weights outweigh a whole layer; a cap on each of them makes ranks steadier.',
      fault: 'A number above 0, or empty for none.',
      empty: 'none',
      from: 1e-6,
    },
    words: (cap) => (cap === null ? null : `term cap ${cap}`),
  }),
  proxies: proxySetting,
  batches: numberSetting({
    range: { ...batchesRange, whole: true },
    optional: false,
    initial: 2,
    option: { flags: '--batches <n>', help: 'batches of images' },
    field: {
      group: 'score',
      label: 'Batches',
      hint: 'More batches make the score steadier and take longer',
      about:
        'The score compares gradients between batches of images: it needs at least two. Each further batch adds its time to every candidate.',
      fault: `The score divides by the spread between batches, so it needs from ${batchesRange.from} to ${batchesRange.to}.`,
    },
    words: (batches, { batchSize }: { readonly batchSize: number }) =>
      `${batches} batches of ${batchSize}`,
  }),
  batchSize: numberSetting({
    range: { ...batchSizeRange, whole: true },
    optional: false,
    initial: 64,
    option: {
      flags: '--batch-size <n>',
      help: 'images in a batch',
      leftOut: '2 to 64, as their size allows',
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
