/** Runs the steps of a test run: neighbours of one kind beside each other, the others one by one. */
import { availableParallelism } from 'node:os';
import type { StepResult } from './report.ts';
import type { Step } from './steps.ts';

/**
 * @param steps in their order; neighbours that are `alongside` each other run at the same time, at most two a
 *   computer (the type checkers need a gigabyte each) and never beside another step
 * @returns one result a step, in the order of the steps
 */
export async function runSteps(
  steps: readonly Step[],
  most = Math.min(2, availableParallelism()),
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const group of groupsOf(steps)) results.push(...(await runGroup(group, most)));
  return results;
}

/** Neighbours with the same `alongside` together, every other step by itself. */
function groupsOf(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last && step.alongside && last[0]?.alongside === step.alongside) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

async function runGroup(group: readonly Step[], most: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const waiting = [...group.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [place, step] = next;
      results[place] = await runStep(step);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, group.length) }, worker));
  return results;
}

async function runStep(step: Step): Promise<StepResult> {
  console.log(`\n--- ${step.name}`);
  const startedMs = performance.now();
  const outcome = await step.run();
  return { name: step.name, ...outcome, seconds: (performance.now() - startedMs) / 1000 };
}
