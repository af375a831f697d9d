/** The description of a space as stored in a file; docs/spaces.md explains it. */
import { z } from 'zod';
import { tasks } from './tasks.ts';

const whole = z.number().int().min(1).max(65_536);
const countable = z.number().int().min(0).max(65_536);
const geneName = z.string().regex(/^[A-Za-z][\w.-]*$/, 'a name of letters, digits, "." and "-"');

const choiceOf = (one: typeof whole) =>
  z.union([
    one,
    z.array(one).min(1),
    z.strictObject({ gene: geneName.optional(), choices: z.array(one).min(1) }),
    z.strictObject({ gene: geneName.optional(), from: one, to: one, step: whole }),
  ]);

/** A number, a list to choose from, or a range; the object forms may name the gene. */
export const choiceSchema = choiceOf(whole);
export type Choice = z.infer<typeof choiceSchema>;
/** How many blocks a stage has; a stage with none is left out. */
const repeatsSchema = choiceOf(countable);

const factor = z.number().gt(0).max(65_536);
/** As `choiceSchema`, of numbers that need not be whole, as MobileNetV3's 2.3 is; a range has whole ones. */
const factorsSchema = z.union([
  factor,
  z.array(factor).min(1),
  z.strictObject({ gene: geneName.optional(), choices: z.array(factor).min(1) }),
  z.strictObject({ gene: geneName.optional(), from: whole, to: whole, step: whole }),
]);

/** `group` is the number of channels in a group; `channels` the widths it is offered for, by default all. */
export const convolutionSchema = z.union([
  z.enum(['regular', 'depthwise']),
  z.strictObject({ group: whole, channels: z.array(whole).min(1).optional() }),
]);
export type Convolution = z.infer<typeof convolutionSchema>;
const convolutions = z.union([convolutionSchema, z.array(convolutionSchema).min(1)]);

export const activations = ['relu', 'swish', 'hard-swish', 'gelu', 'none'] as const;
export type Activation = (typeof activations)[number];
const activation = z.enum(activations);

const strides = z.union([z.literal(1), z.literal(2)]);
const common = {
  channels: choiceSchema,
  repeats: repeatsSchema.default(1),
  stride: z.union([strides, z.array(strides).min(1)]).default(1),
};

/** Squeeze-and-excite: a share of the block's input channels, MobileNetV3's variant, or none. */
const excitation = z.union([z.literal(false), z.literal('mobilenetv3'), z.number().gt(0).max(1)]);
export type Excitation = z.infer<typeof excitation>;
const squeezeExcite = z.union([excitation, z.array(excitation).min(1)]).default(false);

/** The choices that every block may make for itself, if its stage says so. */
export const blockFields = [
  'kernel',
  'expansion',
  'convolution',
  'squeezeExcite',
  'activation',
] as const;
export type BlockField = (typeof blockFields)[number];

const spatial = {
  kernel: choiceSchema.default(3),
  /** Activation of the stage; by default the network's. */
  activation: z.union([activation, z.array(activation).min(1)]).optional(),
};
/** Fields of each kind of block, besides those of its stage. */
const kinds = {
  conv: { ...spatial, convolution: convolutions.default('regular') },
  basic: { ...spatial, convolution: convolutions.default('regular') },
  bottleneck: {
    ...spatial,
    /** Output channels over inner channels. */
    expansion: choiceSchema.default(4),
    convolution: convolutions.default('regular'),
  },
  mbconv: {
    ...spatial,
    /** Inner channels over those of the input, to the nearest whole number of channels. */
    expansion: factorsSchema.default(6),
    convolution: convolutions.default('depthwise'),
    squeezeExcite,
  },
  'fused-mbconv': {
    ...spatial,
    expansion: factorsSchema.default(4),
    convolution: convolutions.default('regular'),
    squeezeExcite,
  },
};

/** The choices that every block of the stage makes for itself. */
const perBlock = { perBlock: z.array(z.enum(blockFields)).min(1).optional() };

export const stageSchema = z.discriminatedUnion('block', [
  z.strictObject({ block: z.literal('conv'), ...common, ...kinds.conv, ...perBlock }),
  z.strictObject({ block: z.literal('basic'), ...common, ...kinds.basic, ...perBlock }),
  z.strictObject({ block: z.literal('bottleneck'), ...common, ...kinds.bottleneck, ...perBlock }),
  z.strictObject({ block: z.literal('mbconv'), ...common, ...kinds.mbconv, ...perBlock }),
  z.strictObject({
    block: z.literal('fused-mbconv'),
    ...common,
    ...kinds['fused-mbconv'],
    ...perBlock,
  }),
  z.strictObject({
    block: z.literal('nats-cell'),
    channels: z.union([choiceSchema, z.literal('same')]),
  }),
  z.strictObject({ block: z.literal('nats-reduction'), channels: choiceSchema }),
]);
export type Stage = z.infer<typeof stageSchema>;

/** One of the kinds of block that a stage offers. */
export const offeredBlockSchema = z.discriminatedUnion('block', [
  z.strictObject({ block: z.literal('conv'), ...kinds.conv }),
  z.strictObject({ block: z.literal('basic'), ...kinds.basic }),
  z.strictObject({ block: z.literal('bottleneck'), ...kinds.bottleneck }),
  z.strictObject({ block: z.literal('mbconv'), ...kinds.mbconv }),
  z.strictObject({ block: z.literal('fused-mbconv'), ...kinds['fused-mbconv'] }),
]);
export type OfferedBlock = z.infer<typeof offeredBlockSchema>;

