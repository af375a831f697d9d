/**
 * The editor's vocabulary: which fields a block or a head has. It is derived from the schema of descriptions.
 */
import { headSchema, stageSchema } from '../../../main/common/space-description.ts';
import { choiceText, convolutionText } from './space-form.ts';
import { isObject, type Json } from './space-json.ts';

/** In the order of the form's columns. */
const stageFields = ['channels', 'kernel', 'repeats', 'expansion', 'convolution'] as const;
export type StageField = (typeof stageFields)[number];

const headFields = ['channels', 'layers', 'depth'] as const;
export type HeadField = (typeof headFields)[number];

export interface BlockKind {
  readonly fields: readonly StageField[];
  /** What an absent key means. */
  readonly defaults: Readonly<Partial<Record<StageField, string>>>;
  readonly stride: boolean;
  readonly squeezeExcite: boolean;
}

export const blockKinds: Readonly<Record<string, BlockKind>> = Object.fromEntries(
  stageSchema.options.map((schema) => {
    const block = schema.shape.block.value;
    const filled: { readonly [key: string]: unknown } = schema.parse({ block, channels: 1 });
    const fields = stageFields.filter((field) => field in schema.shape);
    const defaults = fields.flatMap((field) => {
      if (field === 'channels') return [];
      const value = filled[field] as Json | undefined;
      return [[field, field === 'convolution' ? convolutionText(value) : choiceText(value)]];
    });
    return [
      block,
      {
        fields,
        defaults: Object.fromEntries(defaults) as BlockKind['defaults'],
        stride: 'stride' in schema.shape,
        squeezeExcite: 'squeezeExcite' in schema.shape,
      },
    ];
  }),
);

/** The fields of each head. */
export const headKinds: Readonly<Record<string, readonly HeadField[]>> = Object.fromEntries(
  headSchema.options.map(({ shape }) => [
    shape.kind.value,
    headFields.filter((field) => field in shape),
  ]),
);

/** A stage as another kind of block, keeping what both have in common. */
export function stageOfKind(stage: Json | undefined, block: string): Json {
  const kind = blockKinds[block];
  const kept = isObject(stage)
    ? Object.entries(stage).filter(
        ([key]) =>
          kind?.fields.some((field) => field === key) ||
          (key === 'stride' && kind?.stride) ||
          (key === 'squeezeExcite' && kind?.squeezeExcite),
      )
    : [];
  const next: { [key: string]: Json } = { block, ...Object.fromEntries(kept) };
  if (next['channels'] === undefined || (next['channels'] === 'same' && block !== 'nats-cell'))
    next['channels'] = 32;
  return next;
}
