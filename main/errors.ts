/**
 * The one kind of error a person is meant to read. It crosses process walls and reaches the command
 * line's JSON and the window as `{code, message, hint}`.
 */
export interface ErrorReport {
  /** Stable, kebab-case, one per cause: scripts branch on it. */
  readonly code: string;
  /** A plain sentence that says what happened, naming the file, node or value at fault. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
}

export class WorkbenchError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkbenchError';
    this.code = code;
    this.hint = hint;
  }

  toReport(): ErrorReport {
    return { code: this.code, message: this.message, hint: this.hint };
  }

  static fromReport(report: ErrorReport): WorkbenchError {
    return new WorkbenchError(report.code, report.message, report.hint);
  }
}

/** Turns anything thrown into a report; what nobody foresaw is named `internal` and keeps its message. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof WorkbenchError) return error.toReport();
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message,
    hint: 'This is a fault of the program. Please report it with the command or action that led to it.',
  };
}
