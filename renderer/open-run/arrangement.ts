/** Things in an order that a person chose, where some of them may be new or gone. Pure. */

interface Keyed {
  readonly key: string;
}

/**
 * Those that the order names as it has them; each of the others behind the one that it usually follows.
 * @param all in the usual order
 */
export function arranged<T extends Keyed>(all: readonly T[], order: readonly string[]): T[] {
  const known = new Map(all.map((one) => [one.key, one]));
  const placed = order.flatMap((key) => known.get(key) ?? []);
  const there = new Set(placed);
  all.forEach((one, i) => {
    if (there.has(one)) return;
    there.add(one);
    placed.splice(i === 0 ? 0 : placed.indexOf(all[i - 1]!) + 1, 0, one);
  });
  return placed;
}

/** The keys with one of them so many places further; it stops at the ends. */
export function moved(keys: readonly string[], key: string, by: number): string[] {
  const from = keys.indexOf(key);
  if (from < 0) return [...keys];
  const rest = keys.filter((other) => other !== key);
  rest.splice(Math.max(0, Math.min(rest.length, from + by)), 0, key);
  return rest;
}

/** What is shown now in its new order, and what was remembered of other runs behind it. */
export function remembered(shown: readonly string[], before: readonly string[]): string[] {
  return [...shown, ...before.filter((key) => !shown.includes(key))];
}
