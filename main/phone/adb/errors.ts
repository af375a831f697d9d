/** What can go wrong between this computer and a phone, each with its remedy. */
import { WorkbenchError } from '../../errors.ts';
import { udev } from './udev.ts';

export function phoneGone(serial: string, what: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'phone-gone',
    `The phone ${serial} went away: ${what}.`,
    'Check the cable and that the phone is on; work continues when it is back.',
    { cause },
  );
}

export function phoneTimeout(serial: string, what: string, limitMs: number): WorkbenchError {
  return new WorkbenchError(
    'phone-timeout',
    `The phone ${serial} did not finish within ${Math.round(limitMs / 100) / 10} s: ${what}.`,
    'Plug the cable in again and try again; if the phone is only slow, allow more time.',
  );
}

export function storageFull(serial: string, remotePath: string): WorkbenchError {
  return new WorkbenchError(
    'phone-storage-full',
    `There is no room on the phone ${serial} for ${remotePath}.`,
    'Free some space on the phone (Settings > Battery and device care > Storage), or measure smaller models.',
  );
}

export function pushFailed(serial: string, remotePath: string, why: string): WorkbenchError {
  return new WorkbenchError(
    'phone-push',
    `A file could not be put on the phone ${serial} as ${remotePath}: ${why}.`,
    'Plug the cable in again and try again; a bad cable or hub damages what passes through it.',
  );
}

export function fileMissing(serial: string, remotePath: string, why: string): WorkbenchError {
  return new WorkbenchError(
    'phone-file-missing',
    `There is no file ${remotePath} to read on the phone ${serial}: ${why}.`,
    'It may have been removed on the phone; put it there again.',
  );
}

export function unauthorized(serial: string): WorkbenchError {
  return new WorkbenchError(
    'phone-unauthorized',
    `The phone ${serial} does not trust this computer yet.`,
    'Unlock the phone, tick "Always allow from this computer" and tap "Allow". If it does not ask: plug the cable in again, or Settings > Developer options > Revoke USB debugging authorisations first.',
  );
}

export function offline(serial: string): WorkbenchError {
  return new WorkbenchError(
    'phone-offline',
    `The phone ${serial} is connected but does not answer.`,
    'Unlock it and plug the cable in again; if that does not help, turn USB debugging off and on.',
  );
}

export function noPermission(serial: string): WorkbenchError {
  return new WorkbenchError(
    'phone-no-permission',
    `This user may not open the phone ${serial} on the USB port.`,
    `Put this line into ${udev.file}:\n  ${udev.rule}\nthen run: ${udev.reload}, and plug the phone in again. (On Debian and Ubuntu the package android-sdk-platform-tools-common brings such rules.)`,
  );
}

export function adbMissing(looked: readonly string[]): WorkbenchError {
  return new WorkbenchError(
    'adb-missing',
    `There is no adb on this computer${looked.length > 0 ? `: looked in ${looked.join(', ')}` : ''}.`,
    'Install it: sudo apt install adb (Debian, Ubuntu), brew install android-platform-tools (macOS), or the SDK Platform-Tools from developer.android.com; or say where it is.',
  );
}

export function adbUnusable(file: string, why: string): WorkbenchError {
  return new WorkbenchError(
    'adb-unusable',
    `${file} cannot be run as adb: ${why}.`,
    'Choose another one, or install the SDK Platform-Tools again.',
  );
}

export function versionConflict(
  file: string,
  own: number,
  port: number,
  running: number,
): WorkbenchError {
  return new WorkbenchError(
    'adb-version-conflict',
    `Port ${port} is used by an adb server of version ${running}, but ${file} is version ${own}: each would end the other.`,
    `End the server with "${file} -P ${port} kill-server" and start no other adb, or choose the adb that started it (Android Studio's is in its SDK, platform-tools/adb).`,
  );
}

export function serverFailed(file: string, port: number, why: string): WorkbenchError {
  return new WorkbenchError(
    'adb-server',
    `The adb server does not answer on port ${port}: ${why}.`,
    `Try "${file} -P ${port} start-server" in a terminal; another program may be using the port (ANDROID_ADB_SERVER_PORT chooses another).`,
  );
}

export function helperCrashed(why: string): WorkbenchError {
  return new WorkbenchError(
    'phone-gone',
    `The process that speaks to the phone ${why}.`,
    'It is started again with the next request.',
  );
}
