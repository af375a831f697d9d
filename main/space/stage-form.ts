/** A stage of a description in one form, whether its kind of block is fixed or a choice. */
import {
  activations,
  type Activation,
  type AnyStage,
  type BlockField,
  type Choice,
  type Convolution,
  type Excitation,
  type OfferedBlock,
  type Stage,
} from '../common/space-description.ts';
import { convolutionLabel, groupSizeOf, isOfferedFor, listOf, valuesOf } from './choices.ts';

/** One kind of block that a stage offers, with the choices that it leaves open. */
export interface KindForm {
  readonly block: Stage['block'];
  /** What it is called among several; null where it is the only one. */
  readonly label: string | null;
  readonly fields: Partial<OfferedBlock>;
}

export interface StageForm {
  /** Null where they are those of the input. */
  readonly channels: Choice | null;
  readonly repeats: Choice;
  /** False for the blocks of NATS-Bench, which do not repeat. */
  readonly repeating: boolean;
  readonly strides: readonly number[];
  readonly kinds: readonly KindForm[];
  /** What every block chooses for itself; `block` is its kind, and all that this has. */
  readonly perBlock: ReadonlySet<BlockField | 'block'>;
}

export function stageForm(stage: AnyStage): StageForm {
  const repeating = 'repeats' in stage;
  const common = {
    channels: stage.channels === 'same' ? null : stage.channels,
    repeats: repeating ? stage.repeats : 1,
    repeating,
    strides: stridesOf(stage),
    perBlock: new Set(('perBlock' in stage ? stage.perBlock : undefined) ?? []),
  };
  if ('block' in stage) {
    const fields = stage as Partial<OfferedBlock>;
    return { ...common, kinds: [{ block: stage.block, label: null, fields }] };
  }
  const offered = Object.entries(stage.oneOf);
  const label = (name: string) => (offered.length === 1 ? null : name);
  const kinds = offered.map(([name, fields]) => ({
    ...{ block: fields.block, label: label(name), fields },
  }));
  return { ...common, kinds };
}

function stridesOf(stage: AnyStage): readonly number[] {
  if ('block' in stage && stage.block === 'nats-reduction') return [2];
  return 'stride' in stage ? listOf(stage.stride) : [1];
}

/** Channels that the stage can give. */
export function widthsOf({ channels, repeats }: StageForm, entering: readonly number[]): number[] {
  const own = channels === null ? entering : valuesOf(channels).values;
  const vanishing = valuesOf(repeats).values.includes(0);
  return [...new Set(vanishing ? [...entering, ...own] : own)];
}

export function canVanish({ repeats }: StageForm): boolean {
  return valuesOf(repeats).values.includes(0);
}

export interface FieldOption {
  readonly value: number;
  readonly label: string;
}

export interface FieldChoice {
  /** The gene's own name, where the description gives one. */
  readonly gene: string | null;
  readonly options: readonly FieldOption[];
}

/** The order in which genotypes are written; channels and repeats stand between them. */
export const fieldsBeforeChannels: readonly BlockField[] = ['kernel'];
export const fieldsAfterRepeats: readonly BlockField[] = [
  'expansion',
  'squeezeExcite',
  'activation',
];

const numbers = (choice: Choice): FieldChoice => {
  const { gene, values } = valuesOf(choice);
  return { gene, options: values.map((value) => ({ value, label: String(value) })) };
};

/** What a field offers for these channels; null where it is no choice, or where the kind has no such field. */
export function fieldChoice(
  fields: KindForm['fields'],
  field: BlockField,
  channels: number,
): FieldChoice | null {
  const value = (fields as Partial<Record<BlockField, unknown>>)[field];
  if (value === undefined) return null;
  switch (field) {
    case 'kernel':
    case 'expansion': {
      const choice = numbers(value as Choice);
      return choice.options.length < 2 ? null : choice;
    }
    case 'convolution': {
      const all = convolutionsOf(fields);
      if (all.length < 2) return null;
      const options = all
        .filter((one) => isOfferedFor(one, channels))
        .map((one) => ({ value: groupSizeOf(one), label: convolutionLabel(groupSizeOf(one)) }));
      return { gene: null, options };
    }
    case 'squeezeExcite': {
      const all = listOf(value as Excitation | readonly Excitation[]);
      if (all.length < 2) return null;
      // The values are places in the list: a share is no quantity beside MobileNetV3's form.
      const options = all.map((one, i) => ({ value: i + 1, label: excitationLabel(one) }));
      return { gene: null, options };
    }
    case 'activation': {
      const all = listOf(value as Activation | readonly Activation[]);
      if (all.length < 2) return null;
      const options = all.map((one) => ({ value: activations.indexOf(one) + 1, label: one }));
      return { gene: null, options };
    }
  }
}

const excitationLabel = (one: Excitation): string => (one === false ? 'none' : String(one));

/** The convolutions that a kind of block offers. The blocks of NATS-Bench have their own. */
export function convolutionsOf(fields: KindForm['fields']): readonly Convolution[] {
  return fields.convolution === undefined ? ['regular'] : listOf(fields.convolution);
}

/** True where a convolution is offered for some widths only. */
export function isLimited({ kinds }: StageForm): boolean {
  return kinds.some(({ fields }) =>
    convolutionsOf(fields).some((one) => typeof one === 'object' && one.channels !== undefined),
  );
}

/** The gene of a field: of the stage, or of one of its blocks, which are counted from 1. */
export function fieldGene(
  part: string,
  { label }: KindForm,
  field: BlockField,
  named: string | null,
  block: number | null,
): string {
  const owner = label === null ? part : `${part}.${label}`;
  return `${named ?? `${owner}.${field}`}${block ?? ''}`;
}

/** The gene of a block's kind. */
export function kindGene(part: string, block: number | null): string {
  return `${part}.block${block ?? ''}`;
}

/**
 * The first block of these changes the channels, so its convolution remains regular: a choice would have no effect.
 */
export function isFixedOnEntering(block: Stage['block'], field: BlockField): boolean {
  return field === 'convolution' && (block === 'conv' || block === 'fused-mbconv');
}
