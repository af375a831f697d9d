/** Answers one call of the window: arguments in, CallResult out, nothing thrown. */
import type { z } from 'zod';
import {
  methods,
  type CallResult,
  type MethodArguments,
  type MethodName,
  type MethodResult,
} from '../../preload/contract.ts';
import { reportOf, WorkbenchError } from '../errors.ts';
import { logError } from './log.ts';

/** If a method of the contract has no handler here, this does not compile. */
export type Handlers = {
  readonly [M in MethodName]: (...args: MethodArguments<M>) => Promise<MethodResult<M>>;
};

export interface AnswerOptions {
  /** Also checks results against the contract: for development and tests, since it costs time. */
  readonly checkResults: boolean;
}

export async function answer<M extends MethodName>(
  handlers: Handlers,
  method: M,
  args: readonly unknown[],
  options: AnswerOptions,
): Promise<CallResult<MethodResult<M>>> {
  try {
    const value = await handlers[method](...checkedArguments(method, args));
    return { ok: true, value: options.checkResults ? checkedResult(method, value) : value };
  } catch (error) {
    const report = reportOf(error);
    // It was not foreseen, so finding the fault takes the stack, which is kept on this side.
    if (report.code === 'internal') logError(`${method} failed`, error);
    return { ok: false, error: report };
  }
}

function checkedArguments<M extends MethodName>(
  method: M,
  args: readonly unknown[],
): MethodArguments<M> {
  const checked = methods[method].args.safeParse(args);
  if (checked.success) return checked.data as MethodArguments<M>;
  throw new WorkbenchError(
    'bad-arguments',
    `The call ${method} has wrong arguments: ${firstIssue(checked.error)}.`,
    'Check the values that were entered.',
    { cause: checked.error },
  );
}

function checkedResult<M extends MethodName>(method: M, value: MethodResult<M>): MethodResult<M> {
  const checked = methods[method].result.safeParse(value);
  if (checked.success) return checked.data as MethodResult<M>;
  throw new WorkbenchError(
    'bad-result',
    `The answer of ${method} breaks the contract: ${firstIssue(checked.error)}.`,
    'This is a fault of the program: preload/contract.ts and the handler disagree.',
    { cause: checked.error },
  );
}

/** There is only one argument, so its position is left out: `settings.seed: …`. */
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.slice(1).join('.') ?? '';
  const what = (issue?.message ?? 'unknown').replace(/\.$/, '');
  return where === '' ? what : `${where}: ${what}`;
}
