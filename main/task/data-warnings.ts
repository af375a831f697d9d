/** What was found wrong while batches were drawn, as warnings that are stored with what was scored on them. */
import { keptExamples, type Warning } from '../warning.ts';
import type { DataProblem } from './batches.ts';

const told = (problems: readonly DataProblem[]): readonly string[] =>
  problems.slice(0, keptExamples).map(({ file, reason }) => `${file}: ${reason}`);

/**
 * @param skipped images that cannot be used; others of the same seeded order took their places
 * @param partial images that are used although part of them had to be left out
 * @param changed folders and files that were changed while images were drawn
 */
export function dataWarnings(
  skipped: readonly DataProblem[],
  partial: readonly DataProblem[],
  changed: readonly DataProblem[] = [],
): Warning[] {
  const warnings: Warning[] = [];
  if (skipped.length > 0) {
    warnings.push({
      code: 'images-redrawn',
      message:
        skipped.length === 1
          ? 'An image could not be used, and the next one of the same order took its place.'
          : `${skipped.length} images could not be used, and the next ones of the same order took their places.`,
      hint: 'Repair or delete them: once they can be read, the same seed draws other images.',
      count: skipped.length,
      examples: told(skipped),
    });
  }
  if (partial.length > 0) {
    warnings.push({
      code: 'annotations-left-out',
      message:
        partial.length === 1
          ? 'An annotation of the images drawn was left out.'
          : `${partial.length} annotations of the images drawn were left out.`,
      hint: 'Correct them in the data set.',
      count: partial.length,
      examples: told(partial),
    });
  }
  if (changed.length > 0) {
    warnings.push({
      code: 'data-changed-meanwhile',
      message: 'The images were changed while they were listed and read.',
      hint: 'What was added is not among the images drawn. Start again once nothing is written there any more.',
      count: changed.length,
      examples: told(changed),
    });
  }
  return warnings;
}

/** Null where the numbers agree. Fewer outputs than classes are an error before anything is scored. */
export function spareClassesWarning(
  network: string,
  outputs: number,
  classes: number,
): Warning | null {
  if (outputs <= classes) return null;
  return {
    code: 'more-classes-than-data',
    message: `${network} tells ${outputs} classes apart, but the data have ${classes}.`,
    hint: 'The surplus outputs get gradients as well; only compare scores of the same number of classes.',
    count: outputs - classes,
    examples: [],
  };
}
