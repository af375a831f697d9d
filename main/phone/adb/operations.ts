/** What can be done with one phone, in the child that talks to it. */
import { rename, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { WorkbenchError } from '../../errors.ts';
import type { ShellResult } from '../device.ts';
import { createClient, firstLine, openService, type AdbAddress } from './channel.ts';
import { fileMissing, phoneGone, pushFailed, storageFull } from './errors.ts';
import { withTimeLimit } from './limit.ts';
import { shellWord } from '../shell-word.ts';
import { ShellReader, shellService } from './shell-v2.ts';
import { receiveFile, sendFile, SyncRefusal } from './sync.ts';

export interface AdbTarget {
  readonly adb: AdbAddress;
  readonly serial: string;
  readonly limitMs: number;
}

export interface ShellRequest extends AdbTarget {
  readonly command: string;
}

export interface PushRequest extends AdbTarget {
  readonly localPath: string;
  readonly remotePath: string;
  readonly mode: number;
}

export interface PullRequest extends AdbTarget {
  readonly localPath: string;
  readonly remotePath: string;
}

/** Cleaning up after a failure must not take long, and must not be cancelled with it. */
const clearingMs = 5000;

export function shell(request: ShellRequest, signal?: AbortSignal): Promise<ShellResult> {
  const { serial, command, limitMs } = request;
  const what = `running "${abbreviated(command)}"`;
  return withTimeLimit({ serial, what, limitMs, signal }, async (within) => {
    const socket = await openService(
      createClient(request.adb),
      serial,
      shellService(command),
      within,
    );
    return result(socket, serial, within);
  });
}

async function result(socket: Socket, serial: string, signal: AbortSignal): Promise<ShellResult> {
  const reader = new ShellReader();
  try {
    for await (const piece of socket as AsyncIterable<Buffer>) {
      const done = reader.take(piece);
      if (done !== null) return done;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw phoneGone(serial, 'the connection broke while a command ran', error);
  } finally {
    socket.destroy();
  }
  signal.throwIfAborted();
  throw phoneGone(serial, 'the connection ended before the command did');
}

/**
 * Sends under another name, compares sha256 on the phone, then moves: a file of this name is always complete.
 */
export function push(
  request: PushRequest,
  onProgress: (bytes: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const { adb, serial, localPath, remotePath, mode, limitMs } = request;
  const part = `${remotePath}.part`;
  const what = `receiving ${remotePath}`;
  return withTimeLimit({ serial, what, limitMs, signal }, async (within) => {
    try {
      await clearLeftOver(request);
      const socket = await openService(createClient(adb), serial, 'sync:', within);
      const sent = await sendFile(socket, localPath, part, mode, onProgress).finally(() =>
        socket.destroy(),
      );
      await settle(request, part, sent.sha256, within);
      return sent;
    } catch (error) {
      await clear(request, part, within);
      within.throwIfAborted();
      throw pushError(serial, remotePath, error);
    }
  });
}

async function settle(
  request: PushRequest,
  part: string,
  sha256: string,
  signal: AbortSignal,
): Promise<void> {
  const { serial, remotePath, mode } = request;
  const [from, to] = [shellWord(part), shellWord(remotePath)];
  // One round trip. It shows what the storage lost, which the file protocol alone would not tell.
  const command = [
    `h=$(sha256sum ${from}) || exit 3`,
    `[ "\${h%% *}" = ${sha256} ] || exit 4`,
    `chmod ${mode.toString(8)} ${from} && mv -f ${from} ${to}`,
  ].join('; ');
  const { exitCode, stderr } = await shell({ ...request, command }, signal);
  if (exitCode === 0) return;
  const why = exitCode === 4 ? 'it arrived damaged (its sha256 differs)' : firstLine(stderr);
  throw pushFailed(serial, remotePath, why);
}

/** Parts that could not be removed, because their phone was gone: its next push removes them. */
const leftOver = new Set<string>();

/** A leftover part is of no use to anybody. */
async function clear(request: PushRequest, part: string, aborted: AbortSignal): Promise<void> {
  leftOver.add(part);
  const removed = clearLeftOver(request);
  // A caller that gave up does not wait for this.
  if (!aborted.aborted) await removed;
}

async function clearLeftOver(place: AdbTarget): Promise<void> {
  if (leftOver.size === 0) return;
  const parts = [...leftOver];
  const command = `rm -f ${parts.map(shellWord).join(' ')}`;
  try {
    await shell({ adb: place.adb, serial: place.serial, limitMs: clearingMs, command });
    for (const part of parts) leftOver.delete(part);
  } catch {
    // Still gone.
  }
}

function pushError(serial: string, remotePath: string, error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  if (error instanceof SyncRefusal) {
    return /no space left|ENOSPC/i.test(error.message)
      ? storageFull(serial, remotePath)
      : pushFailed(serial, remotePath, firstLine(error.message));
  }
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
    return pushFailed(serial, remotePath, `the file here cannot be read (${message})`);
  }
  return phoneGone(
    serial,
    `the connection ended while a file was sent (${syscall ?? message})`,
    error,
  );
}

/** Fetches under another name, then moves: a file that appears here is complete. */
export function pull(request: PullRequest, signal?: AbortSignal): Promise<void> {
  const { adb, serial, localPath, remotePath, limitMs } = request;
  const part = `${localPath}.part`;
  const what = `sending ${remotePath}`;
  return withTimeLimit({ serial, what, limitMs, signal }, async (within) => {
    try {
      const socket = await openService(createClient(adb), serial, 'sync:', within);
      await receiveFile(socket, remotePath, part).finally(() => socket.destroy());
      await rename(part, localPath);
    } catch (error) {
      await rm(part, { force: true });
      within.throwIfAborted();
      if (error instanceof WorkbenchError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof SyncRefusal) throw fileMissing(serial, remotePath, firstLine(message));
      if ((error as NodeJS.ErrnoException).path !== undefined) throw error;
      throw phoneGone(serial, `the connection ended while a file was read (${message})`, error);
    }
  });
}

function abbreviated(command: string): string {
  const line = firstLine(command);
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
