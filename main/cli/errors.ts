/** Errors of the command line: every one ends as code, message and hint. */
import { CommanderError } from 'commander';
import { reportOf, WorkbenchError, type ErrorReport } from '../errors.ts';
import type { Known } from '../common/known.ts';
import type { Warning } from '../warning.ts';

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
  'farm-read-only',
  'farm-redis-refuses',
]);

export function exitCodeOf(report: ErrorReport): number {
  return failures.has(report.code) ? exitCodes.failure : exitCodes.badInput;
}

/**
 * Options to add to hints: errors thrown elsewhere also appear in the window, so their hints name no options. Where
 * errors of one code need different ones, they bring theirs (`WorkbenchError.option`).
 */
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
  'size-open': 'It is named with --size 224, or --size 512x1024.',
  'inputs-open': 'Constants are given with --constant NAME=1.',
  'no-calibration-data': 'A folder is named with --data, an array with --inputs FILE.npy.',
  'data-do-not-fit': 'An array is given with --inputs FILE.npy.',
};
/** The same for warnings. */
const optionOfWarning: Readonly<Record<string, string>> = {
  'synthetic-data': '--data names pictures.',
  'outputs-left-out': 'It is named with --output.',
  'outputs-not-read': 'Any value of the network can be named with --output.',
  'noise-layers': '--ignore-noise leaves such layers out.',
  'detection-head':
    'Each is named with --output; docs/detection-heads.md has the matching and loss of every kind.',
};

const added = <R extends { readonly hint: string }>(report: R, option: string | undefined): R =>
  option === undefined ? report : { ...report, hint: `${report.hint} ${option}` };

function withOption(report: ErrorReport, error: unknown): ErrorReport {
  const own = error instanceof WorkbenchError ? error.option : null;
  const usual = Object.hasOwn(optionOfHint, report.code) ? optionOfHint[report.code] : undefined;
  return added(report, own ?? usual);
}

/** A result whose warnings are said as on the command line. */
export function withWarningsSaid<R extends { readonly warnings: readonly Warning[] }>(
  result: R,
): R {
  const warnings = result.warnings.map((warning) => {
    const { code } = warning;
    return added(warning, Object.hasOwn(optionOfWarning, code) ? optionOfWarning[code] : undefined);
  });
  return { ...result, warnings };
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
  return withOption(reportOf(error), error);
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
