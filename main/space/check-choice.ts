/** Whether one can choose from what a field offers. Every error names the path in the file. */
import { valuesOf } from './choices.ts';
import { invalid } from './description-error.ts';
import type { Choice } from '../common/space-description.ts';

/** Throws `space-invalid`. */
export function checkChoice(choice: Choice, path: string): void {
  const { values } = valuesOf(choice);
  if (typeof choice === 'object' && 'from' in choice) {
    const { from, to, step } = choice;
    if (to < from || (to - from) % step !== 0)
      throw invalid(
        path,
        `the range from ${from} to ${to} by ${step} does not end at ${to}`,
        `Let "to" be ${from} plus a multiple of ${step}.`,
      );
  }
  const seen = new Set<number>();
  const twice = values.find((value) => seen.size === seen.add(value).size);
  if (twice !== undefined)
    throw invalid(path, `${twice} is listed twice`, 'List every value once.');
}

/** Throws `space-invalid`. */
export function checkKernel(kernels: readonly number[], path: string): void {
  const even = kernels.find((kernel) => kernel % 2 === 0);
  if (even !== undefined)
    throw invalid(path, `a kernel of ${even} has no centre`, 'Use odd kernels: 1, 3, 5, 7.');
}
