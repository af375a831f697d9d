/** What a person should know about a run of which some or all rows are older than digests. */
import type { Warning } from '../warning.ts';

/**
 * @param without candidates without a digest
 * @param all candidates
 * @returns null where all of them have one
 */
export function digestWarning(without: number, all: number): Warning | null {
  if (without === 0) return null;
  return {
    code: 'no-digests',
    message: `${without === all ? 'Its candidates' : `${without} of its ${all} candidates`} were stored by a version that kept no digests: a change in the file would not be noticed.`,
    hint: 'No action is needed: candidates that are added from now on have digests.',
    count: without,
    examples: [],
  };
}
