/**
 * What networks are ranked by: one score, or the sum of the ranks that several give. Their names are those of the
 * command line: `zico-bc`, `near`, `near+synflow`.
 */
import { proxies, proxyNames, proxiesInText, type ProxyName, type ProxyValues } from './proxies.ts';
import { averageRanks } from './rank-correlation.ts';
import { rankingScore } from './zico-bc.ts';

export const objectiveParts = ['zico-bc', 'zico', ...proxyNames] as const;
export type ObjectivePart = 'zico-bc' | 'zico' | ProxyName;

/** In the order of the table, each once, as a setting holds them: `near+synflow`. */
export function objectiveAsText(parts: readonly ObjectivePart[]): string {
  return objectiveParts.filter((part) => parts.includes(part)).join('+');
}

/** The parts that such a text names, in any order; null where it names another, one twice, or none. */
export function partsInText(text: string): readonly ObjectivePart[] | null {
  const named = text.split('+').map((one) => one.trim());
  const known = objectiveParts.filter((part) => named.includes(part));
  return named.length === known.length ? known : null;
}

/** The parts of a setting, which names at least one. */
export function partsOfObjective(score: string): readonly ObjectivePart[] {
  return partsInText(score) ?? ['zico-bc'];
}

const isProxy = (part: ObjectivePart): part is ProxyName => part !== 'zico-bc' && part !== 'zico';

/** Whether it is a sum of ranks, which say something only beside the other networks of the same run. */
export const isRelative = (score: string): boolean => partsOfObjective(score).length > 1;

/** Whether gradients are needed. */
export const needsZico = (score: string): boolean =>
  partsOfObjective(score).some((part) => !isProxy(part));

/** Plain ZiCo corrects nothing, whatever beta a run has. */
export const betaFor = (score: string, beta: number): number => (score === 'zico' ? 0 : beta);

/** Whether another beta ranks otherwise. */
export const followsBeta = (score: string): boolean => partsOfObjective(score).includes('zico-bc');

/** The proxies that are computed: those that the score needs, and those that were asked for beside it. */
export function proxiesComputed({
  score,
  proxies: beside,
}: {
  readonly score: string;
  readonly proxies: string;
}): readonly ProxyName[] {
  const [parts, asked] = [partsOfObjective(score), proxiesInText(beside) ?? []];
  return proxyNames.filter((name) => parts.includes(name) || asked.includes(name));
}

export function labelOfPart(part: ObjectivePart): string {
  if (isProxy(part)) return proxies[part].label;
  return part === 'zico' ? 'ZiCo' : 'ZiCo-BC';
}

/** `ZiCo-BC`, `NEAR + SynFlow, ranks`. */
export function objectiveLabel(score: string): string {
  const names = partsOfObjective(score).map(labelOfPart).join(' + ');
  if (score === 'synflow') return `ln ${names}`;
  return isRelative(score) ? `${names}, ranks` : names;
}

/** What is said wherever sums of ranks are shown. */
export const relativeInWords =
  'A sum of ranks among the networks scored so far, 1 for the last: it is relative, and changes as more are scored.';

/** What is read of a scored network. */
export interface ScoredParts {
  /** Null where nobody computed it, as the two that follow. */
  readonly zico: number | null;
  readonly zicoCapped: number | null;
  readonly bias: number | null;
  readonly ranksLast?: boolean;
  /** By key; null where a proxy has no value, absent where it was not asked. */
  readonly proxies: ProxyValues;
}

/** How ZiCo counts. */
export interface ZicoRanking {
  readonly beta: number;
  /** Null ranks by the paper's score, a number by the capped one. */
  readonly termCap: number | null;
}

/** Of a network that lets nothing through SynFlow is 0, whose logarithm no chart could show. */
const leastPositive = 1e-300;

/** What one part says of a network; null where it has no value. */
export function valueOfPart(
  part: ObjectivePart,
  scored: ScoredParts,
  { beta, termCap }: ZicoRanking,
): number | null {
  if (isProxy(part)) {
    const value = scored.proxies[proxies[part].key] ?? null;
    // SynFlow is a product over the layers: it ranks by its logarithm, which is a sum as the others are.
    return part === 'synflow' && value !== null ? Math.log(Math.max(value, leastPositive)) : value;
  }
  const { zico, zicoCapped, bias, ranksLast = false } = scored;
  if (zico === null || zicoCapped === null || bias === null) return null;
  const plain = { zico, zicoCapped, bias, ranksLast };
  return rankingScore(plain, betaFor(part, beta), termCap !== null);
}

/**
 * What ranks networks: the value of a single part, or the sum of their ranks by several, 1 for the last, ties sharing
 * the mean of theirs. -Infinity for a network of which a part says nothing: it is ranked last, and takes no rank from
 * the others.
 * @param values by part, then by network
 */
export function combined(values: readonly (readonly (number | null)[])[]): number[] {
  const [first = []] = values;
  if (values.length === 1) return first.map((value) => value ?? -Infinity);
  const whole = first.flatMap((_, i) =>
    values.every((part) => (part[i] ?? null) !== null) ? [i] : [],
  );
  const sums = first.map(() => -Infinity);
  for (const i of whole) sums[i] = 0;
  for (const part of values) {
    const ranks = averageRanks(whole.map((i) => part[i]!));
    for (const [k, i] of whole.entries()) sums[i]! += ranks[k]!;
  }
  return sums;
}
