/**
 * Least squares with coefficients >= 0, by the active set method of Lawson and Hanson ("Solving Least Squares
 * Problems", 1974, chapter 23), on the normal equations of scaled columns.
 */

/** A gain in the loss below this share of the target's square is rounding. */
const negligible = 1e-12;
/** Columns that are all but combinations of others are told apart by this much. */
const nudge = 1e-13;

/**
 * Minimises sum over rows of (row . x - target)^2 with x >= 0.
 * @param rows features, each of the same length
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): number[] {
  const width = rows[0]!.length;
  const scale = Array.from({ length: width }, (_, j) =>
    Math.sqrt(rows.reduce((sum, row) => sum + row[j]! ** 2, 0)),
  );
  const used = scale.flatMap((s, j) => (s > 0 ? [j] : []));
  // Normal equations in scaled columns: the diagonal is 1.
  const gram = used.map((i) =>
    used.map(
      (j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / (scale[i]! * scale[j]!),
    ),
  );
  const right = used.map(
    (i) => rows.reduce((sum, row, n) => sum + row[i]! * targets[n]!, 0) / scale[i]!,
  );
  const least = negligible * Math.sqrt(targets.reduce((sum, target) => sum + target ** 2, 0));
  const x = activeSet(gram, right, least);
  const full = Array.from({ length: width }, () => 0);
  used.forEach((j, i) => (full[j] = x[i]! / scale[j]!));
  return full;
}

/** The method itself: coefficients enter one by one, and leave again where they would turn negative. */
function activeSet(
  gram: readonly (readonly number[])[],
  right: readonly number[],
  least: number,
): number[] {
  const x = right.map(() => 0);
  const free: number[] = [];
  for (let turn = 0; turn < 30 * x.length; turn++) {
    const slope = (i: number): number =>
      right[i]! - gram[i]!.reduce((sum, g, j) => sum + g * x[j]!, 0);
    let entering = -1;
    let steepest = least;
    for (let i = 0; i < x.length; i++) {
      if (free.includes(i) || slope(i) <= steepest) continue;
      steepest = slope(i);
      entering = i;
    }
    if (entering < 0) break;
    free.push(entering);
    for (let z = solved(gram, right, free); ; z = solved(gram, right, free)) {
      if (z.every((value) => value > 0)) {
        free.forEach((i, k) => (x[i] = z[k]!));
        break;
      }
      // As far towards the solution as all stay non-negative; those that reach zero leave.
      const step = Math.min(
        ...free.map((i, k) => (z[k]! > 0 ? Infinity : x[i]! / (x[i]! - z[k]! || 1))),
      );
      free.forEach((i, k) => (x[i] = x[i]! + step * (z[k]! - x[i]!)));
      const staying = free.filter((i, k) => z[k]! > 0 || x[i]! > 1e-15);
      for (const i of free) if (!staying.includes(i)) x[i] = 0;
      free.splice(0, free.length, ...staying);
      if (free.length === 0) break;
    }
  }
  return x;
}

/** Solves the equations of some of the columns by Cholesky's factors. */
function solved(
  gram: readonly (readonly number[])[],
  right: readonly number[],
  columns: readonly number[],
): number[] {
  const lower: number[][] = [];
  const y: number[] = [];
  columns.forEach((i, a) => {
    const row: number[] = [];
    for (let b = 0; b <= a; b++) {
      let sum = gram[i]![columns[b]!]! + (a === b ? nudge : 0);
      for (let k = 0; k < b; k++) sum -= row[k]! * (b === a ? row[k]! : lower[b]![k]!);
      row.push(a === b ? Math.sqrt(Math.max(sum, nudge)) : sum / lower[b]![b]!);
    }
    lower.push(row);
    y.push((right[i]! - y.reduce((sum, value, k) => sum + row[k]! * value, 0)) / row[a]!);
  });
  const z = columns.map(() => 0);
  for (let a = columns.length - 1; a >= 0; a--) {
    let sum = y[a]!;
    for (let k = a + 1; k < columns.length; k++) sum -= lower[k]![a]! * z[k]!;
    z[a] = sum / lower[a]![a]!;
  }
  return z;
}