/** A stage with a choice of blocks: channels, repeats and stride belong to the stage, the rest to the block. */
export const mixedStageSchema = z.strictObject({
  oneOf: z.record(geneName, offeredBlockSchema),
  ...common,
  /** With `block`, every block chooses its kind and all options of that kind. */
  perBlock: z
    .array(z.enum(['block', ...blockFields]))
    .min(1)
    .optional(),
});
export type MixedStage = z.infer<typeof mixedStageSchema>;
export type AnyStage = Stage | MixedStage;

export const stemLayerSchema = z.strictObject({
  channels: choiceSchema,
  kernel: whole.default(3),
  stride: strides.default(1),
  activation: activation.optional(),
});
export const stemPoolSchema = z.strictObject({
  pool: z.literal('max'),
  kernel: whole.default(3),
  stride: strides.default(2),
});
export type StemLayer = z.infer<typeof stemLayerSchema> | z.infer<typeof stemPoolSchema>;

/** What an edge of a cell of NAS-Bench-201 can be, by the names that the benchmark gives it. */
export const cellOperations = [
  'none',
  'skip_connect',
  'nor_conv_1x1',
  'nor_conv_3x3',
  'avg_pool_3x3',
] as const;
export type CellOperation = (typeof cellOperations)[number];

export const backboneSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stages'),
    stem: z.array(z.union([stemLayerSchema, stemPoolSchema])).min(1),
    stages: z
      .array(z.union([stageSchema, mixedStageSchema]))
      .min(1)
      .max(32),
  }),
  z.strictObject({
    kind: z.literal('hrnet'),
    /** Channels of the finest branch; each coarser one has twice as many. */
    width: choiceSchema,
    bottlenecks: choiceSchema.default(2),
    /** Modules of the stages with two, three and four branches. */
    modules: z.tuple([choiceSchema, choiceSchema, choiceSchema]),
    /** Basic blocks per branch of a module. */
    blocks: choiceSchema.default(2),
  }),
  z.strictObject({
    kind: z.literal('nas-bench-201'),
    /** Channels of the stem and the first group of cells; the other two groups have two and four times as many. */
    channels: whole.default(16),
    /** Cells per group. */
    cells: whole.max(64).default(5),
    /** The operations that any edge of the cell may be. */
    operations: z
      .array(z.enum(cellOperations))
      .min(1)
      .default([...cellOperations]),
  }),
]);
export type Backbone = z.infer<typeof backboneSchema>;

export const headSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('classifier'),
    /** Channels of a final 1x1 convolution; without them there is none. */
    channels: choiceSchema.optional(),
    /** Channels of a layer between pooling and classifier, as in MobileNetV3; without them there is none. */
    hidden: choiceSchema.optional(),
    /** BatchNorm and activation right before pooling. */
    norm: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('up-b') }),
  z.strictObject({ kind: z.literal('hrnet') }),
  z.strictObject({
    kind: z.literal('efficientdet'),
    channels: choiceSchema.default(64),
    /** Layers of the BiFPN. */
    layers: choiceSchema.default(3),
    /** Separable convolutions before each prediction. */
    depth: choiceSchema.default(3),
  }),
]);
export type Head = z.infer<typeof headSchema>;

const oneOf = <T extends z.ZodType>(one: T) =>
  z.union([one, z.strictObject({ gene: geneName, oneOf: z.record(geneName, one) })]);

export const networkSchema = z.strictObject({
  activation: activation.default('relu'),
  normEpsilon: z.number().gt(0).max(0.1).default(1e-5),
  backbone: oneOf(backboneSchema),
  head: oneOf(headSchema),
});
export type NetworkDescription = z.infer<typeof networkSchema>;

/** Height and width in pixels. */
const size = z.tuple([whole, whole]);

/** Sizes to choose from: squares by their side, or height and width. */
const sizes = z.union([
  z.strictObject({ gene: geneName.optional(), from: whole, to: whole, step: whole }),
  z.strictObject({ gene: geneName.optional(), choices: z.array(z.union([whole, size])).min(1) }),
]);
export type SizeChoice = z.infer<typeof sizes>;

/** The scoring size for the largest deployed size; the others are scored at sizes in the same ratio. */
export const resolutionSchema = z.strictObject({
  scoring: size,
  deployment: z.union([size, sizes]),
});
export type ResolutionDescription = z.infer<typeof resolutionSchema>;

/** Characters of a title. */
export const mostSpaceTitle = 120;

export const descriptionSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'lower case letters, digits and "-"'),
  title: z.string().min(1).max(mostSpaceTitle),
  task: z.enum(tasks),
  classes: whole,
  resolution: resolutionSchema,
  /** Channels of an image: 3, or 1 for grey images. */
  imageChannels: z.union([z.literal(1), z.literal(3)]).optional(),
  network: networkSchema,
  /** Networks of the space by their genotype, or fixed networks beside it. */
  baselines: z
    .array(
      z.union([
        z.strictObject({ name: z.string().min(1), genotype: z.string() }),
        z.strictObject({ name: z.string().min(1), network: networkSchema }),
      ]),
    )
    .default([]),
});
export type SpaceDescription = z.infer<typeof descriptionSchema>;
export type SpaceDescriptionInput = z.input<typeof descriptionSchema>;
