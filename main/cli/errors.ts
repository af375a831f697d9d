/** Errors of the command line: every one ends as code, message and hint. */
import { CommanderError } from 'commander';
import { reportOf, type ErrorReport } from '../errors.ts';
import type { Known } from '../common/known.ts';

/** Exit codes of commands. */
export const exitCodes = {
  success: 0,
  failure: 1,
  badInput: 2,
  problems: 3,
  interrupted: 130,
} as const;

const exitCodeWords: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: 'done',
  failure: 'the program or the machine failed',
  badInput: 'bad input or arguments',
  problems: 'done, and problems were found',
  interrupted: 'Ctrl-C',
};

/** The exit codes for the help: `0 done, 1 ...`. */
export function exitCodesInWords(): string {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  return names.map((name) => `${exitCodes[name]} ${exitCodeWords[name]}`).join(', ');
}

/** Thrown when everything has been reported and only the exit code is left to set. */
export class ProblemsFound extends Error {}

/** Thrown where a signal is the normal way to end; it is not an error. */
export class StoppedAsAsked extends Error {}

/** Codes of errors that different input would not avoid. */
const failures = new Set([
  'internal',
  'engine-crashed',
  'scoring-crashed',
  'scoring-timeout',
  'latency-crashed',
  'latency-timeout',
  'data-timeout',
  'export-timeout',
  'memory-ceiling',
  'out-of-memory',
  'adb-server',
  'phone-gone',
  'run-file-gone',
  'phone-timeout',
  'farm-unreachable',
  'farm-full',
]);

export function exitCodeOf(report: ErrorReport): number {
  return failures.has(report.code) ? exitCodes.failure : exitCodes.badInput;
}

/** Options to add to hints: errors thrown elsewhere also appear in the window, so their hints name no options. */
const optionOfHint: Readonly<Record<string, string>> = {
  'too-few-images': 'Images are named with --data.',
  'data-not-found': '"zico data kinds" lists the kinds of data that can be used.',
  'data-not-recognised': '"zico data kinds" describes the kinds of data, and --kind names one.',
  'not-exportable': 'Formats are chosen with --format, such as onnx,safetensors,json,html.',
  'adb-missing': 'Its path is given with --adb FILE.',
  'adb-unusable': 'Its path is given with --adb FILE.',
  'adb-version-conflict': 'Its path is given with --adb FILE.',
  'no-such-cores': 'Cores are named with --core.',
  'space-code-needed': 'It is named with --space FILE.',
};

function withOption(report: ErrorReport): ErrorReport {
  const option = Object.hasOwn(optionOfHint, report.code) ? optionOfHint[report.code] : undefined;
  return option === undefined ? report : { ...report, hint: `${report.hint} ${option}` };
}

/** The error report for anything thrown by a command or by commander. */
export function commandReport(error: unknown): ErrorReport {
  if (error instanceof CommanderError) return badArgumentsFrom(error);
  if ((error as NodeJS.ErrnoException | undefined)?.syscall === 'uv_cwd') {
    return {
      code: 'no-working-folder',
      message: 'The folder in which this command was started no longer exists.',
      hint: 'Change to a folder that exists and run the command again.',
    };
  }
  return withOption(reportOf(error));
}

function badArgumentsFrom(error: CommanderError): ErrorReport {
  const text = error.message.replace(/^error: /, '').trim();
  // Commander appends its guess as a line of its own: "(Did you mean --beta?)".
  const [sentence, ...guesses] = text.split('\n') as Known<string>;
  const message = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  const guess = guesses.join(' ').replace(/[()]/g, '').trim();
  return {
    code: 'bad-arguments',
    message: /[.!?]$/.test(message) ? message : `${message}.`,
    hint: `${guess ? `${guess} ` : ''}"zico --help" lists the commands, "zico help COMMAND" the options of one.`,
  };
}
