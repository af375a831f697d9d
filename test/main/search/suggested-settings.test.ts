import { describe, expect, it } from 'vitest';
import { defaultSearchSettings } from '../../../main/search/settings.ts';
import { suggestedSettings } from '../../../main/search/suggested-settings.ts';
import { spaceNamed } from '../../../main/space/index.ts';

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

  it('are the defaults for the default space', () => {
    const { space, batchSize, beta } = defaultSearchSettings;
    expect(suggestedSettings(spaceNamed(space))).toEqual({ batchSize, beta });
  });
});
