/** Runs arm64 programs of the tests under qemu, with a made-up description of eight processors. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** `arm64.sh CPUS PROGRAM [ARGUMENT...]` */
export const arm64 = path.join(import.meta.dirname, 'arm64.sh');

/** Makes a folder that stands in for /sys/devices/system/cpu, and returns it. */
export function processorsIn(folder: string, count = 8): string {
  mkdirSync(folder, { recursive: true });
  for (const list of ['possible', 'present']) {
    writeFileSync(path.join(folder, list), `0-${count - 1}\n`);
  }
  return folder;
}
