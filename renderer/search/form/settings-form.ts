/**
 * The search form: what a person typed, as text, and the settings that come of it. Validation gives
 * every faulty field one sentence that says what would be valid, and a value to offer where one is near.
 */
import { mostNameLength, unfitCharacter, withoutUnfit } from '../../../main/common/file-names.ts';
import {
  defaultPhoneSettings,
  type EngineWish,
  type PrecisionWish,
  type ScoringWish,
  type SearchSettings,
} from '../../../preload/contract.ts';
import { formText } from './text.ts';
import { readSize } from '../../spaces/editor/space-form.ts';

export interface FormValues {
  name: string;
  space: string;
  /** Of the images that are scored; empty for the space's own. */
  scoringSize: string;
  data: string | null;
  latency: SearchSettings['latency'];
  /** Which phones, and how, where latency is `phone`. */
  phone: SearchSettings['phone'];
  weights: SearchSettings['weights'];
  search: SearchSettings['search'];
  /** Empty for whole generations. */
  inFlight: string;
  engine: EngineWish;
  precision: PrecisionWish;
  /** `auto` or a number. */
  workers: string;
  population: string;
  generations: string;
  candidates: string;
  minutes: string;
  seed: string;
  beta: string;
  termCap: string;
  batches: string;
  batchSize: string;
  maxParameters: string;
  maxMacs: string;
  maxLatencyMs: string;
}

export type FormField = keyof FormValues;

export interface FieldError {
  readonly message: string;
  /** A valid value near the one typed. */
  readonly offer: string | null;
}

export type FormErrors = Partial<Record<FormField, FieldError>>;

export type FormResult =
  | { readonly ok: true; readonly settings: SearchSettings }
  | { readonly ok: false; readonly errors: FormErrors };

const plain = (value: number | null): string => (value === null ? '' : String(value));

export function formOf(settings: SearchSettings, name: string): FormValues {
  return {
    name,
    space: settings.space,
    scoringSize: '',
    data: settings.data,
    latency: settings.latency,
    phone: settings.phone,
    weights: settings.weights,
    search: settings.search,
    inFlight: plain(settings.inFlight),
    engine: 'auto',
    precision: 'auto',
    workers: 'auto',
    population: plain(settings.population),
    generations: plain(settings.generations),
    candidates: plain(settings.candidates),
    minutes: settings.seconds === null ? '' : String(settings.seconds / 60),
    seed: plain(settings.seed),
    beta: plain(settings.beta),
    termCap: plain(settings.termCap),
    batches: plain(settings.batches),
    batchSize: plain(settings.batchSize),
    maxParameters: plain(settings.maxParameters),
    maxMacs: plain(settings.maxMacs),
    maxLatencyMs: plain(settings.maxLatencyMs),
  };
}

/** How to score, where it is not left to the app; not part of what a search finds. */
export function scoringOf({ engine, workers, precision }: FormValues): ScoringWish | null {
  // The choice is not there with onnxruntime; what it held comes back with the other engine.
  const named = precision === 'float32' || (precision !== 'auto' && engine !== 'onnxruntime');
  if (engine === 'auto' && workers === 'auto' && !named) return null;
  return {
    engine,
    workers: workers === 'auto' ? workers : Number(workers),
    ...(named && { precision }),
  };
}

const suffixes: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Reads "32", "1.5", "1,000", "500 k", "1.5M"; NaN for anything else. */
export function parseNumber(typed: string): number {
  const match = /^([+-]?(?:\d[\d,_ ]*)?(?:\.\d+)?)\s*([kmg]?)$/i.exec(typed.trim());
  const digits = match?.[1]?.replace(/[,_ ]/g, '') ?? '';
  if (!match || !/\d/.test(digits)) return NaN;
  return Number((Number(digits) * suffixes[match[2].toLowerCase()]).toPrecision(15));
}

interface Rule {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  /** An empty field is valid and means "no limit". */
  readonly optional?: boolean;
  readonly message: string;
}

/** Candidates in flight where a search needs a number and none was typed. */
const usualInFlight = 16;

const largest = Number.MAX_SAFE_INTEGER;
const say = formText.errors;

