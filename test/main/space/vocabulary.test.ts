/** What descriptions say since 0.2: choices per block, kinds of block, stages that may be absent, sizes of images. */
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../../renderer/spaces/editor/space-json.ts';
import { generatorFor } from '../../../main/random.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { DescriptionError } from '../../../main/space/description-error.ts';
import { describedBy, spaceOf } from '../../../main/space/index.ts';
import type { DescribedSpace } from '../../../main/space/described-space.ts';

type Json = Record<string, unknown>;

const described = (stages: readonly Json[], over: Json = {}): Json => ({
  ...{ name: 'words', title: 'Words', task: 'classification', classes: 4 },
  resolution: { scoring: [32, 32], deployment: [32, 32] },
  network: {
    backbone: { kind: 'stages', stem: [{ channels: 16, stride: 2 }], stages },
    head: { kind: 'classifier' },
  },
  ...over,
});

const all = (space: DescribedSpace) =>
  Array.from({ length: space.networks }, (_, i) => space.at(i));
/** Every network as its nodes and weights, without the names that only tell where a block stands. */
const written = (space: DescribedSpace) =>
  all(space).map((genotype) => {
    const { inputs, nodes, initializers } = space.decode(genotype);
    const shapes = [...initializers.values()].map(({ shape }) => shape);
    return JSON.stringify([
      inputs,
      nodes.map(({ kind, attributes }) => [kind, attributes]),
      shapes,
    ]);
  });

/** Counted once each, all different, and read back from their genotypes. */
function expectExactly(json: unknown, networks: number): DescribedSpace {
  const space = spaceOf(json);
  expect(space.networks).toBe(networks);
  const genotypes = all(space);
  expect(new Set(genotypes).size).toBe(networks);
  expect(new Set(written(space)).size).toBe(networks);
  for (const [i, genotype] of genotypes.entries()) {
    expect(space.parse(genotype)).toBe(genotype);
    expect(space.parse(JSON.stringify(space.toJson(genotype)))).toBe(genotype);
    expect(space.indexOf(genotype)).toBe(i);
    const { parameters, macs } = summarise(space.decode(genotype));
    expect(space.counts(genotype)).toMatchObject({ parameters, macs });
  }
  const random = generatorFor('words');
  for (let i = 0; i < 60; i++) {
    const [one, other] = [space.sample(random), space.sample(random)];
    for (const next of [space.mutate(one, random), space.crossover(one, other, random)])
      expect(space.at(space.indexOf(next))).toBe(next);
    for (const near of space.neighbours(one)) expect(space.parse(near)).toBe(near);
  }
  return space;
}

