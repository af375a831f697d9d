/**
 * The one kind of error a person is meant to read. It crosses process walls and reaches the command
 * line's JSON and the window as `{code, message, hint}`.
 */
import type { ErrorReport } from './common/report.ts';

export type { ErrorReport };

export interface WorkbenchErrorOptions extends ErrorOptions {
  readonly option?: string | null;
  readonly node?: string | null;
}

export class WorkbenchError extends Error {
  readonly code: string;
  /** Errors appear in the window as well, so it names no option of a command. */
  readonly hint: string;
  /** What the command line adds to the hint, where a code alone does not tell (`optionOfHint` has those). */
  readonly option: string | null;
  /** Name of the node of a model that it is about, for whoever draws the model; null where it is about none. */
  readonly node: string | null;

  constructor(code: string, message: string, hint: string, options: WorkbenchErrorOptions = {}) {
    super(message, options);
    this.name = 'WorkbenchError';
    this.code = code;
    this.hint = hint;
    this.option = options.option ?? null;
    this.node = options.node ?? null;
  }

  /** The same error, told of a node, unless it was told of one already. */
  atNode(node: string): WorkbenchError {
    if (this.node !== null) return this;
    const { code, message, hint, option } = this;
    return new WorkbenchError(code, message, hint, { cause: this, option, node });
  }

  toReport(): ErrorReport {
    return { code: this.code, message: this.message, hint: this.hint };
  }

  static fromReport(report: ErrorReport): WorkbenchError {
    return new WorkbenchError(report.code, report.message, report.hint);
  }
}

/** What JavaScript and native libraries say where a value cannot be had in memory. */
const noMemory =
  /bad_alloc|bad allocation|failed to allocate memory|array buffer allocation failed|out of memory/i;
/** What JavaScript says of a value that is larger than any can be. */
const noSuchSize =
  /^Invalid (typed )?array length|^Invalid string length|maximum size exceeded|^Maximum call stack|Cannot create a string longer/;

/** The error for what was too large for this computer, or for any; null for every other error. */
export function tooLargeFrom(error: unknown): WorkbenchError | null {
  if (!(error instanceof Error) || error instanceof WorkbenchError) return null;
  const hint = 'Use smaller images, a smaller batch or a smaller network.';
  if (noMemory.test(error.message)) {
    const message = `There was not enough memory for it (${error.message}).`;
    return new WorkbenchError('out-of-memory', message, hint, { cause: error });
  }
  if (!(error instanceof RangeError) || !noSuchSize.test(error.message)) return null;
  const message = `It is larger than anything that can be worked on (${error.message}).`;
  return new WorkbenchError('too-large', message, hint, { cause: error });
}

/** Turns anything thrown into a report; what nobody foresaw is named `internal` and keeps its message. */
export function reportOf(error: unknown): ErrorReport {
  const known = error instanceof WorkbenchError ? error : tooLargeFrom(error);
  if (known) return known.toReport();
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message,
    hint: 'This is a fault of the program. Please report it with the command or action that led to it.',
  };
}
