/**
 * Ready-made choices of how networks are scored. What each is worth was measured (docs/validation.md): `paper` is
 * ZiCo-BC as published, `robust` ranks at least as well and repeats better at a fraction of the cost.
 */
import type { Preset } from './settings/score.ts';
import { presetKeys, type PresetValues, type SearchSettings } from './settings/index.ts';
import { betaOfTask, embeddedImages, type Task } from './tasks.ts';

/** What a preset goes by. */
export interface PresetFacts {
  readonly task: Task;
  /** Channels, height, width of one image as scored. */
  readonly scoringShape: readonly [number, number, number];
  readonly varies: Varies;
}

/** What the networks of a space differ in most: their widths, their number of blocks, or both. */
export type Varies = 'widths' | 'blocks' | 'topology';

/** @param depth blocks of the networks of a space; absent where these cannot be compared */
export function variesBy(
  depth: { readonly least: number; readonly most: number } | null | undefined,
): Varies {
  if (!depth) return 'topology';
  return depth.least === depth.most ? 'widths' : 'blocks';
}

/** The most pixels in a batch: sixteen images of 224 x 224. More cost memory and time, and add little. */
const pixelsInBatch = 16 * 224 * 224;
const leastImages = 2;
/** Of the authors' own search on ImageNet (github.com/SLDGroup/ZiCo, scripts). */
const authorsBatch = 128;
/** Of version 0.1. */
const formerBatch = 64;
const robustBatches = 4;
const robustTermCap = 100;
/** Of images this small the last feature maps are a few pixels, and normalising them takes more than two images. */
const smallImage = 32 * 32;

/** The largest power of two that exceeds neither `wanted`, nor its share of the shipped images, nor what memory allows. */
function batchOf(wanted: number, batches: number, { task, scoringShape }: PresetFacts): number {
  const [, height, width] = scoringShape;
  const most = Math.min(wanted, embeddedImages[task] / batches, pixelsInBatch / (height * width));
  return Math.max(leastImages, 2 ** Math.floor(Math.log2(most)));
}

/** What a preset decides for networks of a space; of `custom`, what version 0.1 did. */
export function presetValues(preset: Preset, facts: PresetFacts): PresetValues {
  const { task, varies, scoringShape } = facts;
  switch (preset) {
    case 'paper':
      return {
        // Where topologies are searched, the authors apply no correction.
        beta: varies === 'topology' ? 0 : betaOfTask[task],
        termCap: null,
        biasSize: 'deployment',
        biasLayers: 'all',
        batches: 2,
        batchSize: batchOf(authorsBatch, 2, facts),
        weights: 'kaiming-normal-fan-out',
      };
    case 'robust':
      return {
        beta: varies === 'topology' ? 0 : varies === 'widths' ? 2 : betaOfTask[task],
        termCap: robustTermCap,
        biasSize: 'deployment',
        biasLayers: 'live',
        batches: robustBatches,
        batchSize: batchOf(
          scoringShape[1] * scoringShape[2] <= smallImage ? 8 : 2,
          robustBatches,
          facts,
        ),
        weights: 'pytorch-default',
      };
    case 'custom':
      return {
        beta: betaOfTask[task],
        termCap: null,
        biasSize: 'scoring',
        biasLayers: 'all',
        batches: 2,
        batchSize: batchOf(formerBatch, 2, facts),
        weights: 'pytorch-default',
      };
  }
}

export function presetsFor(facts: PresetFacts): Record<Preset, PresetValues> {
  return {
    robust: presetValues('robust', facts),
    paper: presetValues('paper', facts),
    custom: presetValues('custom', facts),
  };
}

/** A preset with what was given beside it. */
export interface PresetChoice {
  /** `custom` where something that was given differs from the preset. */
  readonly preset: Preset;
  readonly values: PresetValues;
  /** What was given and differs from the preset that was named. */
  readonly overridden: readonly (keyof PresetValues)[];
}

/** @param given wins over the preset that it names, or over `usual` */
export function presetWith(
  given: Readonly<Partial<SearchSettings>>,
  facts: PresetFacts,
  usual: Preset,
): PresetChoice {
  const named = given.preset ?? usual;
  const base = presetValues(named, facts);
  const typed = presetKeys.filter((key) => given[key] !== undefined);
  const overridden = typed.filter((key) => given[key] !== base[key]);
  const values = Object.fromEntries(
    presetKeys.map((key) => [key, typed.includes(key) ? given[key] : base[key]]),
  );
  return {
    preset: overridden.length > 0 ? 'custom' : named,
    values: values as unknown as PresetValues,
    overridden,
  };
}
