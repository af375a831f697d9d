/** Parsers of option values, for commander: each rejects what it cannot accept, with the reason. */
import { objectiveParts, partsInText, type ObjectivePart } from '../common/objectives.ts';
import { proxiesInText, proxyNames, type ProxyName } from '../common/proxies.ts';
import { InvalidArgumentError } from 'commander';
import { seedRange, typedSize, workersRange, type WholeRange } from '../common/ranges.ts';
import type { Known } from '../common/known.ts';

interface Range {
  readonly min: number;
  readonly max?: number;
}

/** A whole number within one of the shared ranges (common/ranges.ts). */
export function wholeNumberIn({ from, to }: WholeRange) {
  return wholeNumber({ min: from, max: to });
}

/** A whole number; with `suffixes`, `k`, `M` and `G` multiply by 10^3, 10^6 and 10^9. */
export function wholeNumber({ min, max = Number.MAX_SAFE_INTEGER }: Range, suffixes = false) {
  return (text: string): number => {
    const match = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text);
    const factor = { '': 1, k: 1e3, M: 1e6, G: 1e9 }[match?.[2] ?? ''] ?? 1;
    const value = match ? Number((Number(match[1]) * factor).toPrecision(15)) : NaN;
    const plain = suffixes || /^\d+$/.test(text);
    if (!plain || !Number.isInteger(value) || value < min || value > max) {
      const upper = max < Number.MAX_SAFE_INTEGER || value > max ? `to ${max}` : 'or more';
      throw new InvalidArgumentError(
        `It must be a whole number, ${min} ${upper}${suffixes ? ' (500k and 80M are understood)' : ''}.`,
      );
    }
    return value;
  };
}

/** A decimal number. */
export function decimal({ min, max = Infinity }: Range) {
  return (text: string): number => {
    const value = /^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
    if (!Number.isFinite(value) || value < min || value > max) {
      throw new InvalidArgumentError(
        `It must be a number, ${min} ${max === Infinity ? 'or more' : `to ${max}`}.`,
      );
    }
    return value;
  };
}

/** A decimal number above zero. */
export function positive(text: string): number {
  const value = decimal({ min: 0 })(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be more than 0.');
}

/** A decimal number above one bound and at most the other. */
export function numberWithin({ above, to }: { readonly above: number; readonly to: number }) {
  return (text: string): number => {
    const value = decimal({ min: above, max: to })(text);
    if (value > above) return value;
    throw new InvalidArgumentError(`It must be a number above ${above}, at most ${to}.`);
  };
}

/** A share of something: `5%` or `5`; `none` is null. */
export function percentage(text: string): number | null {
  if (text === 'none') return null;
  const value = decimal({ min: 0, max: 100 })(text.replace(/%$/, ''));
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a percentage above 0 such as 5%, or none.');
}

/** A duration in seconds: `90`, `90s`, `15m`, `1.5h`, `1h30m`. */
export function typedDuration(text: string): number {
  const match = /^(?:([\d.]+)h)?(?:([\d.]+)m)?(?:([\d.]+)s?)?$/.exec(text);
  const [hours, minutes, seconds] = [match?.[1], match?.[2], match?.[3]].map((n) =>
    Number(n ?? 0),
  ) as Known<number>;
  const total = hours * 3600 + minutes * 60 + seconds;
  if (match && Number.isFinite(total) && total > 0) return total;
  throw new InvalidArgumentError('It must be a time such as 90s, 15m or 1h30m.');
}

/** Height and width in pixels: `224`, `512x1024`. */
export function typedImageSize(text: string): readonly [number, number] {
  const size = typedSize(text);
  if (size) return size;
  throw new InvalidArgumentError('It must be a size such as 224 or 512x1024 (height x width).');
}

/** One of a few words; `choicesOf` returns them from the parser. */
export function oneOf<T extends string>(choices: readonly T[]) {
  const parse = (text: string): T => {
    const choice = choices.find((known) => known === text);
    if (choice !== undefined) return choice;
    throw new InvalidArgumentError(`It must be ${listed(choices)}.`);
  };
  return Object.assign(parse, { choices });
}

/** The words that a parser accepts; null if it is not one made by `oneOf`. */
export function choicesOf(parse: unknown): readonly string[] | null {
  const { choices } = (parse ?? {}) as { readonly choices?: readonly string[] };
  return choices ?? null;
}

/** `a, b or c`. */
export function listed(choices: readonly string[]): string {
  const last = choices[choices.length - 1]!;
  return choices.length === 1 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}

/** A seed for all random numbers. */
export const seed = wholeNumberIn(seedRange);
/** A number of engine threads. */
export const threads = wholeNumberIn(workersRange);
/** A number of scoring processes, or `auto`, which measures to decide. */
export function workers(text: string): number | 'auto' {
  return text === 'auto' ? text : threads(text);
}

/** A list of proxies: `near,synflow`, `none` or `all`. */
export function proxyList(text: string): readonly ProxyName[] {
  const named = proxiesInText(text);
  if (named !== null) return named;
  throw new InvalidArgumentError(`Use ${proxyNames.join(', ')}, several of them, all, or none.`);
}

/** Collects the values of an option that may be given any number of times. */
export const repeated = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];
/** The parts of an objective such as `near+synflow`, in any order. */
export function objectiveList(text: string): readonly ObjectivePart[] {
  const named = partsInText(text);
  if (named !== null) return named;
  throw new InvalidArgumentError(
    `Use ${objectiveParts.join(', ')}, or several of them, each once, such as near+synflow.`,
  );
}
