import { describe, expect, it } from 'vitest';
import { mixedStageSchema, stageSchema } from '../../../../main/common/space-description.ts';
import { builtInSpaces, spaceOf } from '../../../../main/space/index.ts';
import { newSpace } from '../../../../renderer/spaces/editor/new-space.ts';
import { withValue, type Json } from '../../../../renderer/spaces/editor/space-json.ts';
import {
  backboneKinds,
  backboneOfKind,
  blockKinds,
  headKinds,
  offeredBlocks,
  ownChoices,
  severalKinds,
  stageOfKind,
} from '../../../../renderer/spaces/editor/vocabulary.ts';
import { fieldTexts } from '../../../../renderer/spaces/editor/field-texts.ts';

describe('the vocabulary of the editor', () => {
  it('has the keys of a block in the order of its columns, and what an absent one means', () => {
    expect(blockKinds['mbconv']).toEqual({
      fields: [
        ...['channels', 'kernel', 'repeats', 'stride'],
        ...['expansion', 'convolution', 'squeezeExcite', 'activation'],
      ],
      defaults: {
        ...{ kernel: '3', repeats: '1', stride: '1' },
        ...{ expansion: '6', convolution: 'depthwise' },
      },
      perBlock: true,
    });
    expect(blockKinds['basic']).toEqual({
      fields: ['channels', 'kernel', 'repeats', 'stride', 'convolution', 'activation'],
      defaults: { kernel: '3', repeats: '1', stride: '1', convolution: 'regular' },
      perBlock: true,
    });
    expect(blockKinds['nats-reduction']).toEqual({
      fields: ['channels'],
      defaults: {},
      perBlock: false,
    });
  });

  it('has the fields of a head', () => {
    expect(headKinds).toEqual({
      classifier: ['channels', 'hidden', 'norm'],
      'up-b': [],
      hrnet: [],
      efficientdet: ['channels', 'layers', 'depth'],
    });
  });

  it('knows every key that a stage of a description may have', () => {
    const known = new Set([...Object.keys(fieldTexts), 'block', 'perBlock', 'oneOf']);
    const keys = [...stageSchema.options, mixedStageSchema].flatMap(({ shape }) =>
      Object.keys(shape),
    );
    expect(keys.filter((key) => !known.has(key))).toEqual([]);
  });

  it('reads back every field of every stage that ships as it is written', () => {
    const stages = builtInSpaces().flatMap(({ description: { network } }) => {
      const parts = 'oneOf' in network.backbone ? network.backbone.oneOf : { a: network.backbone };
      return Object.values(parts).flatMap((one) => (one.kind === 'stages' ? one.stages : []));
    });
    for (const stage of stages as readonly { [key: string]: Json }[]) {
      for (const [field, { format, read }] of Object.entries(fieldTexts)) {
        const value = stage[field];
        if (value === undefined || value === false) continue;
        expect(read(format(value), ['same']), `${field}: ${format(value)}`).toEqual({ value });
      }
    }
  });

  it('begins with a valid space, and keeps a stage valid as another block', () => {
    expect(spaceOf(newSpace('mine')).networks).toBe(9 * 18 * 18);
    const stage = {
      ...{ block: 'mbconv', channels: [32, 64], kernel: [3, 5], stride: 2, expansion: [3, 6] },
      perBlock: ['kernel', 'expansion'],
    };
    for (const block of Object.keys(blockKinds))
      expect(stageSchema.safeParse(stageOfKind(stage, block)).success, block).toBe(true);
    expect(stageOfKind(stage, 'basic')).toMatchObject({ perBlock: ['kernel'] });
    expect(stageOfKind({ block: 'nats-cell', channels: 'same' }, 'conv')).toEqual({
      block: 'conv',
      channels: 32,
    });
  });

  it('turns a stage into one of several kinds, and back', () => {
    for (const block of Object.keys(blockKinds)) {
      const mixed = stageOfKind(stageOfKind(undefined, block), severalKinds);
      expect(mixedStageSchema.safeParse(mixed).success, block).toBe(true);
    }
    const stage = { block: 'mbconv', channels: [24, 32], kernel: [3, 5], repeats: [1, 2] };
    const mixed = stageOfKind(stage, severalKinds);
    expect(mixed).toEqual({
      oneOf: {
        mbconv: { block: 'mbconv', kernel: [3, 5] },
        'fused-mbconv': { block: 'fused-mbconv' },
      },
      ...{ channels: [24, 32], repeats: [1, 2] },
    });
    expect(ownChoices(mixed)).toContain('block');
    expect(stageOfKind(mixed, 'mbconv')).toEqual(stage);
    expect(offeredBlocks).not.toContain('nats-cell');
  });

  it('begins every kind of backbone with a valid one', () => {
    for (const kind of backboneKinds) {
      const head = kind === 'hrnet' ? { kind: 'hrnet' } : { kind: 'classifier' };
      const task = kind === 'hrnet' ? 'segmentation' : 'classification';
      const size: Json = [64, 64];
      const space = [
        { place: ['network', 'backbone'], value: backboneOfKind(kind) },
        { place: ['network', 'head'], value: head },
        { place: ['task'], value: task },
        { place: ['resolution'], value: { scoring: size, deployment: size } },
      ].reduce<Json>((whole, { place, value }) => withValue(whole, place, value), newSpace('mine'));
      expect(() => spaceOf(space), kind).not.toThrow();
    }
  });
});
