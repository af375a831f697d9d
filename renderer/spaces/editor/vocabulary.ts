/**
 * The editor's vocabulary: which fields a block, a backbone or a head has. It is derived from the schema of
 * descriptions.
 */
import {
  backboneSchema,
  blockFields,
  headSchema,
  offeredBlockSchema,
  stageSchema,
  type BlockField,
} from '../../../main/common/space-description.ts';
import { fieldTexts } from './field-texts.ts';
import { stageFields, type StageField } from './stage-fields.ts';
import { isObject, type Json } from './space-json.ts';

const headFields = ['channels', 'hidden', 'norm', 'layers', 'depth'] as const;
export type HeadField = (typeof headFields)[number];

export interface BlockKind {
  readonly fields: readonly StageField[];
  /** What an absent key means. */
  readonly defaults: Readonly<Partial<Record<StageField, string>>>;
  /** Its blocks may choose for themselves. */
  readonly perBlock: boolean;
}

export const blockKinds: Readonly<Record<string, BlockKind>> = Object.fromEntries(
  stageSchema.options.map((schema) => {
    const block = schema.shape.block.value;
    const filled: { readonly [key: string]: unknown } = schema.parse({ block, channels: 1 });
    const fields = stageFields.filter((field) => field in schema.shape);
    const defaults = fields.flatMap((field) => {
      const value = field === 'channels' ? undefined : (filled[field] as Json | undefined);
      const text = value === undefined ? '' : fieldTexts[field].format(value);
      return text === '' ? [] : [[field, text]];
    });
    return [
      block,
      {
        fields,
        defaults: Object.fromEntries(defaults) as BlockKind['defaults'],
        perBlock: 'perBlock' in schema.shape,
      },
    ];
  }),
);

/** The kinds of block that a stage may offer beside others. */
export const offeredBlocks: readonly string[] = offeredBlockSchema.options.map(
  ({ shape }) => shape.block.value,
);

/** In the choice of a stage's block: the stage offers several kinds. */
export const severalKinds = 'several kinds';

/** What a stage of several kinds has itself; the rest is its kinds'. */
export const fieldsOfMixed = ['channels', 'repeats', 'stride'] as const;

/** What the blocks of a stage may choose for themselves, in the order of the columns. */
export function ownChoices(stage: Json | undefined): readonly (BlockField | 'block')[] {
  if (!isObject(stage)) return [];
  const kinds = kindsOf(stage);
  const has = (field: BlockField): boolean =>
    kinds.some((kind) => kind?.fields.some((one) => one === field));
  const fields = blockFields.filter(has);
  return 'oneOf' in stage ? ['block', ...fields] : fields;
}

/** The kind of block that a stage names; empty where it names none. */
function blockOf({ block }: { [key: string]: Json }): string {
  return typeof block === 'string' ? block : '';
}

function kindsOf(stage: { [key: string]: Json }): readonly (BlockKind | undefined)[] {
  const offered = stage['oneOf'];
  const blocks = isObject(offered) ? Object.values(offered) : [stage];
  return blocks.map((one) => (isObject(one) ? blockKinds[blockOf(one)] : undefined));
}

/** The fields of each head. */
export const headKinds: Readonly<Record<string, readonly HeadField[]>> = Object.fromEntries(
  headSchema.options.map(({ shape }) => [
    shape.kind.value,
    headFields.filter((field) => field in shape),
  ]),
);

export const backboneKinds: readonly string[] = backboneSchema.options.map(
  ({ shape }) => shape.kind.value,
);

/** A backbone of that kind to begin with. */
export function backboneOfKind(kind: string): Json {
  if (kind === 'hrnet') return { kind, width: 18, modules: [1, 4, 3] };
  if (kind === 'nas-bench-201') return { kind };
  return { kind, stem: [{ channels: 32 }], stages: [stageOfKind(undefined, 'basic')] };
}

/**
 * A stage as another kind of block, or as one of several kinds, keeping what both have in common. One of
 * several kinds begins with the block that the stage had.
 */
export function stageOfKind(stage: Json | undefined, block: string): Json {
  const before = isObject(stage) ? stage : {};
  if (block === severalKinds) return asMixed(before);
  const kind = blockKinds[block];
  const offered = isObject(before['oneOf']) ? Object.values(before['oneOf'])[0] : undefined;
  const source = { ...(isObject(offered) ? offered : {}), ...before };
  const kept = Object.entries(source).filter(
    ([key]) =>
      kind?.fields.some((field) => field === key) || (key === 'perBlock' && kind?.perBlock),
  );
  const next: { [key: string]: Json } = { block, ...Object.fromEntries(kept) };
  if (next['channels'] === undefined || (next['channels'] === 'same' && block !== 'nats-cell'))
    next['channels'] = 32;
  return withOwnChoices(next);
}

function asMixed(before: { [key: string]: Json }): Json {
  if ('oneOf' in before) return before;
  const block = offeredBlocks.includes(blockOf(before)) ? blockOf(before) : 'basic';
  const other = block === 'mbconv' ? 'fused-mbconv' : 'mbconv';
  const fields = stageOfKind(before, block) as { [key: string]: Json };
  const own = (key: string): boolean => fieldsOfMixed.some((field) => field === key);
  const pick = (wanted: (key: string) => boolean): { [key: string]: Json } =>
    Object.fromEntries(Object.entries(fields).filter(([key]) => key !== 'perBlock' && wanted(key)));
  return { oneOf: { [block]: pick((key) => !own(key)), [other]: { block: other } }, ...pick(own) };
}

/** Without the choices of blocks that this stage does not have. */
export function withOwnChoices(stage: { [key: string]: Json }): Json {
  const { perBlock, ...rest } = stage;
  if (!(perBlock instanceof Array)) return stage;
  const offered: readonly (Json | undefined)[] = ownChoices(rest);
  const kept = perBlock.filter((one) => offered.includes(one));
  return kept.length === 0 ? rest : { ...rest, perBlock: kept };
}
