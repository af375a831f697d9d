/**
 * Ready-made choices of how networks are scored. Their quality was measured (docs/validation.md): `paper` is
 * ZiCo-BC as published, `robust` ranks at least as well and repeats better at a fraction of the cost.
 */
import type { Preset } from './settings/score.ts';
import { presetKeys, type PresetValues, type SearchSettings } from './settings/index.ts';
import { betaOfTask, embeddedImages, type Task } from './tasks.ts';

/** What a preset depends on. */
export interface PresetFacts {
  readonly task: Task;
  /** Channels, height, width of one image as scored. */
  readonly scoringShape: readonly [number, number, number];
  readonly varies: Varies;
}

/** What the networks of a space differ in most: their widths, their number of blocks, or both. */
export type Varies = 'widths' | 'blocks' | 'topology';

/** @param depth range of the number of blocks in a space; absent if these cannot be compared */
export function variesBy(
  depth: { readonly least: number; readonly most: number } | null | undefined,
): Varies {
  if (!depth) return 'topology';
  return depth.least === depth.most ? 'widths' : 'blocks';
}

/** The most pixels in a batch: sixteen images of 224 x 224. More would cost memory and time, and add little. */
const pixelsInBatch = 16 * 224 * 224;
const leastImages = 2;
/** The batch size of the authors' search on ImageNet (github.com/SLDGroup/ZiCo, scripts). */
const authorsBatch = 128;
/** The batch size of version 0.1. */
const formerBatch = 64;
const robustBatches = 4;
const robustTermCap = 100;
/** The last feature maps of images this small are a few pixels, and normalising them takes more than two images. */
const smallImage = 32 * 32;

/** The largest power of two that exceeds neither `wanted`, nor a batch's share of the shipped images, nor memory. */
function batchOf(wanted: number, batches: number, { task, scoringShape }: PresetFacts): number {
  const [, height, width] = scoringShape;
  const most = Math.min(wanted, embeddedImages[task] / batches, pixelsInBatch / (height * width));
  return Math.max(leastImages, 2 ** Math.floor(Math.log2(most)));
}

/** The values that a preset sets for a space; `custom` gives those of version 0.1. */
export function presetValues(preset: Preset, facts: PresetFacts): PresetValues {
  const { task, varies, scoringShape } = facts;
  switch (preset) {
    case 'paper':
      return {
        // When topologies are searched, the authors apply no correction.
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

/** What a preset sets for one's own model, whatever its images: how many make a batch follows from them. */
export type ModelPreset = Omit<PresetValues, 'batchSize' | 'weights'>;

export function presetForModel(preset: Preset, task: Task): ModelPreset {
  // A file has its own weights, and says nothing of networks beside it.
  const { batchSize, weights, ...values } = presetValues(preset, {
    ...{ task, scoringShape: [3, 32, 32], varies: 'blocks' },
  });
  return values;
}

/** A preset combined with values given besides. */
export interface PresetChoice {
  /** `custom` if a given value differs from the preset's. */
  readonly preset: Preset;
  readonly values: PresetValues;
  /** The given values that differ from the named preset's. */
  readonly overridden: readonly (keyof PresetValues)[];
}

/** @param given overrides the preset that it names, or else `usual` */
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
