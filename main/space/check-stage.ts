/** What a stage must satisfy beyond its schema. Every error names the path in the file. */
import {
  blockFields,
  type AnyStage,
  type Choice,
  type Convolution,
  type Excitation,
} from '../common/space-description.ts';
import { checkChoice, checkKernel } from './check-choice.ts';
import { expandedChannels, groupSizeOf, isOfferedFor, listOf, valuesOf } from './choices.ts';
import { invalid } from './description-error.ts';
import { Faults } from './faults.ts';
import {
  canVanish,
  convolutionsOf,
  fieldChoice,
  stageForm,
  type KindForm,
  type StageForm,
} from './stage-form.ts';

/** @param entering the widths that the stage can be given. Throws `space-invalid`. */
export function checkStage(stage: AnyStage, entering: readonly number[], at: string): void {
  const form = stageForm(stage);
  const faults = new Faults();
  const { channels, kinds } = form;
  if (channels !== null) faults.check(() => checkChoice(channels, `${at}.channels`));
  if (form.repeating) faults.check(() => checkRepeats(form, at));
  faults.check(() => checkList(form.strides, `${at}.stride`));
  if (kinds.length === 0) {
    const hint = 'Describe at least one kind of block.';
    faults.add(invalid(`${at}.oneOf`, 'there is nothing to choose from', hint));
  }
  for (const kind of kinds) faults.check(() => checkFields(kind, pathOf(stage, kind, at)));
  faults.check(() => checkKinds(form, at));
  // Only where each field is right by itself can it be said whether they fit together.
  faults.end();
  const widths = channels === null ? entering : valuesOf(channels).values;
  for (const kind of kinds) {
    const path = pathOf(stage, kind, at);
    faults.check(() => checkExpansions(kind, widths, at));
    faults.check(() => checkFactors(kind, form, entering, widths, path));
    faults.check(() => checkExcitations(kind, form, entering, widths, path));
    if ('convolution' in kind.fields)
      faults.check(() => checkConvolutions(kind, form, entering, widths, path));
  }
  faults.check(() => checkPerBlock(form, widths, at));
  faults.end();
}

function pathOf(stage: AnyStage, kind: KindForm, at: string): string {
  if ('block' in stage) return at;
  return `${at}.oneOf.${kind.label ?? Object.keys(stage.oneOf)[0]}`;
}

function checkRepeats(form: StageForm, at: string): void {
  const { repeats, strides } = form;
  checkChoice(repeats, `${at}.repeats`);
  if (!canVanish(form)) return;
  if (valuesOf(repeats).values.length === 1)
    throw invalid(
      `${at}.repeats`,
      'a stage that always has 0 blocks never exists',
      'Leave the stage out.',
    );
  if (strides.some((stride) => stride > 1))
    throw invalid(
      `${at}.repeats`,
      'a stage of 0 blocks loses its stride, so that everything after it would have another size',
      'Give the stage a stride of 1 and the stride of 2 to one that always exists, or let repeats start at 1.',
    );
}

function checkFields({ fields }: KindForm, at: string): void {
  const faults = new Faults();
  for (const key of ['kernel', 'expansion'] as const) {
    const choice = (fields as Partial<Record<typeof key, Choice>>)[key];
    if (choice !== undefined) faults.check(() => checkChoice(choice, `${at}.${key}`));
  }
  if (fields.kernel !== undefined)
    faults.check(() => checkKernel(valuesOf(fields.kernel!).values, `${at}.kernel`));
  for (const key of ['squeezeExcite', 'activation'] as const) {
    const value = (fields as Partial<Record<typeof key, unknown>>)[key];
    if (value !== undefined) faults.check(() => checkList(listOf(value), `${at}.${key}`));
  }
  faults.end();
}

function checkList(values: readonly unknown[], path: string): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice === undefined) return;
  const said = typeof twice === 'string' ? twice : JSON.stringify(twice);
  throw invalid(path, `${said} is listed twice`, 'List every value once.');
}

/** Two offers of one kind could be the same block, which would be counted twice. */
function checkKinds({ kinds }: StageForm, at: string): void {
  const blocks = kinds.map(({ block }) => block);
  const twice = kinds.find(({ block }, i) => blocks.indexOf(block) !== i);
  if (twice !== undefined)
    throw invalid(
      `${at}.oneOf.${twice.label}`,
      `${twice.block} is offered twice, and its networks would be counted twice`,
      `Put the choices of both into one.`,
    );
}

