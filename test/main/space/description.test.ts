import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../../main/random.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { DescriptionError } from '../../../main/space/description-error.ts';
import type { SpaceDescriptionInput } from '../../../main/common/space-description.ts';
import { spaceOf } from '../../../main/space/index.ts';

/** A small space in which a wide stage has choices that a narrow one lacks. */
const small = (): SpaceDescriptionInput => ({
  name: 'small',
  title: 'Small',
  task: 'classification',
  classes: 10,
  resolution: { scoring: [32, 32], deployment: [64, 64] },
  network: {
    backbone: {
      kind: 'stages',
      stem: [{ channels: 16, stride: 2 }],
      stages: [
        {
          block: 'basic',
          channels: [32, 64, 128],
          repeats: [1, 2],
          stride: 2,
          convolution: [
            'regular',
            { group: 32, channels: [64, 128] },
            { group: 64, channels: [128] },
          ],
        },
      ],
    },
    head: { kind: 'classifier' },
  },
});

/** The space with one place of its JSON replaced. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const json = JSON.parse(JSON.stringify(small())) as Record<string | number, unknown>;
  let at = json;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path[path.length - 1]!] = value;
  return json;
}

const stage = ['network', 'backbone', 'stages', 0] as const;

describe('a space with choices that depend on others', () => {
  const space = spaceOf(small());
  const all = Array.from({ length: space.networks }, (_, i) => space.at(i));

  it('counts and lists every network once', () => {
    expect(space.networks).toBe((1 + 2 + 3) * 2);
    expect(new Set(all).size).toBe(12);
    expect(all.every((genotype, i) => space.indexOf(genotype) === i)).toBe(true);
    expect(all.slice(0, 2)).toEqual(['32:regular:1', '32:regular:2']);
  });

  it('has no two genotypes of one network', () => {
    const networks = all.map((genotype) => {
      const { nodes, initializers } = space.decode(genotype);
      return JSON.stringify([nodes, [...initializers]]);
    });
    expect(new Set(networks).size).toBe(12);
  });

  it('is sampled evenly over networks, not over genes', () => {
    const random = generatorFor('even');
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const genotype = space.sample(random);
      counts.set(genotype, (counts.get(genotype) ?? 0) + 1);
    }
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(counts.size).toBe(12);
    expect(chiSquare).toBeLessThan(31.3); // 11 d.f., p = 0.001
  });

  it('reaches every network by mutation', () => {
    const random = generatorFor('reach');
    const reached = new Set<string>();
    for (let i = 0, genotype = all[0]!; i < 1000; i++) {
      genotype = space.mutate(genotype, random);
      reached.add(genotype);
    }
    expect(reached.size).toBe(12);
  });

  it('builds for scoring and deployment at their sizes', () => {
    const macs = (purpose: 'scoring' | 'deployment') =>
      summarise(space.decode(all[0]!, purpose)).macs - 32 * 10;
    expect(macs('deployment')).toBe(4 * macs('scoring'));
    expect([space.scoringShape, space.inputShape]).toEqual([
      [3, 32, 32],
      [3, 64, 64],
    ]);
  });
});

describe('a description is refused with the path at fault and what would be valid', () => {
  it.each([
    [[...stage, 'kernels'], 3, 'network.backbone.stages[0].kernels', 'Valid keys are block, '],
    [['colour'], 'red', 'colour', 'Valid keys are name, title'],
    [
      ['network', 'colour'],
      1,
      'network.colour',
      'Valid keys are activation, normEpsilon, backbone',
    ],
    [['resolution', 'export'], [1, 1], 'resolution.export', 'Valid keys are scoring, deployment'],
    [
      ['network', 'head', 'width'],
      1,
      'network.head.width',
      'Valid keys are kind, channels, hidden, norm',
    ],
    [['network', 'head', 'kind'], 'tail', 'network.head.kind', 'classifier, up-b, hrnet, effic'],
    [['network', 'backbone', 'depth'], 1, 'network.backbone.depth', 'kind, stem, stages'],
    [
      ['network', 'backbone', 'stem', 0, 'block'],
      'conv',
      'network.backbone.stem[0].block',
      'Valid keys are channels, kernel, stride, activation',
    ],
    [
      [...stage, 'repeats'],
      { from: 1, to: 4, by: 1 },
      'network.backbone.stages[0].repeats.choices',
      '{"from", "to", "step"}',
    ],
    [
      [...stage, 'repeats'],
      { from: 1, to: 4, step: 1, by: 1 },
      'network.backbone.stages[0].repeats.by',
      'gene, from, to, step',
    ],
    [
      [...stage, 'convolution'],
      ['regular', { group: 32, widths: [64] }],
      'network.backbone.stages[0].convolution[1].widths',
      'group, channels',
    ],
    [[...stage, 'stride'], 3, 'network.backbone.stages[0].stride', 'Use 1 or 2'],
    [['task'], 'pose', 'task', '"segmentation"'],
    [['network', 'activation'], 'elu', 'network.activation', '"hard-swish"'],
    [['resolution', 'scoring'], [0, 32], 'resolution.scoring[0]', '[height, width]'],
    [['name'], 'My Space', 'name', 'lower case'],
    [['network', 'backbone', 'stages'], [], 'network.backbone.stages', '1 to 32 stages'],
    [[...stage, 'repeats'], [], 'network.backbone.stages[0].repeats', 'at least one value'],
    [[...stage, 'repeats'], { from: 1, to: 4, step: 2 }, 'stages[0].repeats', '1 plus a multiple'],
    [[...stage, 'repeats'], [1, 1], 'network.backbone.stages[0].repeats', 'once'],
    [[...stage, 'repeats'], 0, 'network.backbone.stages[0].repeats', 'Leave the stage out'],
    [[...stage, 'repeats'], -1, 'network.backbone.stages[0].repeats', 'from 0 on'],
    [[...stage, 'kernel'], 4, 'network.backbone.stages[0].kernel', 'odd'],
    [[...stage, 'block'], 'basix', 'network.backbone.stages[0].block', 'basic, bottleneck'],
    [['resolution', 'scoring'], [2, 2], 'network.backbone.stages[0].stride', 'at least 4 pixels'],
    [
      [...stage, 'convolution'],
      ['regular', { group: 48 }],
      'network.backbone.stages[0].convolution[1]',
      'multiples of 48',
    ],
    [[...stage, 'convolution', 1, 'channels'], [32], 'convolution[1]', 'wider layers'],
    [[...stage, 'convolution', 1, 'channels'], [48], 'convolution[1].channels', '32, 64, 128'],
    [['network', 'head'], { kind: 'up-b' }, 'network.head.kind', 'classifier'],
    [['baselines'], [{ name: 'x', genotype: '32:g32:1' }], 'baselines[0].genotype', 'this space'],
  ])('%j', (path, value, where, hint) => {
    const json = changed(path, value);
    expect(() => spaceOf(json)).toThrow(
      expect.objectContaining({
        code: 'space-invalid',
        path: expect.stringMatching(/^[\w.[\]]+$/) as string,
        message: expect.stringContaining(`${where}: `) as string,
        hint: expect.stringContaining(hint) as string,
      }),
    );
  });
});

describe('a description with several faults', () => {
  const faultsOf = (json: unknown): string[] => {
    try {
      spaceOf(json);
    } catch (error) {
      if (error instanceof DescriptionError) return error.faults.map(({ path }) => path);
      throw error;
    }
    return [];
  };

  it('names those of its form all at once, the deepest first', () => {
    const json = changed([...stage, 'stride'], 3) as Record<string, unknown>;
    expect(faultsOf({ ...json, task: 'pose', colour: 'red' })).toEqual([
      'network.backbone.stages[0].stride',
      'task',
      'colour',
    ]);
  });

  it('names those of its sense all at once, and each place once', () => {
    const json = changed([...stage, 'kernel'], 4) as Record<string, unknown>;
    (json as { network: { head: unknown } }).network.head = { kind: 'up-b' };
    const baselines = [{ name: 'open', network: json['network'] }];
    expect(
      faultsOf({ ...json, resolution: { scoring: [2, 2], deployment: [2, 2] }, baselines }),
    ).toEqual([
      'network.backbone.stages[0].stride',
      'network.backbone.stages[0].kernel',
      'network.head.kind',
      'baselines[0].network.backbone.stages[0].stride',
      'baselines[0].network.backbone.stages[0].kernel',
      'baselines[0].network.head.kind',
      'baselines[0].network',
    ]);
  });

  it('names every baseline that is no network of the space', () => {
    const baselines = ['32:g32:1', '64:regular:1', 'x'].map((genotype) => ({
      name: 'x',
      genotype,
    }));
    expect(faultsOf(changed(['baselines'], baselines))).toContain('baselines[2].genotype');
    expect(faultsOf(changed(['baselines'], baselines))).toContain('baselines[0].genotype');
  });

  it('says all of them in its message, and what to do about the first', () => {
    const json = changed([...stage, 'kernel'], 4) as Record<string, unknown>;
    (json as { network: { head: unknown } }).network.head = { kind: 'up-b' };
    expect(() => spaceOf(json)).toThrow(
      expect.objectContaining({
        message:
          'network.backbone.stages[0].kernel: a kernel of 4 has no centre. Beyond that: network.head.kind: "up-b" is not a head for classification.',
        hint: expect.stringContaining('odd') as string,
      }),
    );
  });
});
