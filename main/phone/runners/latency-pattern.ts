/** Finds latencies in what a program prints. */
import { latencyUnits, type LatencyUnit } from '../../common/phone-settings.ts';
import { WorkbenchError } from '../../errors.ts';
import type { ShellResult } from '../device.ts';
import { lastWords } from './shell-run.ts';

export interface LatencyPattern {
  /** Regular expression whose first group is a number. */
  readonly pattern: string;
  readonly unit: LatencyUnit;
}

/** Throws `runner-not-set-up` where the pattern is invalid or has no group. */
export function compilePattern({ pattern }: LatencyPattern): RegExp {
  let groups: number;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'g');
    // The empty alternative always matches, and so shows how many groups there are.
    groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  } catch (cause) {
    throw runnerNotSetUp(`"${pattern}" is not a regular expression.`, cause);
  }
  if (groups > 0) return expression;
  throw runnerNotSetUp(`"${pattern}" has no group around the latency.`);
}

/** @returns every match, in milliseconds. Throws `runner-no-latency`, `runner-failed`, `runner-not-set-up` */
export function latenciesIn(result: ShellResult, wanted: LatencyPattern): readonly number[] {
  const said = lastWords(result);
  if (result.exitCode !== 0) {
    throw new WorkbenchError(
      'runner-failed',
      `The program ended with ${result.exitCode}${said && `: ${said}`}.`,
      'Try the command by hand with "adb shell".',
    );
  }
  const expression = compilePattern(wanted);
  const factor = latencyUnits[wanted.unit];
  const text = `${result.stdout}\n${result.stderr}`;
  const found = [...text.matchAll(expression)].map(([, value]) => Number(value) * factor);
  const usable = found.filter((value) => Number.isFinite(value) && value > 0);
  if (usable.length > 0) return usable;
  throw new WorkbenchError(
    'runner-no-latency',
    `The program printed no latency that "${wanted.pattern}" finds${said ? `; it ended with: ${said}` : ', nor anything else'}.`,
    'Correct the pattern: its first group has to be the number.',
  );
}

export function runnerNotSetUp(message: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError('runner-not-set-up', message, "Correct the runner's settings.", {
    cause,
  });
}
