/** What a person should know about a result that is still valid: it crosses walls and lies in files. */
export interface Warning {
  /** Stable, kebab-case, one per cause: scripts branch on it. */
  readonly code: string;
  /** A plain sentence. */
  readonly message: string;
  /** What to do, where it matters. */
  readonly hint: string;
  /** How many images, layers or classes it is about. */
  readonly count: number;
  /** The first of them, in words: files, layers. */
  readonly examples: readonly string[];
}

/** How many examples are kept of one warning. */
export const keptExamples = 5;

/** One line for a person: the sentence, the first examples, what to do. */
export function warningInWords({ message, hint, count, examples }: Warning): string {
  const more = count > examples.length ? ', ...' : '';
  const such = examples.length === 0 ? '' : ` (${examples.join('; ')}${more})`;
  return `${message.replace(/\.$/, '')}${such}. ${hint}`;
}
