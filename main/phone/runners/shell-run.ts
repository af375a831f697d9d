/**
 * Runs a program once on the phone: pinned to cores, limited in time, and with the kinds of its end
 * distinguished.
 */
import { WorkbenchError } from '../../errors.ts';
import path from 'node:path';
import type { Device, ShellResult } from '../device.ts';
import { remoteFolder } from '../remote-folder.ts';

export interface ProgramStart {
  /** Folder on the phone in which to start. */
  readonly folder: string;
  /** The command, quoted for the phone's shell. */
  readonly command: string;
  readonly mask: number;
  /** Milliseconds. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A program that knows its limit ends by itself first; the wait ends this much later. */
const graceMs = 10_000;
const answerLimitMs = 5_000;

/**
 * @returns what the program printed if it ended by itself, whatever its exit code
 * @throws WorkbenchError `runner-killed`, `runner-timeout`, `runner-crashed`, `wrong-architecture`,
 * `pinning-failed`, what `Device.shell` throws
 */
export async function startProgram(device: Device, start: ProgramStart): Promise<ShellResult> {
  const { folder, command, mask, limitMs, signal } = start;
  // With `exec`, the signals of a vanished connection reach the program itself.
  const pinned = `${noteProgram}; cd ${folder} && exec taskset ${mask.toString(16)} ${command}`;
  const result = await device
    .shell(pinned, { timeoutMs: limitMs + graceMs, ...(signal && { signal }) })
    .catch(async (error: unknown) => {
      const timedOut = error instanceof WorkbenchError && error.code === 'phone-timeout';
      if (!timedOut && !signal?.aborted) throw error;
      // If the phone answers, the program hangs; if it does not, the phone itself is at fault.
      const answers = await device.shell(endProgram, { timeoutMs: answerLimitMs }).then(
        () => true,
        () => false,
      );
      throw timedOut && answers ? timeout(start) : error;
    });
  assertEnded(start, result);
  return result;
}

/** The shell that adbd starts leads its own process group, so ending it by number cannot hit anybody else's. */
const note = `${remoteFolder}/running`;
const boot = '$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)';
const noteProgram = `echo "$$ ${boot}" >${note}`;

/** Ends a program that was left running, with everything that it started. */
export const endProgram =
  [
    `if read p b <${note} && [ "$b" = "${boot}" ]; then rm -f ${note}`,
    // By now its number may belong to another program.
    `if [ ! -e /proc/$p ] || grep -q ${path.posix.basename(remoteFolder)} /proc/$p/cmdline; then kill -9 -$p; fi; fi`,
  ].join('; ') + ' 2>/dev/null';

/** Exit codes above 128 are signals; a shell that cannot start a program gives 126 or 127. */
function assertEnded(start: ProgramStart, result: ShellResult): void {
  const { exitCode } = result;
  const said = lastWords(result);
  if (/exec format error|not executable: (?:64|32)-bit|wrong ELF class/i.test(said)) {
    throw wrongArchitecture(said);
  }
  if (/taskset|sched_setaffinity|failed to set/i.test(said) && exitCode !== 0) {
    throw new WorkbenchError(
      'pinning-failed',
      `The phone refused the cores ${start.mask.toString(16)}: ${said}`,
      'Choose other cores; a phone that saves power switches some of them off.',
    );
  }
  switch (exitCode) {
    case 137:
      throw new WorkbenchError(
        'runner-killed',
        'The phone ended the runner while it was working, as happens when memory runs short.',
        'Close other apps on the phone, or measure a smaller model.',
      );
    case 142:
      throw timeout(start);
    case 132:
    case 134:
    case 135:
    case 136:
    case 139:
      throw new WorkbenchError(
        'runner-crashed',
        `The runner crashed (${signalNames[exitCode]})${said && `: ${said}`}.`,
        'Try another runner. If it is one of the Workbench, please report it with the model.',
      );
    default:
  }
}

const signalNames = {
  132: 'illegal instruction',
  134: 'abort',
  135: 'bus error',
  136: 'arithmetic',
  139: 'segmentation fault',
};

function timeout({ limitMs }: ProgramStart): WorkbenchError {
  return new WorkbenchError(
    'runner-timeout',
    `The runner took longer than ${limitMs / 1000} s.`,
    'Measure fewer runs or a smaller model, or raise the limit.',
  );
}

export function wrongArchitecture(said: string): WorkbenchError {
  return new WorkbenchError(
    'wrong-architecture',
    `The program is not for this phone's processor: ${said.replace(/\.$/, '')}.`,
    'Use a program for 64-bit ARM (arm64-v8a) and a phone with a 64-bit Android.',
  );
}

/** The end of what a program printed, errors first, for messages. */
export function lastWords({ stdout, stderr }: ShellResult): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  return lines.slice(-3).join(' ').trim().slice(-400);
}