describe('a description can say', () => {
  it('that each block chooses: blocks that are not there have no genes', () => {
    const stage = {
      ...{ block: 'mbconv', channels: 16, repeats: [1, 2, 3] },
      ...{ kernel: [3, 5], expansion: [2, 3, 4], perBlock: ['kernel', 'expansion'] },
    };
    const space = expectExactly(described([stage]), 6 + 6 ** 2 + 6 ** 3);
    expect(space.parse('1:3:2:-:-:-:-')).toBe(space.at(0));
    expect(() => space.parse('1:3:2:3:-:-:-')).toThrow('write "-"');
  });

  it('that a stage may be absent, and its genes with it', () => {
    const maybe = { block: 'mbconv', channels: [8, 24], kernel: [3, 5], repeats: [0, 1, 2] };
    const space = expectExactly(
      described([maybe, { block: 'basic', channels: 16, repeats: [1, 2] }]),
      (1 + 2 * 4) * 2,
    );
    expect(space.depth).toMatchObject({ least: 1, most: 4 });
    expect(space.depth!.of(space.at(0))).toBe(1);
    expect(all(space).every((one) => space.width!.of(one) >= 0)).toBe(true);
  });

  it('that the kind of block is a choice, of the stage or of every block', () => {
    const kinds = { plain: { block: 'basic', kernel: [3, 5] }, mobile: { block: 'mbconv' } };
    const stage = { oneOf: kinds, channels: 16, repeats: [1, 2] };
    expectExactly(described([stage]), 3 * 2);
    expectExactly(described([{ ...stage, perBlock: ['block'] }]), 3 + 3 ** 2);
    expectExactly(described([{ ...stage, perBlock: ['kernel'] }]), 2 + 1 + (2 * 2 + 1));
  });

  it('activations per stage, GELU and squeeze-and-excite in both forms', () => {
    const stage = {
      ...{ block: 'mbconv', channels: 16, activation: ['gelu', 'relu'] },
      squeezeExcite: [false, 0.25, 'mobilenetv3'],
    };
    const space = expectExactly(described([stage]), 6);
    const kinds = (text: string) => space.decode(space.parse(text)).nodes.map(({ kind }) => kind);
    expect(kinds('mobilenetv3:gelu')).toContain('Gelu');
    expect(kinds('mobilenetv3:gelu')).toContain('HardSigmoid');
    expect(kinds('none:relu')).not.toContain('Gelu');
  });

  it('a stride as a choice', () => {
    const stages = [16, 24].map((channels) => ({ block: 'basic', channels, stride: [1, 2] }));
    const space = expectExactly(described(stages), 4);
    const places = all(space).map((one) => summarise(space.decode(one)).macs);
    expect(new Set(places).size).toBe(4);
  });

  it('a max-pool stem and images of one channel', () => {
    const stem = [
      { channels: 16, stride: 2, kernel: 7 },
      { pool: 'max', stride: 2 },
    ];
    const backbone = { kind: 'stages', stem, stages: [{ block: 'basic', channels: 16 }] };
    const network = { backbone, head: { kind: 'classifier' } };
    const space = spaceOf(described([], { network, imageChannels: 1 }));
    expect(space.inputShape).toEqual([1, 32, 32]);
    const { nodes, inputs, initializers } = space.decode(space.at(0));
    expect(inputs[0]!.shape).toEqual([null, 1, 32, 32]);
    expect(nodes.some(({ kind }) => kind === 'MaxPool')).toBe(true);
    expect(initializers.get('stem.0.conv.weight')?.shape).toEqual([16, 1, 7, 7]);
  });

  it('the resolution as a gene, which the scoring size follows', () => {
    const resolution = { scoring: [48, 48], deployment: { from: 64, to: 96, step: 16 } };
    const space = expectExactly(
      described([{ block: 'basic', channels: [8, 16] }], { resolution }),
      6,
    );
    const [small, large] = ['64:8', '96:8'].map((text) => space.parse(text));
    expect(space.resolutions(small!)).toEqual({ scoring: [32, 32], deployment: [64, 64] });
    expect(space.imageShape(large!, 'scoring')).toEqual([3, 48, 48]);
    expect(space.decode(small!, 'scoring').inputs[0]!.shape).toEqual([null, 3, 32, 32]);
    expect(space.counts(small!).macs).toBeLessThan(space.counts(large!).macs);
    const oblong = { scoring: [32, 64], deployment: { choices: [[64, 128], 96] } };
    expect(
      spaceOf(described([{ block: 'basic', channels: 8 }], { resolution: oblong })).at(1),
    ).toBe('96x96');
  });

  it('EfficientDet at any size', () => {
    const stages = [16, 24, 40, 48].map((channels) => ({ block: 'mbconv', channels, stride: 2 }));
    const network = {
      backbone: { kind: 'stages', stem: [{ channels: 8, stride: 2 }], stages },
      head: { kind: 'efficientdet', channels: 16, layers: [1, 2], depth: 1 },
    };
    const resolution = { scoring: [100, 148], deployment: [320, 321] };
    const space = spaceOf(described([], { task: 'detection', resolution, network }));
    const { parameters, macs } = summarise(space.decode('2' as never));
    expect(space.counts('2' as never)).toMatchObject({ parameters, macs });
    expect(summarise(space.decode('2' as never, 'scoring')).parameters).toBe(parameters);
  });

  it('more networks than a double can count: exactly', () => {
    const stage = { block: 'basic', repeats: { from: 1, to: 60_000, step: 1 } };
    const stages = [8, 16, 24, 32, 40].map((channels) => ({ ...stage, channels }));
    const space = describedBy(described(stages));
    expect(space.count).toBe(60_000n ** 5n);
    const last = space.at(space.count - 1n);
    expect(last).toBe('60000:60000:60000:60000:60000');
    expect(space.indexOf(last)).toBe(60_000n ** 5n - 1n);
    const random = generatorFor('many');
    const [one, other] = [space.sample(random), space.sample(random)];
    expect(one).not.toBe(other);
    expect(space.at(space.indexOf(one))).toBe(one);
  });

  it('and is written as JSON that reads back', () => {
    const space = spaceOf(
      described([{ oneOf: { a: { block: 'conv' }, b: { block: 'basic' } }, channels: 8 }]),
    );
    expect(JSON.parse(jsonText(space.description as never))).toEqual(space.description);
  });
});

