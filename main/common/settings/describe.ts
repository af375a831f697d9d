/**
 * How a setting of a search is described. From a description come the schema of run files and of the contract, the
 * value of a new run, what older runs mean, the option of the command line, the field of the form with its words,
 * the words in a list of runs, and what a resume compares.
 */
import { z } from 'zod';
import type { LatencyKind } from '../latency-sources.ts';

/** The parts of the form, in its order. */
export const formGroups = {
  search: 'Search',
  networks: 'Networks',
  latency: 'Latency',
  score: 'Score',
  budget: 'Budget',
  limits: 'Limits',
} as const;
export type FormGroup = keyof typeof formGroups;

/** What decides which fields there are. */
export interface DecidingValues {
  readonly latency: LatencyKind;
  readonly search: string;
}
export type ShownFor = (values: DecidingValues) => boolean;

/** What the words below a field may speak of. */
export interface FormFacts {
  readonly values: DecidingValues;
  /** Name of this computer's processor. */
  readonly processor: string;
  /** The first baseline of the chosen space, null where it has none. */
  readonly baseline: {
    readonly name: string;
    readonly parameters: number;
    readonly macs: number;
  } | null;
}

export type Hint = string | ((facts: FormFacts) => string);

/** An option of `zico search`. */
export interface SettingOption {
  /** As commander takes it, such as `--max-latency <ms>`. */
  readonly flags: string;
  readonly help: string;
  /** What the help gives as the default, instead of the value of a new run. */
  readonly leftOut?: string;
  /** The value where the option is given without one: its flags have that in square brackets. */
  readonly alone?: number;
  /** How its value is read, where that does not follow from the kind of the setting (main/cli/setting-option.ts). */
  readonly reads?:
    'duration' | 'path' | 'latency-source' | 'size' | 'proxies' | 'objective' | 'percent';
}

/** A field of the form. */
export interface SettingField {
  readonly group: FormGroup;
  /** Within its group fields stand by rising place, those of one place in the order of the table; absent: 0. */
  readonly place?: number;
  readonly label: string;
  /** One line below the field. */
  readonly hint: Hint;
  /** What the term means, for those who ask. */
  readonly about?: string;
  /** Shown with "More settings" only. */
  readonly rare?: boolean | ShownFor;
  /** Where the form shows it; absent: always. Where it does not, the setting is `unshown`, or else `initial`. */
  readonly shownFor?: ShownFor;
}

interface Described<Value> {
  /** The value of a new run unless another is given. */
  readonly initial: Value;
  readonly unshown?: Value;
  /** The value of runs from before the setting existed: their behaviour. Absent where every run has it. */
  readonly before?: Value;
  /** True where a resume may use another value than the run's: it does not affect what is found. */
  readonly freeOnResume?: boolean;
  /** Null where the setting has no option of its own. */
  readonly option: SettingOption | null;
  readonly field: SettingField;
  /** In a list of a run's settings; null, or absent, where nothing is said. */
  words?(value: Value, settings: never): string | null;
}

type NumberValue<Optional extends boolean> = Optional extends true ? number | null : number;
type NumberSchema<Optional extends boolean> = Optional extends true
  ? z.ZodNullable<z.ZodNumber>
  : z.ZodNumber;

export interface NumberRange {
  /** The smallest value, or a bound that every value lies above. */
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly whole: boolean;
}

interface NumberDescription<Optional extends boolean> extends Described<NumberValue<Optional>> {
  readonly range: NumberRange;
  /** True where null is a value: no limit, no cap. */
  readonly optional: Optional;
  readonly field: SettingField & {
    /** The message at the field where something else was typed. */
    readonly fault: string;
    /** What an empty field means, where the setting is optional. */
    readonly empty?: Hint;
    /** The field shows the value divided by this: 60 shows minutes of a setting in seconds. */
    readonly unit?: number;
    /** Bounds in the field's unit, where they are narrower than the range or the range has none. */
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
    /** Below the field while this is chosen, in place of the field's own hint. */
    readonly hint?: Hint;
  }[];
}

/** One of a few. */
export interface ChoiceSetting<Value extends string = string> extends ChoiceDescription<Value> {
  readonly kind: 'choice';
  readonly schema: z.ZodType<Value>;
}

interface CustomDescription<Schema extends z.ZodType> extends Described<z.infer<Schema>> {
  readonly schema: Schema;
  /** Which control that is (renderer/search/form/SearchForm.svelte). */
  readonly control: 'space' | 'data' | 'phone';
}

/** What has a control of its own in the form. */
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
