/** One start of a program on the phone: pinned, limited in time, its end told apart. */
import { WorkbenchError } from '../../errors.ts';
import path from 'node:path';
import type { Device, ShellResult } from '../device.ts';
import { remoteFolder } from '../remote-folder.ts';

export interface ProgramStart {
  /** Folder on the phone to start in. */
  readonly folder: string;
  /** The command, quoted for the phone's shell. */
  readonly command: string;
  readonly mask: number;
  /** Milliseconds. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A program that was told its limit ends by itself first; this much later the wait ends too. */
const graceMs = 10_000;
const answerLimitMs = 5_000;

/**
 * @returns what a program printed that ended by itself, whatever its exit code
 * @throws WorkbenchError `runner-killed`, `runner-timeout`, `runner-crashed`, `wrong-architecture`,
 *   `pinning-failed`, what `Device.shell` throws
 */
export async function startProgram(device: Device, start: ProgramStart): Promise<ShellResult> {
  const { folder, command, mask, limitMs, signal } = start;
  // `exec` hands the signals of a vanished connection to the program itself.
  const pinned = `${noteProgram}; cd ${folder} && exec taskset ${mask.toString(16)} ${command}`;
  const result = await device
    .shell(pinned, { timeoutMs: limitMs + graceMs, ...(signal && { signal }) })
    .catch(async (error: unknown) => {
      const timedOut = error instanceof WorkbenchError && error.code === 'phone-timeout';
      if (!timedOut && !signal?.aborted) throw error;
      // A phone that answers has a program that hangs; one that does not is at fault itself.
      const answers = await device.shell(endProgram, { timeoutMs: answerLimitMs }).then(
        () => true,
        () => false,
      );
      throw timedOut && answers ? timeout(start) : error;
    });
  assertEnded(start, result);
  return result;
}

/** The shell that adbd starts leads a group of processes of its own; nobody else's may be ended by its number. */
const note = `${remoteFolder}/running`;
const boot = '$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)';
const noteProgram = `echo "$$ ${boot}" >${note}`;

/** Ends a program that was left running, with all that it started itself. */
export const endProgram =
  [
    `if read p b <${note} && [ "$b" = "${boot}" ]; then rm -f ${note}`,
    // Its number may be another program's by now.
    `if [ ! -e /proc/$p ] || grep -q ${path.posix.basename(remoteFolder)} /proc/$p/cmdline; then kill -9 -$p; fi; fi`,
  ].join('; ') + ' 2>/dev/null';

/** Exit codes above 128 are signals; what a shell says where it cannot start a program is 126 or 127. */
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
        'The phone ended the runner while it worked, as it does when memory runs short.',
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

/** The end of what a program said, errors first: for messages. */
export function lastWords({ stdout, stderr }: ShellResult): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  return lines.slice(-3).join(' ').trim().slice(-400);
}