describe('a description is refused, with place and reason, for', () => {
  const mb = { block: 'mbconv', channels: 16 };
  it.each([
    [
      'a stage that takes its stride along',
      [{ ...mb, repeats: [0, 1], stride: 2 }],
      'stages[0].repeats',
      'loses its stride',
    ],
    [
      'one that may',
      [{ ...mb, repeats: [0, 1], stride: [1, 2] }],
      'stages[0].repeats',
      'loses its stride',
    ],
    ['a stage that is never there', [{ ...mb, repeats: 0 }], 'stages[0].repeats', 'never exists'],
    [
      'a choice per block of what is no choice',
      [{ ...mb, perBlock: ['kernel'] }],
      'stages[0].perBlock',
      'no effect',
    ],
    [
      'a choice per block that the kind lacks',
      [{ block: 'basic', channels: 8, perBlock: ['expansion'] }],
      'stages[0].perBlock',
      'no effect',
    ],
    [
      'a kind that is offered twice',
      [{ oneOf: { a: { block: 'conv' }, b: { block: 'conv', kernel: 5 } }, channels: 8 }],
      'stages[0].oneOf.b',
      'counted twice',
    ],
    [
      'a kind per block where there is one',
      [{ oneOf: { a: { block: 'conv' } }, channels: 8, perBlock: ['block'] }],
      'stages[0].perBlock',
      'no effect',
    ],
    [
      'a field that the kind already covers',
      [
        {
          oneOf: { a: { block: 'conv' }, b: { block: 'basic', kernel: [3, 5] } },
          channels: 8,
          perBlock: ['block', 'kernel'],
        },
      ],
      'stages[0].perBlock',
      'no effect',
    ],
    ['the same stride twice', [{ ...mb, stride: [2, 2] }], 'stages[0].stride', 'twice'],
    [
      'the same activation twice',
      [{ ...mb, activation: ['relu', 'relu'] }],
      'stages[0].activation',
      'twice',
    ],
    [
      'a share of squeeze-and-excite that leaves nothing',
      [{ ...mb, squeezeExcite: [false, 0.01] }],
      'stages[0].squeezeExcite',
      'less than one',
    ],
    [
      'two shares that are the same',
      [{ ...mb, squeezeExcite: [0.25, 0.26] }],
      'stages[0].squeezeExcite',
      'counted twice',
    ],
    [
      'stages that are the same in two ways',
      [1, 2].map(() => ({ ...mb, repeats: [0, 1] })),
      'stages[1].repeats',
      'counted twice',
    ],
    [
      'a group that a vanished stage leaves unfit',
      [
        { block: 'conv', channels: 24, repeats: [0, 1] },
        { block: 'mbconv', channels: 24, expansion: 1, convolution: { group: 24 }, repeats: 1 },
      ],
      'stages[1].convolution',
      'group size 24',
    ],
    [
      'strides that shrink too far',
      Array.from({ length: 6 }, (_, i) => ({ block: 'basic', channels: 8 + i, stride: [1, 2] })),
      'stages[4].stride',
      'below 1 pixel',
    ],
  ] as const)('%s', (_what, stages, path, reason) => {
    const why = faultOf(described(stages));
    expect(why?.path).toBe(`network.backbone.${path}`);
    expect(why?.what).toContain(reason);
    expect(why?.hint.length).toBeGreaterThan(5);
  });

  it.each([
    [
      'a size twice',
      { scoring: [32, 32], deployment: { choices: [64, [64, 64]] } },
      'resolution.deployment',
      'twice',
    ],
    [
      'a range that misses its end',
      { scoring: [32, 32], deployment: { from: 64, to: 90, step: 8 } },
      'resolution.deployment',
      'does not end',
    ],
    [
      'a size too small for its strides',
      { scoring: [32, 32], deployment: { choices: [64, 1] } },
      'network.backbone.stem[0].stride',
      'below 1 pixel',
    ],
  ])('%s', (_what, resolution, path, reason) => {
    const why = faultOf(described([mb], { resolution }));
    expect(why?.path).toBe(path);
    expect(why?.what).toContain(reason);
  });

  it('resolutions that a head cannot take, whichever strides are chosen', () => {
    const stages = [16, 24, 32, 40].map((channels) => ({ block: 'basic', channels, stride: 2 }));
    const network = {
      backbone: { kind: 'stages', stem: [{ channels: 8, stride: 2 }], stages },
      head: { kind: 'up-b' },
    };
    const resolution = { scoring: [64, 64], deployment: { from: 128, to: 192, step: 16 } };
    const json = described([], { task: 'segmentation', resolution, network });
    expect(faultOf(json)).toMatchObject({
      path: 'resolution.scoring',
      hint: 'Use multiples of 32.',
    });
    const open = { ...network.backbone, stages: stages.map((one) => ({ ...one, stride: [1, 2] })) };
    const fixed = { scoring: [64, 64], deployment: [128, 128] };
    const choosing = { ...json, resolution: fixed, network: { ...network, backbone: open } };
    expect(faultOf(choosing)?.what).toContain('joins four sizes of features');
  });
});

function faultOf(json: unknown): DescriptionError | null {
  try {
    spaceOf(json);
  } catch (error) {
    if (error instanceof DescriptionError) return error;
    throw error;
  }
  return null;
}

describe('what would be counted twice, or is nothing', () => {
  const one = { block: 'basic', channels: 32 };
  it.each([
    [
      'alike stages whose blocks add up in two ways',
      [
        { ...one, repeats: [0, 1] },
        { ...one, repeats: [1, 2] },
      ],
      'alike',
    ],
    [
      'a choice between no kinds',
      [{ oneOf: {}, channels: 32, repeats: [1, 2], perBlock: ['block'] }],
      'oneOf',
    ],
  ])('%s is refused', (_what, stages, said) => {
    expect(() => spaceOf(described(stages))).toThrowError(
      expect.objectContaining({
        code: 'space-invalid',
        message: expect.stringContaining(said) as string,
      }),
    );
  });

  it('alike stages whose blocks add up in one way are not', () => {
    const stages = [
      { ...one, repeats: [0, 1] },
      { ...one, repeats: 2 },
    ];
    expect(spaceOf(described(stages)).networks).toBe(2);
  });
});
