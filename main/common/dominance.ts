/** Pareto dominance, with and without constraints. Every objective is minimised. */

/** What NSGA-II needs to know about an individual. All numbers are finite: nothing would dominate NaN. */
export interface Individual {
  /** All minimised; an objective to be maximised is negated. */
  readonly objectives: readonly number[];
  /** Sum of the amounts by which constraints are violated; absent or 0 if all are met. */
  readonly violation?: number;
}

/** True if `first` is nowhere worse than `second` and somewhere better. */
export function dominates(first: readonly number[], second: readonly number[]): boolean {
  let better = false;
  for (let i = 0; i < first.length; i++) {
    const a = first[i]!;
    const b = second[i]!;
    if (a > b) return false;
    if (a < b) better = true;
  }
  return better;
}

/**
 * Constraint-domination (Deb, Pratap, Agarwal, Meyarivan, IEEE TEC 6(2), 2002, definition 1): feasible
 * before infeasible, among infeasible ones the smaller violation, among feasible ones dominance.
 */
export function constrainedDominates(first: Individual, second: Individual): boolean {
  const a = first.violation ?? 0;
  const b = second.violation ?? 0;
  if (a > 0 || b > 0) return a < b;
  return dominates(first.objectives, second.objectives);
}
