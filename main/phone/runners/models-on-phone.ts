/** Model files on a phone, named by their digest, so that the same model is not pushed twice. */
import { statSync } from 'node:fs';
import type { Device } from '../device.ts';
import { endProgram } from './shell-run.ts';
import { assertFits, prepareFolder, remoteFolder, shortLimitMs } from '../remote-folder.ts';

const modelsFolder = `${remoteFolder}/models`;

/**
 * Removes from the phone what sessions that ended badly left there: a program that is still running, models,
 * and parts of files. Fails silently.
 * @param keep digests of models that are still wanted
 */
export async function clearModels(
  device: Device,
  keep: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const kept = keep.length > 0 ? `${keep.map((sha256) => `${sha256}.*`).join('|')}) ;; ` : '';
  const command = [
    endProgram,
    `rm -f ${modelsFolder}/*.part ${remoteFolder}/runtime/*/*.part`,
    `cd ${modelsFolder} 2>/dev/null && for f in *; do case "$f" in ${kept}*) rm -f "$f" ;; esac; done`,
  ].join('; ');
  await device
    .shell(command, { timeoutMs: shortLimitMs, ...(signal && { signal }) })
    .catch(() => undefined);
}

export class ModelsOnPhone {
  readonly #device: Device;
  readonly #folder: string;
  readonly #extension: string;

  /** @param extension with its dot */
  constructor(device: Device, extension: string) {
    this.#device = device;
    this.#folder = modelsFolder;
    this.#extension = extension;
  }

  /** @returns the path on the phone; it contains no characters that a shell would interpret */
  pathOf(sha256: string): string {
    return `${this.#folder}/${sha256}${this.#extension}`;
  }

  /**
   * Pushes the file unless it is there: a file with its own name is always complete.
   * Throws `phone-storage-full`, what `Device.push` throws.
   */
  async put(
    sha256: string,
    localPath: string,
    {
      onPush,
      signal,
    }: { onPush?: ((share: number) => void) | undefined; signal?: AbortSignal } = {},
  ): Promise<void> {
    const remote = this.pathOf(sha256);
    const wait = signal ? { signal } : {};
    const { free, present } = await prepareFolder(this.#device, this.#folder, signal, remote);
    if (present) return;
    assertFits(this.#device, statSync(localPath).size, free);
    await this.#device.push(localPath, remote, {
      onProgress: (bytes, total) => onPush?.(total === 0 ? 1 : bytes / total),
      ...wait,
    });
  }

  /** Fails silently: a phone that is gone is cleaned up when it comes back. */
  async remove(sha256: string): Promise<void> {
    const paths = `${this.pathOf(sha256)} ${this.pathOf(sha256)}.part`;
    await this.#shellQuietly(`rm -f ${paths}`);
  }

  async #shellQuietly(command: string): Promise<void> {
    await this.#device.shell(command, { timeoutMs: shortLimitMs }).catch(() => undefined);
  }
}
