/**
 * What networks are ranked by: one score, or the sum of their ranks by several. The names are those of the
 * command line: `zico-bc`, `near`, `near+synflow`.
 */
import { proxies, proxyNames, proxiesInText, type ProxyName, type ProxyValues } from './proxies.ts';
import { averageRanks } from './rank-correlation.ts';
import { rankingScore } from './zico-bc.ts';

export const objectiveParts = ['zico-bc', 'zico', ...proxyNames] as const;
export type ObjectivePart = 'zico-bc' | 'zico' | ProxyName;

/** The parts as a setting holds them, in the order of the table, each once: `near+synflow`. */
export function objectiveAsText(parts: readonly ObjectivePart[]): string {
  return objectiveParts.filter((part) => parts.includes(part)).join('+');
}

/** The parts named in such a text, in any order; null if it names an unknown one, one twice, or none. */
export function partsInText(text: string): readonly ObjectivePart[] | null {
  const named = text.split('+').map((one) => one.trim());
  const known = objectiveParts.filter((part) => named.includes(part));
  return named.length === known.length ? known : null;
}

/** The parts of a setting's value, which names at least one. */
export function partsOfObjective(score: string): readonly ObjectivePart[] {
  return partsInText(score) ?? ['zico-bc'];
}

const isProxy = (part: ObjectivePart): part is ProxyName => part !== 'zico-bc' && part !== 'zico';

/** Whether it is a sum of ranks, which only means something beside the other networks of the same run. */
export const isRelative = (score: string): boolean => partsOfObjective(score).length > 1;

/** Whether ZiCo, and so gradients, are needed. */
export const needsZico = (score: string): boolean =>
  partsOfObjective(score).some((part) => !isProxy(part));

/** Plain ZiCo corrects nothing, whatever beta a run has. */
export const betaFor = (score: string, beta: number): number => (score === 'zico' ? 0 : beta);

/** Whether beta changes the ranking. */
export const followsBeta = (score: string): boolean => partsOfObjective(score).includes('zico-bc');

/** The proxies to compute: those that the score needs, and those asked for besides. */
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

/** The label of a score: `ZiCo-BC`, `NEAR + SynFlow, ranks`. */
export function objectiveLabel(score: string): string {
  const names = partsOfObjective(score).map(labelOfPart).join(' + ');
  if (score === 'synflow') return `ln ${names}`;
  return isRelative(score) ? `${names}, ranks` : names;
}

/** The sentence shown wherever sums of ranks appear. */
export const relativeInWords =
  'A sum of ranks among the networks scored so far, 1 for the last: it is relative, and changes as more are scored.';

/** The figures of a scored network that ranking reads. */
export interface ScoredParts {
  /** Null if not computed, as are the next two. */
  readonly zico: number | null;
  readonly zicoCapped: number | null;
  readonly bias: number | null;
  readonly ranksLast?: boolean;
  /** By key; null if a proxy has no value, absent if it was not asked for. */
  readonly proxies: ProxyValues;
}

/** How ZiCo enters the ranking. */
export interface ZicoRanking {
  readonly beta: number;
  /** Null ranks by the paper's score, a number by the capped one. */
  readonly termCap: number | null;
}

/** SynFlow is 0 for a network that lets nothing through; no chart could show its logarithm. */
const leastPositive = 1e-300;

/** The value of one part for a network; null if it has none. */
export function valueOfPart(
  part: ObjectivePart,
  scored: ScoredParts,
  { beta, termCap }: ZicoRanking,
): number | null {
  if (isProxy(part)) {
    const value = scored.proxies[proxies[part].key] ?? null;
    // SynFlow is a product over the layers: its logarithm ranks, which is a sum like the others.
    return part === 'synflow' && value !== null ? Math.log(Math.max(value, leastPositive)) : value;
  }
  const { zico, zicoCapped, bias, ranksLast = false } = scored;
  if (zico === null || zicoCapped === null || bias === null) return null;
  const plain = { zico, zicoCapped, bias, ranksLast };
  return rankingScore(plain, betaFor(part, beta), termCap !== null);
}

/**
 * The numbers that rank networks: the value of a single part, or the sum of ranks by several; 1 is last, ties share
 * the mean of theirs. A network for which a part has no value gets -Infinity: it ranks last, and takes no rank from
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
