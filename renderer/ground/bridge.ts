/** The window's only way out: the typed bridge that the preload script exposes. */
import type {
  Bridge,
  CallResult,
  ErrorReport,
  MethodArguments,
  MethodName,
  MethodResult,
} from '../../preload/contract.ts';

declare global {
  interface Window {
    readonly workbench: Bridge;
  }
}

/** A call that the main side answered with an error; keeps its code, message and hint. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.report = report;
  }
}

/** Calls the main side. Throws `CallError` when it answers with an error. */
export async function ask<M extends MethodName>(
  bridge: Bridge,
  method: M,
  ...args: MethodArguments<M>
): Promise<MethodResult<M>> {
  return valueOf<MethodResult<M>>(await bridge.call(method, ...args));
}

/** What the main side answers. Throws `CallError` where that is an error. */
export async function answered<T>(answering: Promise<CallResult<T>>): Promise<T> {
  return valueOf(await answering);
}

function valueOf<T>(answer: CallResult<T>): T {
  if (!answer.ok) throw new CallError(answer.error);
  return answer.value;
}

/** Whatever was thrown, as something that can be shown. */
export function errorReportOf(error: unknown): ErrorReport {
  if (error instanceof CallError) return error.report;
  return {
    code: 'window-error',
    message: error instanceof Error ? error.message : String(error),
    hint: 'This is a fault of the window itself. Copy the details into a bug report.',
  };
}
