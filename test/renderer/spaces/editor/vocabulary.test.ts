import { describe, expect, it } from 'vitest';
import { stageSchema } from '../../../../main/common/space-description.ts';
import { spaceOf } from '../../../../main/space/index.ts';
import { newSpace } from '../../../../renderer/spaces/editor/new-space.ts';
import {
  blockKinds,
  headKinds,
  stageOfKind,
} from '../../../../renderer/spaces/editor/vocabulary.ts';

describe('the vocabulary of the editor', () => {
  it('has the keys of a block in the order of its columns, and what an absent one means', () => {
    expect(blockKinds['mbconv']).toEqual({
      fields: ['channels', 'kernel', 'repeats', 'expansion', 'convolution'],
      defaults: { kernel: '3', repeats: '1', expansion: '6', convolution: 'depthwise' },
      stride: true,
      squeezeExcite: true,
    });
    expect(blockKinds['basic']).toEqual({
      fields: ['channels', 'kernel', 'repeats', 'convolution'],
      defaults: { kernel: '3', repeats: '1', convolution: 'regular' },
      stride: true,
      squeezeExcite: false,
    });
    expect(blockKinds['nats-reduction']).toEqual({
      fields: ['channels'],
      defaults: {},
      stride: false,
      squeezeExcite: false,
    });
  });

  it('has the fields of a head', () => {
    expect(headKinds).toEqual({
      classifier: ['channels'],
      'up-b': [],
      hrnet: [],
      efficientdet: ['channels', 'layers', 'depth'],
    });
  });

  it('begins with a valid space, and keeps a stage valid as another block', () => {
    expect(spaceOf(newSpace('mine')).networks).toBe(9 * 18 * 18);
    const stage = { block: 'mbconv', channels: [32, 64], kernel: 5, stride: 2, expansion: 6 };
    for (const block of Object.keys(blockKinds))
      expect(stageSchema.safeParse(stageOfKind(stage, block)).success, block).toBe(true);
    expect(stageOfKind({ block: 'nats-cell', channels: 'same' }, 'conv')).toEqual({
      block: 'conv',
      channels: 32,
    });
  });
});
