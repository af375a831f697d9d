/** Lists of values that are crossed: a search for every combination of them. */

/** More than this is a mistake: nobody would wait for them. */
export const mostSearches = 1000;

export interface VariedKey<Key extends string = string, Value = unknown> {
  readonly key: Key;
  readonly choices: readonly Value[];
}

/** One value of a list, with its place in it. */
export interface ChosenValue<Key extends string = string, Value = unknown> {
  readonly key: Key;
  readonly value: Value;
  readonly index: number;
}

/** How many combinations there are: one without lists, none where a list is empty. */
export function countCombinations(varied: readonly VariedKey[]): number {
  return varied.reduce((product, { choices }) => product * choices.length, 1);
}

/**
 * Every combination, the last list varying fastest.
 * @param varied of which `countCombinations` says that they are few enough
 */
export function combinationsOf<Key extends string, Value>(
  varied: readonly VariedKey<Key, Value>[],
): ChosenValue<Key, Value>[][] {
  return Array.from({ length: countCombinations(varied) }, (_, i) => {
    let rest = i;
    const chosen = varied.toReversed().map(({ key, choices }) => {
      const index = rest % choices.length;
      rest = Math.floor(rest / choices.length);
      return { key, value: choices[index]!, index };
    });
    return chosen.reverse();
  });
}
