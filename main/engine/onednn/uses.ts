/** How often the steps of a plan use each value. */
import type { NamedStep } from './plan.ts';

export function useCounts(steps: readonly NamedStep[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const name of steps.flatMap(({ inputs }) => inputs)) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}
