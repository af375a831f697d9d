/** What a person should know about a result that is still valid: it crosses walls and lies in files. */
import type { Warning } from './common/report.ts';

export type { Warning };

/** How many examples are kept of one warning. */
export const keptExamples = 5;

/** One line for a person: the sentence, the first examples, what to do. */
export function warningInWords({ message, hint, count, examples }: Warning): string {
  const more = count > examples.length ? ', ...' : '';
  const such = examples.length === 0 ? '' : ` (${examples.join('; ')}${more})`;
  return `${message.replace(/\.$/, '')}${such}. ${hint}`;
}