function checkExpansions({ block, fields }: KindForm, widths: readonly number[], at: string): void {
  if (block !== 'bottleneck') return;
  const { expansion } = fields as { expansion: Choice };
  for (const factor of valuesOf(expansion).values) {
    const odd = widths.find((width) => width % factor !== 0);
    if (odd !== undefined)
      throw invalid(
        `${at}.channels`,
        `${odd} channels are not divisible by the expansion ${factor}`,
        `Choose multiples of ${factor}.`,
      );
  }
}

/** Factors that come to as many channels are one block, which would be counted twice; 1 alone expands nothing. */
function checkFactors(
  { block, fields }: KindForm,
  form: StageForm,
  entering: readonly number[],
  widths: readonly number[],
  at: string,
): void {
  if (block !== 'mbconv' && block !== 'fused-mbconv') return;
  const { expansion } = fields as { expansion: Choice };
  const factors = valuesOf(expansion).values.filter((factor) => factor !== 1);
  for (const width of [...entering, ...(canRepeat(form) ? widths : [])]) {
    const inner = factors.map((factor) => expandedChannels(width, factor));
    const same = inner.findIndex((one, i) => inner.indexOf(one) !== i);
    if (same >= 0)
      throw invalid(
        `${at}.expansion`,
        `${width} channels times ${factors[inner.indexOf(inner[same]!)]} and times ${factors[same]} are the same ${inner[same]}, which would be counted twice`,
        'Use factors that are further apart.',
      );
  }
}

/** A share that leaves no channel is none: offered beside "false" its networks would be counted twice. */
function checkExcitations(
  { fields }: KindForm,
  form: StageForm,
  entering: readonly number[],
  widths: readonly number[],
  at: string,
): void {
  const { squeezeExcite = false } = fields as { squeezeExcite?: Excitation | Excitation[] };
  const offered = listOf(squeezeExcite);
  if (offered.length < 2) return;
  const inputs = [...entering, ...(canRepeat(form) ? widths : [])];
  const shares = offered.filter((one) => typeof one === 'number');
  for (const width of inputs) {
    const reduced = shares.map((share) => Math.floor(width * share));
    const without = reduced.indexOf(0);
    if (without >= 0)
      throw invalid(
        `${at}.squeezeExcite`,
        `${shares[without]} of ${width} channels is less than one`,
        `Use a share of at least ${Math.ceil(1000 / width) / 1000}.`,
      );
    const same = reduced.findIndex((one, i) => reduced.indexOf(one) !== i);
    if (same >= 0)
      throw invalid(
        `${at}.squeezeExcite`,
        `of ${width} channels ${shares[reduced.indexOf(reduced[same]!)]} and ${shares[same]} are the same ${reduced[same]}, which would be counted twice`,
        'Use shares that are further apart.',
      );
  }
}

/** What blocks choose for themselves has to be a choice of theirs. */
function checkPerBlock(form: StageForm, widths: readonly number[], at: string): void {
  const { perBlock, kinds } = form;
  if (perBlock.has('block') && kinds.length < 2)
    throw invalid(
      `${at}.perBlock`,
      'the kind of block is not a choice here, so "block" has no effect',
      'Describe several kinds under "oneOf", or leave "block" out.',
    );
  for (const field of blockFields) {
    if (!perBlock.has(field)) continue;
    if (perBlock.has('block'))
      throw invalid(
        `${at}.perBlock`,
        `with "block" every block chooses all that its kind has, so "${field}" has no effect`,
        `Leave "${field}" out.`,
      );
    const isOpen = widths.some((width) =>
      kinds.some(({ fields }) => fieldChoice(fields, field, width) !== null),
    );
    if (!isOpen)
      throw invalid(
        `${at}.perBlock`,
        `${field} is not a choice of this stage, so "${field}" has no effect`,
        `Offer several values of ${field}, or leave it out of "perBlock".`,
      );
  }
}

