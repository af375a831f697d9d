import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  presetValues,
  presetWith,
  variesBy,
  type PresetFacts,
} from '../../../main/common/presets.ts';
import { defaultSearchSettings, presetKeys } from '../../../main/common/settings/index.ts';
import { presets } from '../../../main/common/settings/score.ts';
import { embeddedImages, tasks } from '../../../main/common/tasks.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { embeddedData } from '../../../main/task/embedded.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';

const assets = path.join(import.meta.dirname, '../../../main/assets');
const factsOf = (name: string): PresetFacts => {
  const space = spaceNamed(name);
  return { ...space, varies: variesBy(space.depth) };
};

describe('presets', () => {
  it.each([
    ['nats-sss', 'widths'],
    ['efficientnet', 'blocks'],
    ['ffnet', 'blocks'],
    ['segmentation-macro', 'topology'],
  ])('know that %s varies %s', (name, varies) => {
    expect(factsOf(name).varies).toBe(varies);
  });

  it.each([
    ['nats-sss', 4, 8, 2],
    ['efficientnet', 4, 2, 1],
    ['efficientdet-d0', 4, 2, 1],
    ['ffnet', 4, 2, 2],
    ['segmentation-macro', 4, 2, 0],
  ])('robust takes in %s %d batches of %d, beta %d', (name, batches, batchSize, beta) => {
    expect(presetValues('robust', factsOf(name))).toEqual({
      ...{ batches, batchSize, beta, termCap: 100, weights: 'pytorch-default' },
      ...{ biasSize: 'deployment', biasLayers: 'live' },
    });
  });

  it.each([
    ['nats-sss', 128, 1],
    ['efficientnet', 16, 1],
    ['ffnet', 8, 2],
    ['segmentation-macro', 8, 0],
  ])('paper takes in %s two batches of %d, beta %d', (name, batchSize, beta) => {
    expect(presetValues('paper', factsOf(name))).toEqual({
      ...{ batches: 2, batchSize, beta, termCap: null, weights: 'kaiming-normal-fan-out' },
      ...{ biasSize: 'deployment', biasLayers: 'all' },
    });
  });

  it.each([
    ['nats-sss', 64, 1],
    ['efficientnet', 16, 1],
    ['efficientdet-d0', 8, 1],
    ['ffnet', 8, 2],
  ])('custom is for %s what version 0.1 did: two batches of %d, beta %d', (name, size, beta) => {
    expect(presetValues('custom', factsOf(name))).toEqual({
      ...{ batches: 2, batchSize: size, beta, termCap: null, weights: 'pytorch-default' },
      ...{ biasSize: 'scoring', biasLayers: 'all' },
    });
  });

  it('never fall below two images', () => {
    const large = {
      task: 'segmentation',
      scoringShape: [3, 1024, 2048],
      varies: 'blocks',
    } as const;
    for (const preset of presets) expect(presetValues(preset, large).batchSize).toBe(2);
  });

  it('are met by the images that ship, however small they are made', async () => {
    for (const task of tasks) {
      const dataset = await openDataset(embeddedData(task, assets));
      expect(dataset.count).toBe(embeddedImages[task]);
      for (const preset of presets) {
        const facts = { task, scoringShape: [3, 8, 8], varies: 'blocks' } as const;
        const { batches, batchSize } = presetValues(preset, facts);
        expect(batches * batchSize).toBeLessThanOrEqual(dataset.count);
      }
    }
  });

  it('are what a new run of the default space has', () => {
    const { preset, space } = defaultSearchSettings;
    expect(defaultSearchSettings).toMatchObject(presetValues(preset, factsOf(space)));
  });
});

describe('a preset with options beside it', () => {
  const facts = factsOf('nats-sss');

  it('keeps its name where they say the same', () => {
    const chosen = presetWith({ preset: 'paper', batches: 2, termCap: null }, facts, 'robust');
    expect(chosen).toEqual({
      ...{ preset: 'paper', values: presetValues('paper', facts), overridden: [] },
    });
  });

  it('is custom where one says otherwise, which wins and is named', () => {
    const { preset, values, overridden } = presetWith(
      { preset: 'paper', batches: 3 },
      facts,
      'robust',
    );
    expect(preset).toBe('custom');
    expect(values).toEqual({ ...presetValues('paper', facts), batches: 3 });
    expect(overridden).toEqual(['batches']);
  });

  it('is the usual one where none is named', () => {
    expect(presetWith({}, facts, 'robust').preset).toBe('robust');
    expect(presetWith({ beta: 0 }, facts, 'robust')).toMatchObject({
      ...{ preset: 'custom', values: { beta: 0, batches: 4 } },
    });
  });

  it('decides nothing else of a run', () => {
    const { values } = presetWith({ seed: 3, population: 9 }, facts, 'robust');
    expect(Object.keys(values).sort()).toEqual([...presetKeys].sort());
  });
});
