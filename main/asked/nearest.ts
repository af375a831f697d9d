/** The known word that a mistyped one most likely means; null if none is close. */
export function nearest(word: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.replace(/[^a-z]/gi, '').toLowerCase();
  const [best] = known
    .map((one) => ({ one, distance: editDistance(plain(word), plain(one)) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, word.length / 4) ? best.one : null;
}

/** The Levenshtein distance. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[other.length]!;
}
