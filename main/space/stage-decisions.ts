/**
 * The genes of a stage. What a gene rules out hangs below it, so that a network without effect for a gene has none:
 * blocks beyond the repeats, all of a stage that is not there, fields of a kind that was not taken.
 */
import { blockFields, type AnyStage, type BlockField } from '../common/space-description.ts';
import { valuesOf } from './choices.ts';
import type { Decision, Option } from './decisions.ts';
import {
  canVanish,
  fieldChoice,
  fieldGene,
  fieldsAfterRepeats,
  fieldsBeforeChannels,
  isFixedOnEntering,
  isLimited,
  kindGene,
  stageForm,
  type KindForm,
  type StageForm,
} from './stage-form.ts';

export function stageDecisions(stage: AnyStage, part: string): Decision[] {
  return new StageGenes(stageForm(stage), part).all();
}

class StageGenes {
  readonly #form: StageForm;
  readonly #part: string;
  /** The widths; of a stage that keeps its channels one that stands for any. */
  readonly #widths: readonly number[];
  readonly #repeats: readonly number[];
  /** Convolutions differ from width to width. */
  readonly #byWidth: boolean;

  constructor(form: StageForm, part: string) {
    this.#form = form;
    this.#part = part;
    this.#widths = form.channels === null ? [0] : valuesOf(form.channels).values;
    this.#repeats = valuesOf(form.repeats).values;
    this.#byWidth = isLimited(form) && this.#widths.length > 1;
  }

  all(): Decision[] {
    if (this.#form.kinds.length === 0) return []; // refused when it is checked
    if (!canVanish(this.#form)) return this.#inside(null);
    if (this.#repeats.length === 1) return [];
    return [this.#repeatsDecision((k) => (k === 0 ? [] : this.#inside(k)))];
  }

  /** @param repeats how many blocks there are, where that is decided already */
  #inside(repeats: number | null): Decision[] {
    const { channels } = this.#form;
    const several = this.#widths.length > 1;
    const width = channels === null || !several ? [] : [this.#channelsDecision(repeats)];
    const beside = this.#byWidth
      ? this.#blocksChoose()
        ? []
        : this.#repeatsUnless(repeats)
      : this.#besideChannels(this.#widths[0]!, repeats);
    return [
      ...this.#ofStage(fieldsBeforeChannels, this.#widths[0]!),
      ...width,
      ...beside,
      ...this.#ofStage(fieldsAfterRepeats, this.#widths[0]!),
      ...this.#strideDecision(),
    ];
  }

  #channelsDecision(repeats: number | null): Decision {
    const { gene } = valuesOf(this.#form.channels!);
    const options = this.#widths.map((value): Option => ({
      value,
      label: String(value),
      then: this.#byWidth ? this.#belowChannels(value, repeats) : [],
    }));
    return { gene: gene ?? `${this.#part}.channels`, part: this.#part, options };
  }

  /** Where the width decides which convolutions there are; repeats stand beside it unless blocks choose. */
  #belowChannels(width: number, repeats: number | null): Decision[] {
    if (!this.#blocksChoose())
      return this.#ofStage(['convolution'], width).concat(this.#kinds(width, null, 1));
    return this.#besideChannels(width, repeats);
  }

  #besideChannels(width: number, repeats: number | null): Decision[] {
    const conv = this.#ofStage(['convolution'], width);
    if (!this.#blocksChoose()) {
      const kinds = this.#kinds(width, null, 1);
      return [...conv, ...this.#repeatsUnless(repeats), ...kinds];
    }
    if (repeats !== null) return [...conv, ...this.#ofBlocks(width, repeats)];
    if (this.#repeats.length === 1) return [...conv, ...this.#ofBlocks(width, this.#repeats[0]!)];
    return [...conv, this.#repeatsDecision((k) => this.#ofBlocks(width, k))];
  }

  #repeatsUnless(decided: number | null): Decision[] {
    const open = decided === null && this.#form.repeating && this.#repeats.length > 1;
    return open ? [this.#repeatsDecision(() => [])] : [];
  }

  #repeatsDecision(then: (repeats: number) => Decision[]): Decision {
    const { gene, values } = valuesOf(this.#form.repeats);
    const options = values.map((value): Option => ({
      value,
      label: String(value),
      then: then(value),
    }));
    return { gene: gene ?? `${this.#part}.repeats`, part: this.#part, options };
  }

  /** Whether genes depend on how many blocks there are. */
  #blocksChoose(): boolean {
    return this.#form.perBlock.size > 0;
  }

  #strideDecision(): Decision[] {
    const { strides } = this.#form;
    if (strides.length < 2) return [];
    const options = strides.map((value): Option => ({ value, label: String(value), then: [] }));
    return [{ gene: `${this.#part}.stride`, part: this.#part, options }];
  }

  /** Of the only kind, once for the stage. */
  #ofStage(fields: readonly BlockField[], width: number): Decision[] {
    const { kinds, perBlock } = this.#form;
    if (kinds.length > 1) return [];
    const own = fields.filter((field) => !perBlock.has(field));
    return own.flatMap((field) => this.#field(kinds[0]!, field, width, null));
  }

  #ofBlocks(width: number, repeats: number): Decision[] {
    const { kinds, perBlock } = this.#form;
    if (perBlock.has('block') && kinds.length > 1)
      return from1To(repeats).flatMap((block) => this.#kinds(width, block, repeats));
    if (kinds.length > 1) return this.#kinds(width, null, repeats);
    return this.#fieldsOfBlocks(kinds[0]!, width, repeats);
  }

  #fieldsOfBlocks(kind: KindForm, width: number, repeats: number): Decision[] {
    const fields = blockFields.filter((field) => this.#form.perBlock.has(field));
    return from1To(repeats).flatMap((block) =>
      fields.flatMap((field) => this.#field(kind, field, width, block)),
    );
  }

  /** The choice of a kind, for a block or for all of the stage. */
  #kinds(width: number, block: number | null, repeats: number): Decision[] {
    const { kinds, perBlock } = this.#form;
    if (kinds.length < 2) return [];
    const inside = (kind: KindForm): Decision[] => {
      if (block !== null)
        return blockFields.flatMap((field) => this.#field(kind, field, width, block));
      const own = blockFields.filter((field) => !perBlock.has(field));
      return [
        ...own.flatMap((field) => this.#field(kind, field, width, null)),
        ...this.#fieldsOfBlocks(kind, width, repeats),
      ];
    };
    const options = kinds.map((kind, i): Option => ({
      value: i + 1,
      label: kind.label!,
      then: inside(kind),
    }));
    return [{ gene: kindGene(this.#part, block), part: this.#part, options }];
  }

  #field(kind: KindForm, field: BlockField, width: number, block: number | null): Decision[] {
    if (block === 1 && isFixedOnEntering(kind.block, field)) return [];
    const choice = fieldChoice(kind.fields, field, width);
    if (choice === null) return [];
    const options = choice.options.map((one): Option => ({ ...one, then: [] }));
    return [
      { gene: fieldGene(this.#part, kind, field, choice.gene, block), part: this.#part, options },
    ];
  }
}

const from1To = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
