/** What is said of a run whose rows are older than digests. */
import type { Candidate } from '../search/candidate.ts';
import { digestWarning } from '../store/digest-warning.ts';
import type { Warning } from '../warning.ts';
import type { RunReader } from './services.ts';

/** None where every candidate has a digest. */
export function digestWarningOf(
  reader: Pick<RunReader, 'withoutDigest'>,
  candidates: readonly Candidate[],
): readonly Warning[] {
  const warning = digestWarning(reader.withoutDigest(), candidates.length);
  return warning ? [warning] : [];
}
