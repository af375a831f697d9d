/** The product's own folder on a phone, and what has to be known before anything is put there. */
import { WorkbenchError } from '../errors.ts';
import { shellWord } from './shell-word.ts';
import type { Device } from './device.ts';
import type { Known } from '../common/known.ts';

/** Where adb's shell may write and run programs without root. */
export const remoteFolder = '/data/local/tmp/zico-workbench';

/** Limit in milliseconds for commands that only look or clean up. */
export const shortLimitMs = 20_000;

/**
 * Creates the folder, in one round trip.
 * @param file whose presence is checked as well
 * @returns bytes that are free there; null where the phone does not say
 */
export async function prepareFolder(
  device: Device,
  folder: string,
  signal?: AbortSignal,
  file?: string,
): Promise<{ readonly free: number | null; readonly present: boolean }> {
  const { exitCode, stdout, stderr } = await device.shell(
    `mkdir -p ${shellWord(folder)} && { ${file === undefined ? 'echo' : `[ -f ${shellWord(file)} ] && echo present || echo`}; df -k ${shellWord(folder)}; }`,
    { timeoutMs: shortLimitMs, ...(signal && { signal }) },
  );
  if (exitCode === 0) {
    const [present, ...df] = stdout.split('\n') as Known<string>;
    return { free: freeBytes(df.join('\n')), present: present.trim() === 'present' };
  }
  if (/no space/i.test(stderr)) throw storageFull(device, 0, 0);
  throw new WorkbenchError(
    'phone-folder',
    `${folder} could not be made on ${device.serial}: ${stderr.trim() || `exit code ${exitCode}`}.`,
    'Restart the phone and try again.',
  );
}

/** The fourth column of the last line of `df -k`. */
export function freeBytes(df: string): number | null {
  const cells = df.trim().split('\n').at(-1)?.trim().split(/\s+/) ?? [];
  const kibibytes = Number(cells[3]);
  return cells.length >= 6 && Number.isFinite(kibibytes) ? kibibytes * 1024 : null;
}

/** Throws `phone-storage-full` where the bytes do not fit, with a little room for the phone itself. */
export function assertFits(device: Device, bytes: number, free: number | null): void {
  const room = 16 * 2 ** 20;
  if (free !== null && bytes + room > free) throw storageFull(device, bytes, free);
}

function storageFull(device: Device, bytes: number, free: number): WorkbenchError {
  const inMegabytes = (value: number) => `${(value / 1e6).toFixed(1)} MB`;
  return new WorkbenchError(
    'phone-storage-full',
    `${inMegabytes(bytes)} do not fit on ${device.serial}, where ${inMegabytes(free)} are free.`,
    'Free some storage on the phone, or measure a smaller model.',
  );
}
