/** Copies a runtime to a phone, only once per digest, and removes older ones. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Device } from '../device.ts';
import { assertFits, prepareFolder, remoteFolder, shortLimitMs } from '../remote-folder.ts';
import { shellWord } from '../shell-word.ts';

export interface RuntimeFiles {
  /** Such as `glibc`: a phone has at most one runtime of each name. */
  readonly name: string;
  /** On this computer. */
  readonly folder: string;
  /** Name -> sha256. */
  readonly files: Readonly<Record<string, string>>;
}

/** How many milliseconds reading 60 MB back may take on a slow phone. */
const digestLimitMs = 60_000;

/**
 * @returns the folder on the phone, complete
 * @throws WorkbenchError `phone-storage-full`, what `Device.push` and `Device.shell` throw
 */
export async function putRuntime(
  device: Device,
  { name, folder, files }: RuntimeFiles,
  { onPush, signal }: { onPush?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<string> {
  const runtimes = `${remoteFolder}/runtime`;
  const own = `${name}-${digestOf(files)}`;
  const remote = `${runtimes}/${own}`;
  const { free } = await prepareFolder(device, remote, signal);
  const wait = signal ? { signal } : {};
  const present = await digestsIn(device, remote, wait);
  const missing = Object.keys(files).filter((file) => present.get(file) !== files[file]);
  const sizes = missing.map((file) => statSync(path.join(folder, file)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assertFits(device, total, free);
  let done = 0;
  for (const [i, file] of missing.entries()) {
    await device.push(path.join(folder, file), `${remote}/${file}`, {
      mode: 0o755,
      onProgress: (bytes) => onPush?.((done + bytes) / total),
      ...wait,
    });
    done += sizes[i]!;
  }
  // Runtimes of the same name that this one replaces.
  await device.shell(
    `cd ${shellWord(runtimes)} && for old in ${name}-*; do [ "$old" = ${own} ] || rm -rf "$old"; done`,
    { timeoutMs: shortLimitMs, ...wait },
  );
  return remote;
}

function digestOf(files: RuntimeFiles['files']): string {
  const listed = Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, digest]) => `${digest} ${name}\n`);
  return createHash('sha256').update(listed.join('')).digest('hex').slice(0, 16);
}

async function digestsIn(device: Device, folder: string, wait: { signal?: AbortSignal }) {
  const { stdout } = await device.shell(`cd ${shellWord(folder)} && sha256sum ./* 2>/dev/null`, {
    timeoutMs: digestLimitMs,
    ...wait,
  });
  const lines = stdout.trim().split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => [line.slice(66).trim().replace(/^\.\//, ''), line.slice(0, 64)]),
  );
}
