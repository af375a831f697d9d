/**
 * Files that a person names, opened only where they are files: reading from a pipe waits for somebody who writes,
 * and a device may never end.
 */
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';

/** Why a file is not opened; the message has neither the file's name nor a full stop. */
export class NotRegular extends Error {}

/** What an entry is that is no regular file, after links were followed; null where it is one. */
export function oddity(
  info: Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket'>,
): string | null {
  if (info.isFile()) return null;
  if (info.isDirectory()) return 'is a folder';
  if (info.isFIFO()) return 'is a named pipe, not a file';
  if (info.isSocket()) return 'is a socket, not a file';
  return 'is a device, not a file';
}

/**
 * Opens for reading, without waiting for anybody; the caller closes. The size is that of the opened file.
 * @param mostBytes a larger file is not opened
 * @throws NotRegular, and what the system says
 */
export async function openRegular(
  file: string,
  mostBytes = Infinity,
): Promise<{ readonly handle: FileHandle; readonly bytes: number }> {
  // Before it is opened: opening alone can make a device do something.
  assertRegular(await stat(file), mostBytes);
  // It may be something else by now, which must not be waited for. Windows has no such pipes in folders.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await handle.stat();
    assertRegular(info, mostBytes);
    return { handle, bytes: info.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The whole file. Throws as `openRegular` does. */
export async function readRegular(file: string, mostBytes: number): Promise<Buffer> {
  const { handle, bytes } = await openRegular(file, mostBytes);
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    let read = 0;
    while (read < bytes) {
      const { bytesRead } = await handle.read(buffer, read, bytes - read, read);
      if (bytesRead === 0) break; // it became shorter: whoever decodes it sees that it is cut short
      read += bytesRead;
    }
    return buffer.subarray(0, read);
  } finally {
    await handle.close();
  }
}

function assertRegular(info: Stats, mostBytes: number): void {
  const odd = oddity(info);
  if (odd !== null) throw new NotRegular(odd);
  if (info.size > mostBytes) {
    const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    throw new NotRegular(
      `has ${megabytes(info.size)} MiB; at most ${megabytes(mostBytes)} MiB are read`,
    );
  }
}
