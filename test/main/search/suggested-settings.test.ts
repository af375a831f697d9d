import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { suggestedSettings } from '../../../main/search/suggested-settings.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { embeddedData } from '../../../main/task/embedded.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';

const assets = path.join(import.meta.dirname, '../../../main/assets');

describe('settings that suit a space', () => {
  it.each([
    ['nats-sss', 64, 1],
    ['efficientnet', 16, 1],
    ['efficientdet-d0', 8, 1],
    ['ffnet', 8, 2],
  ])('%s: batches of %d, beta %d', (name, batchSize, beta) => {
    expect(suggestedSettings(spaceNamed(name))).toEqual({ batchSize, beta });
  });

  it('never falls below two images', () => {
    const large = { task: 'segmentation', scoringShape: [3, 1024, 2048] } as const;
    expect(suggestedSettings(large).batchSize).toBe(2);
  });

  it('are met by the images that ship, however small they are made', async () => {
    for (const task of ['classification', 'segmentation', 'detection'] as const) {
      const { batchSize } = suggestedSettings({ task, scoringShape: [3, 8, 8] });
      const dataset = await openDataset(embeddedData(task, assets));
      expect(2 * batchSize).toBeLessThanOrEqual(dataset.count);
      expect(batchSize).toBe(task === 'classification' ? 64 : 16);
    }
  });

  it('are the defaults for the default space', () => {
    const { space, batchSize, beta } = defaultSearchSettings;
    expect(suggestedSettings(spaceNamed(space))).toEqual({ batchSize, beta });
  });
});
