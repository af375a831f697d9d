/** The warning about runs whose rows were stored before rows had digests. */
import { digestWarning } from '../store/digest-warning.ts';
import { warningInWords } from '../warning.ts';

/** The warning as lines; none if every candidate has a digest. */
export function withoutDigestInWords(without: number, all: number): readonly string[] {
  const warning = digestWarning(without, all);
  return warning ? [`warning: ${warningInWords(warning)}`] : [];
}
