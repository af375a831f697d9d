/**
 * Architectures that others published, written down as anybody would who reads docs/spaces.md: with choices around
 * them, and themselves as one network of the space. What they have to come to is what their authors, torchvision
 * (`num_params` and `_ops` of its weights, BSD 3-clause) or timm (Apache 2.0) say of them.
 */
import type { SpaceDescriptionInput } from '../../main/common/space-description.ts';
import { mobileNetV2 } from './mobilenet-v2.ts';

type Backbone = Extract<SpaceDescriptionInput['network']['backbone'], { readonly kind: 'stages' }>;
type Stage = Backbone['stages'][number];
type Head = SpaceDescriptionInput['network']['head'];

export interface Published {
  readonly description: SpaceDescriptionInput;
  /** The published network among those of the description. */
  readonly genotype: string;
  readonly parameters: number;
  /** Multiply-adds in millions, as published. */
  readonly millionMacs: number;
  readonly networks: bigint;
}

function imageNet(
  name: string,
  stem: Backbone['stem'],
  stages: readonly Stage[],
  head: Omit<Extract<Head, { readonly kind: 'classifier' }>, 'kind'> = {},
  { side = 224, ...more }: { side?: number; activation?: 'hard-swish' | 'swish' } = {},
): SpaceDescriptionInput {
  return {
    ...{ name, title: name, task: 'classification', classes: 1000 },
    resolution: { scoring: [64, 64], deployment: [side, side] },
    network: {
      ...more,
      backbone: { kind: 'stages', stem, stages: [...stages] },
      head: { kind: 'classifier', ...head },
    },
  };
}

const resNetStem: Backbone['stem'] = [
  { channels: 64, kernel: 7, stride: 2 },
  { pool: 'max', kernel: 3, stride: 2 },
];
const strides = [1, 2, 2, 2] as const;

/** He et al., arXiv 1512.03385, with the stride in the 3x3 convolution as in torchvision. */
const resNet50 = imageNet(
  'resnet-50',
  resNetStem,
  [256, 512, 1024, 2048].map((channels, i) => ({
    ...{ block: 'bottleneck', channels, stride: strides[i]! },
    repeats: [3, 4, [6, 23, 36], 3][i]!,
  })),
);

const resNet18 = imageNet(
  'resnet-18',
  resNetStem,
  [64, 128, 256, 512].map((channels, i) => ({
    ...{ block: 'basic', channels, stride: strides[i]!, repeats: [2, 3] },
  })),
);

/** Xie et al., arXiv 1611.05431: 32 groups, so 4, 8, 16 and 32 channels in each. */
const resNeXt50 = imageNet(
  'resnext-50-32x4d',
  resNetStem,
  [256, 512, 1024, 2048].map((channels, i) => ({
    ...{ block: 'bottleneck', channels, stride: strides[i]!, repeats: [3, 4, 6, 3][i]! },
    ...{ expansion: 2, convolution: ['regular', { group: 4 * 2 ** i }] },
  })),
);

/** Radosavovic et al., arXiv 2003.13678; widths as torchvision adjusts them to the groups. */
const regNetX400 = imageNet(
  'regnet-x-400mf',
  [{ channels: 32, stride: 2 }],
  [32, 64, 160, 400].map((channels, i) => ({
    ...{ block: 'bottleneck', channels, stride: 2, repeats: [1, 2, 7, 12][i]! },
    ...{ expansion: 1, convolution: [{ group: 16 }, { group: 8 }] },
  })),
);

/** Tan et al., arXiv 1807.11626, figure 7 without squeeze-and-excite (B1): torchvision's mnasnet1_0. */
const mnasNet = imageNet(
  'mnasnet-b1',
  [{ channels: 32, stride: 2 }],
  (
    [
      [16, 3, 1, 1, 1],
      [24, 3, 3, 3, 2],
      [40, 5, 3, 3, 2],
      [80, 5, 6, 3, 2],
      [96, 3, 6, 2, 1],
      [192, 5, 6, 4, 2],
      [320, 3, 6, 1, 1],
    ] as const
  ).map(([channels, kernel, expansion, repeats, stride]) => ({
    ...{ block: 'mbconv', channels, repeats, stride, expansion },
    kernel: channels === 16 ? kernel : [3, 5],
  })),
  { channels: 1280 },
);

/** Tan and Le, arXiv 2104.00298, as in torchvision. */
const efficientNetV2S = imageNet(
  'efficientnet-v2-s',
  [{ channels: 24, stride: 2 }],
  [
    { block: 'fused-mbconv', channels: 24, repeats: 2, expansion: 1 },
    { block: 'fused-mbconv', channels: 48, repeats: [2, 4], stride: 2, expansion: 4 },
    { block: 'fused-mbconv', channels: 64, repeats: 4, stride: 2, expansion: 4 },
    ...(
      [
        [128, 6, 4, 2],
        [160, 9, 6, 1],
        [256, 15, 6, 2],
      ] as const
    ).map(([channels, repeats, expansion, stride]): Stage => ({
      ...{ block: 'mbconv', channels, repeats, expansion, stride },
      squeezeExcite: [false, 0.25],
    })),
  ],
  { channels: 1280 },
  { side: 384, activation: 'swish' },
);

