/** One phone as a place where commands run and files are stored; the adb layer does the talking. */

export interface ShellResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface WaitOptions {
  /** Milliseconds after which the wait ends with an error of code `phone-timeout`. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface PushOptions extends WaitOptions {
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
  /** Permission bits of the file on the phone, 0o644 unless told. */
  readonly mode?: number;
}

export interface Device {
  /** The phone's serial number as adb names it. */
  readonly serial: string;

  /**
   * Runs one line in the phone's shell.
   * @returns its exit code and both streams; a code other than 0 is not an error of this call
   * @throws WorkbenchError `phone-gone` when the connection ends before the exit code came,   `phone-timeout`
   * when it takes longer than the limit
   */
  shell(command: string, options?: WaitOptions): Promise<ShellResult>;

  /**
   * Copies a file from this computer to the phone: first under another name, where its sha256 is checked, then
   * moved to its place, so that a file with its own name is always complete.
   * @throws WorkbenchError `phone-gone`, `phone-timeout`, `phone-storage-full`, `phone-push`
   */
  push(
    localPath: string,
    remotePath: string,
    options?: PushOptions,
  ): Promise<{ readonly bytes: number; readonly sha256: string }>;

  /**
   * Copies a file from the phone to this computer.
   * @throws WorkbenchError `phone-gone`, `phone-timeout`, `phone-file-missing`
   */
  pull(remotePath: string, localPath: string, options?: WaitOptions): Promise<void>;
}
