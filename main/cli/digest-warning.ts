/** What is said of a run whose rows are older than digests. */
import { digestWarning } from '../store/digest-warning.ts';
import { warningInWords } from '../warning.ts';

/** Lines for a person; none where every candidate has a digest. */
export function withoutDigestInWords(without: number, all: number): readonly string[] {
  const warning = digestWarning(without, all);
  return warning ? [`warning: ${warningInWords(warning)}`] : [];
}