function checkConvolutions(
  kind: KindForm,
  form: StageForm,
  entering: readonly number[],
  widths: readonly number[],
  at: string,
): void {
  const offered = convolutionsOf(kind.fields);
  const sizes = offered.map(groupSizeOf);
  const twice = sizes.findIndex((size, i) => sizes.indexOf(size) !== i);
  if (twice >= 0)
    throw invalid(
      `${at}.convolution[${twice}]`,
      'it is offered twice',
      'Offer every convolution once.',
    );
  const faults = new Faults();
  offered.forEach((convolution, i) => {
    const path = `${at}.convolution${offered.length > 1 ? `[${i}]` : ''}`;
    faults.check(() => checkConvolution(kind, form, convolution, entering, widths, path));
  });
  const without = widths.find((width) => !offered.some((one) => isOfferedFor(one, width)));
  if (without !== undefined)
    faults.add(
      invalid(
        `${at}.convolution`,
        `no convolution is offered for ${without} channels`,
        'Add "regular", or a group for this width.',
      ),
    );
  faults.end();
}

function checkConvolution(
  kind: KindForm,
  form: StageForm,
  convolution: Convolution,
  entering: readonly number[],
  widths: readonly number[],
  path: string,
): void {
  if (typeof convolution === 'object') {
    const unknown = convolution.channels?.find((one) => !widths.includes(one));
    if (unknown !== undefined)
      throw invalid(
        `${path}.channels`,
        `the stage never has ${unknown} channels`,
        `Choose among ${widths.join(', ')}.`,
      );
  }
  const size = groupSizeOf(convolution);
  if (size === 0) return;
  for (const channels of widths.filter((width) => isOfferedFor(convolution, width))) {
    for (const grouped of groupedChannels(kind, form, entering, channels)) {
      if (grouped % size !== 0)
        throw invalid(
          path,
          `${grouped} channels are not divisible by the group size ${size}`,
          `Use channels that are multiples of ${size}, a group size that divides ${grouped}, or offer this group for other widths only: {"group": ${size}, "channels": [...]}.`,
        );
      if (grouped === size)
        throw invalid(
          path,
          `one group of all ${grouped} channels is the regular convolution`,
          'Use a smaller group size, or offer this group for wider layers only.',
        );
    }
  }
}

/** Channels of the layers that a group size divides. */
function groupedChannels(
  { block, fields }: KindForm,
  form: StageForm,
  entering: readonly number[],
  channels: number,
): number[] {
  const { expansion = 1 } = fields as { expansion?: Choice };
  switch (block) {
    case 'mbconv': {
      const inputs = [...entering, ...(canRepeat(form) ? [channels] : [])];
      return valuesOf(expansion).values.flatMap((e) =>
        inputs.map((width) => expandedChannels(width, e)),
      );
    }
    case 'bottleneck':
      return valuesOf(expansion).values.map((factor) => channels / factor);
    case 'fused-mbconv':
    case 'conv':
      return canRepeat(form) ? [channels] : [];
    default:
      return [channels];
  }
}

function canRepeat({ repeating, repeats }: StageForm): boolean {
  return repeating && valuesOf(repeats).values.some((times) => times > 1);
}

/** Two stages of the same blocks beside one another, either of which may be absent, are one network in two ways. */
export function checkNeighbours(stages: readonly AnyStage[], path: string): void {
  const fields = (stage: AnyStage): string => JSON.stringify({ ...stage, repeats: null });
  for (const [i, stage] of stages.entries()) {
    const next = stages[i + 1];
    if (next === undefined || fields(stage) !== fields(next)) continue;
    if (!sameInTwoWays(stageForm(stage), stageForm(next))) continue;
    throw invalid(
      `${path}.stages[${i + 1}].repeats`,
      'this stage and the one before are alike and one of them may be absent, so that some networks would be counted twice',
      'Make them one stage with more repeats, or let one of them always be there.',
    );
  }
}

/** Whether as many blocks come about in two ways, one of which leaves a stage out. */
function sameInTwoWays(one: StageForm, next: StageForm): boolean {
  if (!canVanish(one) && !canVanish(next)) return false;
  const sums = valuesOf(one.repeats).values.flatMap((a) =>
    valuesOf(next.repeats).values.map((b) => a + b),
  );
  return new Set(sums).size < sums.length;
}