/** Howard et al., arXiv 1905.02244, table 1: every stage's blocks choose their expansion. */
const mobileNetV3Large = imageNet(
  'mobilenet-v3-large',
  [{ channels: 16, stride: 2 }],
  [
    { block: 'mbconv', channels: 16, expansion: 1, activation: 'relu' },
    {
      ...{ block: 'mbconv', channels: 24, repeats: 2, stride: 2, activation: 'relu' },
      ...{ expansion: [3, 4], perBlock: ['expansion'] },
    },
    {
      ...{ block: 'mbconv', channels: 40, repeats: 3, stride: 2, activation: 'relu' },
      ...{ kernel: [3, 5], expansion: 3, squeezeExcite: 'mobilenetv3' },
    },
    {
      ...{ block: 'mbconv', channels: 80, repeats: 4, stride: 2 },
      ...{ expansion: [2.3, 2.5, 6], perBlock: ['expansion'] },
    },
    {
      ...{ block: 'mbconv', channels: 112, repeats: 2, expansion: 6 },
      squeezeExcite: [false, 'mobilenetv3'],
    },
    {
      ...{ block: 'mbconv', channels: 160, repeats: 3, stride: 2, kernel: 5, expansion: 6 },
      squeezeExcite: 'mobilenetv3',
    },
  ],
  { channels: 960, hidden: 1280 },
  { activation: 'hard-swish' },
);

/**
 * FBNet-C (Wu et al., arXiv 1812.03443) in the space of its paper but for grouped 1x1 convolutions: each block
 * chooses kernel and expansion, or is not there. FBNet widens by 1 with a convolution, MobileNetV2 without one, and
 * so do descriptions: the two blocks of expansion 1 in its second stage lack 24 x 24 weights and a norm each.
 */
const fbNetC = imageNet(
  'fbnet-c',
  [{ channels: 16, stride: 2 }],
  [
    { block: 'mbconv', channels: 16, expansion: 1 },
    ...(
      [
        [24, 4, 2],
        [32, 4, 2],
        [64, 4, 2],
        [112, 4, 1],
        [184, 4, 2],
        [352, 1, 1],
      ] as const
    ).map(([channels, most, stride]): Stage => ({
      ...{ block: 'mbconv', channels, stride, kernel: [3, 5], expansion: [1, 3, 6] },
      ...{ repeats: most === 1 ? 1 : [1, 2, 3, 4], perBlock: ['kernel', 'expansion'] },
    })),
  ],
  { channels: 1984 },
);

/** Cai et al., arXiv 1812.00332, the network for phones: each block chooses. */
const proxylessMobile = imageNet(
  'proxyless-mobile',
  [{ channels: 32, stride: 2 }],
  [
    { block: 'mbconv', channels: 16, expansion: 1 },
    ...(
      [
        [32, 2],
        [40, 2],
        [80, 2],
        [96, 1],
        [192, 2],
        [320, 1],
      ] as const
    ).map(([channels, stride]): Stage => ({
      ...{ block: 'mbconv', channels, stride, kernel: [3, 5, 7], expansion: [3, 6] },
      ...{ repeats: channels === 320 ? 1 : [1, 2, 3, 4], perBlock: ['kernel', 'expansion'] },
    })),
  ],
  { channels: 1280 },
);

/** Tan et al., arXiv 1807.11626, figure 7 (A1), as in timm (semnasnet_100). */
const mnasNetA1 = imageNet(
  'mnasnet-a1',
  [{ channels: 32, stride: 2 }],
  (
    [
      [16, 3, 1, 1, 1, false],
      [24, 3, 6, 2, 2, false],
      [40, 5, 3, 3, 2, true],
      [80, 3, 6, 4, 2, false],
      [112, 3, 6, 2, 1, true],
      [160, 5, 6, 3, 2, true],
      [320, 3, 6, 1, 1, false],
    ] as const
  ).map(([channels, kernel, expansion, repeats, stride, squeezes]) => ({
    ...{ block: 'mbconv', channels, kernel, expansion, repeats, stride },
    squeezeExcite: squeezes ? [false, 0.25] : false,
  })),
  { channels: 1280 },
);