/** The same limits as the contract's schema; a test holds the two together. */
export const rules = {
  inFlight: { from: 1, to: 1024, whole: true, optional: true, message: say.inFlight },
  population: { from: 4, to: 10_000, whole: true, message: say.population },
  generations: { from: 1, to: largest, whole: true, optional: true, message: say.count },
  candidates: { from: 1, to: largest, whole: true, optional: true, message: say.count },
  minutes: { from: 1 / 60, to: 525_600, whole: false, optional: true, message: say.minutes },
  seed: { from: 0, to: 0xffff_ffff, whole: true, message: say.seed },
  beta: { from: 0, to: 10, whole: false, message: say.beta },
  termCap: { from: 1e-6, to: largest, whole: false, optional: true, message: say.termCap },
  batches: { from: 2, to: 64, whole: true, message: say.batches },
  batchSize: { from: 1, to: 4096, whole: true, message: say.batchSize },
  maxParameters: { from: 1, to: largest, whole: true, optional: true, message: say.limit },
  maxMacs: { from: 1, to: largest, whole: true, optional: true, message: say.limit },
  maxLatencyMs: { from: 1e-3, to: 3.6e6, whole: false, optional: true, message: say.limitMs },
} as const satisfies Partial<Record<FormField, Rule>>;

export type NumberField = keyof typeof rules;

/** The number in a field: null for an empty optional one, or what is wrong with it. */
function read(typed: string, rule: Rule): number | null | FieldError {
  if (typed.trim() === '') {
    return rule.optional ? null : { message: rule.message, offer: null };
  }
  const value = parseNumber(typed);
  if (Number.isNaN(value)) return { message: rule.message, offer: null };
  const inside = Math.min(rule.to, Math.max(rule.from, rule.whole ? Math.round(value) : value));
  if (inside === value) return value;
  return { message: rule.message, offer: String(Number(inside.toPrecision(12))) };
}

function readAll(values: FormValues) {
  const errors: FormErrors = {};
  const numbers = {} as Record<NumberField, number | null>;
  for (const field of Object.keys(rules) as NumberField[]) {
    const result = read(values[field], rules[field]);
    if (typeof result === 'object' && result !== null) {
      errors[field] = result;
      numbers[field] = null;
    } else {
      numbers[field] = result;
    }
  }
  return { errors, numbers };
}

function isSize(typed: string): boolean {
  const size = readSize(typed)?.value;
  return size instanceof Array && size.every((one) => Number(one) >= 1);
}

export function validate(values: FormValues): FormResult {
  const { errors, numbers } = readAll(values);
  if (values.latency === 'macs') delete errors.maxLatencyMs; // no such field shows
  const generational = values.search === 'nsga2';
  if (!generational) {
    // Fields of NSGA-II do not show; what they held comes back with it.
    delete errors.population;
    delete errors.generations;
    numbers.generations = null;
    numbers.population ??= 20;
    numbers.inFlight ??= usualInFlight;
  }
  if (values.name.trim() === '') errors.name = { message: say.nameMissing, offer: null };
  else if (values.name.trim().length > mostNameLength) {
    errors.name = { message: say.nameLong(mostNameLength), offer: null };
  } else if (unfitCharacter.test(values.name)) {
    errors.name = { message: say.nameCharacters, offer: withoutUnfit(values.name) || null };
  }
  if (values.scoringSize.trim() !== '' && !isSize(values.scoringSize))
    errors.scoringSize = { message: say.scoringSize, offer: null };
  const budgets = [numbers.generations, numbers.candidates, numbers.minutes];
  const budgetFaulty = errors.generations ?? errors.candidates ?? errors.minutes;
  if (!budgetFaulty && budgets.every((limit) => limit === null)) {
    if (generational) errors.generations = { message: say.noBudget, offer: '10' };
    else errors.candidates = { message: say.noBudgetOfOne, offer: '120' };
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return {
    ok: true,
    settings: {
      space: values.space,
      data: values.data,
      latency: values.latency,
      phone: values.latency === 'phone' ? (values.phone ?? defaultPhoneSettings) : null,
      search: values.search,
      inFlight: numbers.inFlight,
      population: numbers.population!,
      generations: numbers.generations,
      candidates: numbers.candidates,
      seconds: numbers.minutes === null ? null : numbers.minutes * 60,
      seed: numbers.seed!,
      beta: numbers.beta!,
      termCap: numbers.termCap,
      batches: numbers.batches!,
      batchSize: numbers.batchSize!,
      weights: values.weights,
      maxParameters: numbers.maxParameters,
      maxMacs: numbers.maxMacs,
      // The field is not there where MACs are counted; what it held comes back with it.
      maxLatencyMs: values.latency === 'macs' ? null : numbers.maxLatencyMs,
    },
  };
}
