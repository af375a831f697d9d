/** Writes the stages of a network whose choices are made. */
import type { GraphBuilder } from '../graph/builder.ts';
import {
  activations,
  type Activation,
  type AnyStage,
  type Backbone,
  type BlockField,
  type Choice,
  type Excitation,
  type StemLayer,
} from '../common/space-description.ts';
import { blocks } from './blocks/index.ts';
import { activate, convNorm, type Feature, type Style } from './blocks/parts.ts';
import { groupSizeOf, listOf, valuesOf } from './choices.ts';
import type { Assignment } from './decisions.ts';
import {
  convolutionsOf,
  fieldChoice,
  fieldGene,
  isFixedOnEntering,
  kindGene,
  stageForm,
  type KindForm,
  type StageForm,
} from './stage-form.ts';

/** The choices of a network, by the names that its genes have without one of their own. */
export interface Chosen {
  readonly network: Assignment;
  /** The value of a choice, made or fixed. */
  readonly read: (choice: Choice, name: string) => number;
  /** Of the backbone's genes. */
  readonly prefix: string;
}

export const stemGene = (prefix: string, layer: number): string =>
  `${prefix}stem${layer + 1}.channels`;

/** The last feature of every size. */
export function writeStages(
  net: GraphBuilder,
  style: Style,
  image: Feature,
  backbone: Extract<Backbone, { kind: 'stages' }>,
  chosen: Chosen,
): Feature[] {
  let x = image;
  const { stem, stages } = backbone;
  stem.forEach((layer, i) => {
    const name = stem.length === 1 ? 'stem' : `stem.${i}`;
    x = stemLayer(net, style, name, x, layer, stemGene(chosen.prefix, i), chosen);
  });
  const ends = new Map<number, Feature>();
  stages.forEach((stage, s) => {
    const there = writeStage(net, style, x, stage, s, chosen);
    if (there === null) return;
    x = there;
    ends.set(x.reduction, x);
  });
  // Where no stage is there, what the stem gives is all.
  return ends.size === 0 ? [x] : [...ends.values()];
}

function stemLayer(
  net: GraphBuilder,
  style: Style,
  name: string,
  x: Feature,
  layer: StemLayer,
  gene: string,
  { read }: Chosen,
): Feature {
  const { kernel, stride } = layer;
  if ('pool' in layer) {
    const value = net.maxPool(x.value, kernel, stride, Math.floor(kernel / 2));
    return { ...x, value, reduction: x.reduction * stride };
  }
  const outChannels = read(layer.channels, gene);
  const y = convNorm(net, style, name, x, { outChannels, kernel, stride });
  return { ...y, value: activate(net, layer.activation ?? style.activation, y.value) };
}

/** Null where the stage is not there. */
function writeStage(
  net: GraphBuilder,
  style: Style,
  input: Feature,
  stage: AnyStage,
  number: number,
  { network, read, prefix }: Chosen,
): Feature | null {
  const part = `${prefix}stage${number + 1}`;
  const form = stageForm(stage);
  const repeats = read(form.repeats, `${part}.repeats`);
  if (repeats === 0) return null;
  const channels =
    form.channels === null ? input.channels : read(form.channels, `${part}.channels`);
  const stride = form.strides.length === 1 ? form.strides[0]! : network.get(`${part}.stride`)!;
  let x = input;
  for (let i = 0; i < repeats; i++) {
    const kind = kindOf(form, part, i + 1, network);
    const field = new Fields({ form, kind, part, block: i + 1, network, channels });
    const name = form.repeating ? `body.${number}.${i}` : `body.${number}`;
    const activation = field.activation() ?? style.activation;
    x = blocks[kind.block](net, { ...style, activation }, name, x, {
      channels,
      kernel: field.number('kernel', 3),
      stride: i === 0 ? stride : 1,
      expansion: field.number('expansion', 1),
      groupSize: field.groupSize(),
      squeezeExcite: field.excitation(),
      entering: i === 0,
    });
  }
  return x;
}

function kindOf(form: StageForm, part: string, block: number, network: Assignment): KindForm {
  const { kinds, perBlock } = form;
  if (kinds.length === 1) return kinds[0]!;
  const gene = kindGene(part, perBlock.has('block') ? block : null);
  return kinds[network.get(gene)! - 1]!;
}

interface OneBlock {
  readonly form: StageForm;
  readonly kind: KindForm;
  readonly part: string;
  /** Counted from 1. */
  readonly block: number;
  readonly network: Assignment;
  readonly channels: number;
}

/** The fields of one block, made or fixed. */
class Fields {
  readonly #of: OneBlock;

  constructor(of: OneBlock) {
    this.#of = of;
  }

  number(field: 'kernel' | 'expansion', otherwise: number): number {
    const choice = (this.#of.kind.fields as Partial<Record<typeof field, Choice>>)[field];
    if (choice === undefined) return otherwise;
    return this.#chosen(field) ?? valuesOf(choice).values[0]!;
  }

  /** Of the first block of some kinds it does not matter. */
  groupSize(): number {
    return this.#chosen('convolution') ?? groupSizeOf(convolutionsOf(this.#of.kind.fields)[0]!);
  }

  excitation(): Excitation {
    const { squeezeExcite } = this.#of.kind.fields as { squeezeExcite?: Excitation | Excitation[] };
    if (squeezeExcite === undefined) return false;
    return listOf(squeezeExcite)[(this.#chosen('squeezeExcite') ?? 1) - 1]!;
  }

  activation(): Activation | null {
    const { activation } = this.#of.kind.fields;
    if (activation === undefined) return null;
    const value = this.#chosen('activation');
    return value === null ? listOf(activation)[0]! : activations[value - 1]!;
  }

  /** The value of the gene; null where there is none. */
  #chosen(field: BlockField): number | null {
    const { form, kind, part, block, network, channels } = this.#of;
    const choice = fieldChoice(kind.fields, field, channels);
    if (choice === null) return null;
    const own = form.perBlock.has(field) || (form.kinds.length > 1 && form.perBlock.has('block'));
    if (own && block === 1 && isFixedOnEntering(kind.block, field)) return null;
    return network.get(fieldGene(part, kind, field, choice.gene, own ? block : null)) ?? null;
  }
}