export const published: readonly Published[] = [
  {
    ...{ description: resNet18, genotype: '2:2:2:2', networks: 16n },
    ...{ parameters: 11_689_512, millionMacs: 1814 },
  },
  {
    ...{ description: resNet50, genotype: '6', networks: 3n },
    ...{ parameters: 25_557_032, millionMacs: 4089 },
  },
  {
    ...{ description: resNeXt50, genotype: 'g4:g8:g16:g32', networks: 16n },
    ...{ parameters: 25_028_904, millionMacs: 4230 },
  },
  {
    ...{ description: regNetX400, genotype: 'g16:g16:g16:g16', networks: 16n },
    ...{ parameters: 5_495_976, millionMacs: 414 },
  },
  {
    description: mobileNetV2(1, [96, 128, 160, 192, 224], 96),
    ...{ genotype: '224', networks: 5n, parameters: 3_504_872, millionMacs: 301 },
  },
  {
    ...{ description: mnasNet, genotype: '3:5:5:3:5:3', networks: 64n },
    ...{ parameters: 4_383_312, millionMacs: 314 },
  },
  {
    ...{ description: mnasNetA1, genotype: '0.25:0.25:0.25', networks: 8n },
    ...{ parameters: 3_887_038, millionMacs: 312 },
  },
  {
    ...{ description: efficientNetV2S, genotype: '4:0.25:0.25:0.25', networks: 16n },
    ...{ parameters: 21_458_488, millionMacs: 8366 },
  },
  {
    // torchvision's layer of 1280 channels behind the pooling has a bias, once-for-all's and ours has none.
    ...{ description: mobileNetV3Large, genotype: '4:3/5/6:2.5:2.3:2.3/mobilenetv3' },
    ...{ networks: 1296n, parameters: 5_483_032 - 1280, millionMacs: 217 },
  },
  {
    description: proxylessMobile,
    genotype:
      '2:5:3:3:3:-:-:-:-/4:7:3:3:3:5:3:5:3/4:7:6:5:3:5:3:5:3/4:5:6:5:3:5:3:5:3/4:7:6:7:6:7:3:7:3/7:6',
    ...{ networks: 1554n ** 5n * 6n, parameters: 4_080_512, millionMacs: 320 },
  },
  {
    description: fbNetC,
    genotype:
      '3:3:6:3:1:3:1:-:-/4:5:6:5:3:5:6:3:6/4:5:6:5:3:5:6:5:6/4:5:6:5:6:5:6:5:3/4:5:6:5:6:5:6:5:6/3:6',
    // The paper has 5.5 million and 375, timm 5.57 million; counted here.
    ...{ networks: 1554n ** 5n * 6n, parameters: 5_570_664, millionMacs: 378 },
  },
];

/** What no description says: the first word at which it is refused, and where. */
export const beyond: readonly {
  readonly name: string;
  readonly description: object;
  readonly at: string;
  readonly says: RegExp;
}[] = [
  {
    name: 'GhostNet (Han et al., arXiv 1911.11907)',
    description: imageNet(
      'ghostnet',
      [{ channels: 16, stride: 2 }],
      [
        { block: 'basic', channels: 16 },
        { block: 'ghost', channels: 24, expansion: 3, stride: 2 } as never,
      ],
    ),
    at: 'network.backbone.stages[1].block',
    says: /conv.*basic.*bottleneck.*mbconv/,
  },
  {
    name: 'U-Net (Ronneberger et al., arXiv 1505.04597)',
    description: {
      ...imageNet('unet', [{ channels: 64 }], [{ block: 'conv', channels: 128, stride: 2 }]),
      ...{ task: 'segmentation', classes: 19 },
      network: {
        backbone: {
          kind: 'stages',
          stem: [{ channels: 64 }, { pool: 'max' }],
          stages: [128, 256, 512].map((channels) => ({ block: 'conv', channels, stride: 2 })),
        },
        head: { kind: 'unet', channels: [256, 128, 64] },
      },
    },
    at: 'network.head.kind',
    says: /classifier.*up-b.*hrnet.*efficientdet/,
  },
  {
    name: 'CCT (Hassani et al., arXiv 2104.05704)',
    description: imageNet(
      'cct',
      [{ channels: 64, kernel: 7, stride: 2 }],
      [{ block: 'attention', channels: 256, heads: 4, repeats: 7 } as never],
    ),
    at: 'network.backbone.stages[0].block',
    says: /conv.*basic.*bottleneck.*mbconv/,
  },
  {
    name: 'RegNetY, whose bottlenecks have squeeze-and-excite (arXiv 2003.13678)',
    description: imageNet(
      'regnet-y',
      [{ channels: 32, stride: 2 }],
      [{ block: 'bottleneck', channels: 48, expansion: 1, squeezeExcite: 0.25 } as never],
    ),
    at: 'network.backbone.stages[0].squeezeExcite',
    says: /^Valid keys are block, channels, /,
  },
  {
    name: 'ShuffleNet (Zhang et al., arXiv 1707.01083)',
    description: imageNet(
      'shufflenet',
      [{ channels: 24, stride: 2 }],
      [{ block: 'bottleneck', channels: 240, groups: 3, shuffle: true } as never],
    ),
    at: 'network.backbone.stages[0].groups',
    says: /^Valid keys are block, channels, /,
  },
];
