/** Least squares with coefficients >= 0, by coordinate descent: the problem is convex, so it ends at the best. */

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
  const x = used.map(() => 0);
  for (let sweep = 0; sweep < 50_000; sweep++) {
    let change = 0;
    for (let i = 0; i < x.length; i++) {
      const slope = right[i]! - gram[i]!.reduce((sum, g, j) => sum + g * x[j]!, 0);
      const next = Math.max(0, x[i]! + slope);
      change = Math.max(change, Math.abs(next - x[i]!));
      x[i] = next;
    }
    if (change < 1e-12 * Math.max(...x)) break;
  }
  const full = Array.from({ length: width }, () => 0);
  used.forEach((j, i) => (full[j] = x[i]! / scale[j]!));
  return full;
}
