/** A phone behind the adb server, with the interface that the rest of the product uses. */
import { stat } from 'node:fs/promises';
import type { Device, PushOptions, ShellResult, WaitOptions } from '../device.ts';
import type { AdbAddress } from './channel.ts';
import type { Link } from './link.ts';
import type { PullRequest, PushRequest, ShellRequest } from './operations.ts';

/** Default limits of waits, in milliseconds. */
export interface DeviceLimits {
  readonly shellMs: number;
  /** For a push or pull, plus one second for every `bytesPerSecond` bytes. */
  readonly transferMs: number;
  /** The slowest cable that still counts as working. */
  readonly bytesPerSecond: number;
}

export const defaultDeviceLimits: DeviceLimits = {
  shellMs: 30_000,
  transferMs: 30_000,
  bytesPerSecond: 1024 ** 2,
};

/** The size of a file on the phone is not known beforehand, so this is as long as 2 GiB may take. */
const largestPull = 2 * 1024 ** 3;

export class AdbDevice implements Device {
  readonly serial: string;
  readonly #adb: AdbAddress;
  readonly #link: Link;
  readonly #limits: DeviceLimits;

  constructor(serial: string, adb: AdbAddress, link: Link, limits = defaultDeviceLimits) {
    this.serial = serial;
    this.#adb = adb;
    this.#link = link;
    this.#limits = limits;
  }

  shell(command: string, options: WaitOptions = {}): Promise<ShellResult> {
    const { timeoutMs: limitMs = this.#limits.shellMs, signal } = options;
    const payload: ShellRequest = { ...this.#place(limitMs), command };
    return this.#link.request({ method: 'shell', payload, limitMs, signal });
  }

  async push(
    localPath: string,
    remotePath: string,
    options: PushOptions = {},
  ): Promise<{ readonly bytes: number; readonly sha256: string }> {
    const { mode = 0o644, onProgress, signal } = options;
    // A missing file is reported where it is read.
    const size = await stat(localPath).then(
      (file) => file.size,
      () => 0,
    );
    const limitMs = options.timeoutMs ?? this.#transferMs(size);
    const payload: PushRequest = { ...this.#place(limitMs), localPath, remotePath, mode };
    const onEvent = (event: { bytes: number; total: number }) =>
      onProgress?.(event.bytes, event.total);
    return this.#link.request({ method: 'push', payload, limitMs, signal, onEvent });
  }

  pull(remotePath: string, localPath: string, options: WaitOptions = {}): Promise<void> {
    const limitMs = options.timeoutMs ?? this.#transferMs(largestPull);
    const payload: PullRequest = { ...this.#place(limitMs), localPath, remotePath };
    return this.#link.request({ method: 'pull', payload, limitMs, signal: options.signal });
  }

  #transferMs(bytes: number): number {
    return this.#limits.transferMs + (1000 * bytes) / this.#limits.bytesPerSecond;
  }

  #place(limitMs: number) {
    return { adb: this.#adb, serial: this.serial, limitMs };
  }
}
