/**
 * How a setting of a search is described. A description yields the schema of run files and of the contract, the
 * value of a new run, what older runs mean, the option of the command line, the field of the form with its words,
 * the words in a list of settings, and whether a resume compares it.
 */
import { z } from 'zod';
import type { LatencyKind } from '../latency-sources.ts';

/** The groups of the form, in order. */
export const formGroups = {
  search: 'Search',
  networks: 'Networks',
  latency: 'Latency',
  score: 'Score',
  budget: 'Budget',
  limits: 'Limits',
} as const;
export type FormGroup = keyof typeof formGroups;

/** The values that decide which fields are shown. */
export interface DecidingValues {
  readonly latency: LatencyKind;
  readonly search: string;
  /** What ranks, as `--score` names it. */
  readonly score: string;
}
export type ShownFor = (values: DecidingValues) => boolean;

/** The facts that hints may mention. */
export interface FormFacts {
  readonly values: DecidingValues;
  /** Name of this computer's processor. */
  readonly processor: string;
  /** The first baseline of the chosen space; null if it has none. */
  readonly baseline: {
    readonly name: string;
    readonly parameters: number;
    readonly macs: number;
  } | null;
}

export type Hint = string | ((facts: FormFacts) => string);

/** An option of `zico search`. */
export interface SettingOption {
  /** Flags in commander's syntax, such as `--max-latency <ms>`. */
  readonly flags: string;
  readonly help: string;
  /** What the help states as the default, instead of the value of a new run. */
  readonly leftOut?: string;
  /** The value if the option is given without one; its flags then have the argument in square brackets. */
  readonly alone?: number;
  /** How its value is parsed, unless that follows from the kind of setting (main/cli/setting-option.ts). */
  readonly reads?:
    'duration' | 'path' | 'latency-source' | 'size' | 'proxies' | 'objective' | 'percent';
}

/** A field of the form. */
export interface SettingField {
  readonly group: FormGroup;
  /** Fields of a group are sorted by place, equal places in the order of the table; absent means 0. */
  readonly place?: number;
  readonly label: string;
  /** One line shown below the field. */
  readonly hint: Hint;
  /** Explains the term. */
  readonly about?: string;
  /** Whether it is shown only under "More settings". */
  readonly rare?: boolean | ShownFor;
  /**
   * When the form shows it; absent means always. While hidden, a number is `unshown`, or else `initial`; with
   * `keptUnshown` it is what the hidden field says, as every choice is.
   */
  readonly shownFor?: ShownFor;
  readonly keptUnshown?: true;
}

interface Described<Value> {
  /** The value of a new run, unless another is given. */
  readonly initial: Value;
  readonly unshown?: Value;
  /** The value that describes the behaviour of runs older than the setting. Absent if every run has it. */
  readonly before?: Value;
  /** True if a resume may use another value than the run's, because it does not affect what is found. */
  readonly freeOnResume?: boolean;
  /** Null if the setting has no option of its own. */
  readonly option: SettingOption | null;
  readonly field: SettingField;
  /** Its words in a list of a run's settings; null or absent to leave it out. */
  words?(value: Value, settings: never): string | null;
}

type NumberValue<Optional extends boolean> = Optional extends true ? number | null : number;
type NumberSchema<Optional extends boolean> = Optional extends true
  ? z.ZodNullable<z.ZodNumber>
  : z.ZodNumber;

export interface NumberRange {
  /** The smallest value, or an exclusive lower bound. */
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly whole: boolean;
}

interface NumberDescription<Optional extends boolean> extends Described<NumberValue<Optional>> {
  readonly range: NumberRange;
  /** True if null is allowed: no limit, no cap. */
  readonly optional: Optional;
  readonly field: SettingField & {
    /** The message at the field with anything else typed in. */
    readonly fault: string;
    /** What an empty field means, for an optional setting. */
    readonly empty?: Hint;
    /** The field shows the value divided by this: 60 shows a setting in seconds as minutes. */
    readonly unit?: number;
    /** Bounds in the field's unit, if narrower than the range or if the range has none. */
    readonly from?: number;
    readonly to?: number;
  };
}

/** A number in a text field. */
export interface NumberSetting<
  Optional extends boolean = boolean,
> extends NumberDescription<Optional> {
  readonly kind: 'number';
  readonly schema: NumberSchema<Optional>;
}

interface ChoiceDescription<Value extends string> extends Described<Value> {
  readonly choices: readonly {
    readonly value: Value;
    readonly label: string;
    /** Shown below the field while this is chosen, instead of the field's own hint. */
    readonly hint?: Hint;
  }[];
}

/** A choice from a list. */
export interface ChoiceSetting<Value extends string = string> extends ChoiceDescription<Value> {
  readonly kind: 'choice';
  readonly schema: z.ZodType<Value>;
}

interface CustomDescription<Schema extends z.ZodType> extends Described<z.infer<Schema>> {
  readonly schema: Schema;
  /** Its control (renderer/search/form/SearchForm.svelte). */
  readonly control: 'space' | 'data' | 'phone';
}

/** A setting with its own control in the form. */
export interface CustomSetting<
  Schema extends z.ZodType = z.ZodType,
> extends CustomDescription<Schema> {
  readonly kind: 'custom';
}

export type Setting = NumberSetting | ChoiceSetting | CustomSetting;

export function numberSetting<Optional extends boolean>(
  described: NumberDescription<Optional>,
): NumberSetting<Optional> {
  const { whole, from, above, to } = described.range;
  let schema = whole ? z.number().int() : z.number();
  if (from !== undefined) schema = schema.min(from);
  if (above !== undefined) schema = schema.gt(above);
  if (to !== undefined) schema = schema.max(to);
  const wrapped = described.optional ? schema.nullable() : schema;
  return { ...described, kind: 'number', schema: wrapped as NumberSchema<Optional> };
}

export function choiceSetting<Value extends string>(
  described: ChoiceDescription<Value>,
): ChoiceSetting<Value> {
  const schema = z.enum(described.choices.map(({ value }) => value));
  return { ...described, kind: 'choice', schema };
}

export function customSetting<Schema extends z.ZodType>(
  described: CustomDescription<Schema>,
): CustomSetting<Schema> {
  return { ...described, kind: 'custom' };
}
