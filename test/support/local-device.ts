/**
 * A folder of this computer posing as a phone: its shell is /bin/sh, arm64 programs run under qemu. It is quick, and
 * tests can change any of its files; the emulated phone covers the connection itself.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, rename, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WorkbenchError } from '../../main/errors.ts';
import { arm64, processorsIn } from './arm64.ts';
import type { Device, PushOptions, ShellResult, WaitOptions } from '../../main/phone/device.ts';

const maxKHz = [...Array<number>(4).fill(1950000), 2314000, 2314000, 2730000, 2730000];

export class LocalDevice implements Device {
  readonly serial = 'local';
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'zico-local-device-'));
  /** Every command, as it was given. */
  readonly commands: string[] = [];
  readonly pushed: string[] = [];
  /** Called with a command before it runs: may throw, or change the phone. */
  before: (command: string) => void = () => undefined;

  constructor() {
    for (const folder of ['data/local/tmp', 'bin', 'dumpsys']) {
      mkdirSync(path.join(this.root, folder), { recursive: true });
    }
    this.program('getprop', 'cat "$(dirname "$0")/../property.$1"');
    this.program('dumpsys', 'cat "$(dirname "$0")/../dumpsys/$1"');
    this.program('taskset', 'echo "$1" >>"$(dirname "$0")/../masks"; shift; exec "$@"');
    const processors = processorsIn(`${this.root}/sys/devices/system/cpu`, maxKHz.length);
    this.program('arm64', `exec ${arm64} ${processors} "$@"`);
    this.write('property.ro.product.cpu.abi', 'arm64-v8a\n');
    for (const [core, kHz] of maxKHz.entries()) {
      for (const name of ['cpuinfo_max_freq', 'scaling_max_freq', 'scaling_cur_freq']) {
        this.write(`sys/devices/system/cpu/cpu${core}/cpufreq/${name}`, `${kHz}\n`);
      }
    }
  }

  /** Puts a shell script on the phone's PATH. */
  program(name: string, script: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(this.root, 'bin', name), 0o755);
  }

  write(file: string, text: string): void {
    const own = path.join(this.root, file);
    mkdirSync(path.dirname(own), { recursive: true });
    writeFileSync(own, text);
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8');
  }

  async shell(command: string, { timeoutMs, signal }: WaitOptions = {}): Promise<ShellResult> {
    this.commands.push(command);
    this.before(command);
    signal?.throwIfAborted();
    const mapped = command
      .replaceAll('/data/', `${this.root}/data/`)
      .replaceAll('/sys/', `${this.root}/sys/`)
      .replaceAll('./ld-linux-aarch64', 'arm64 ./ld-linux-aarch64');
    const child = spawn('/bin/sh', ['-c', mapped], {
      env: { ...process.env, PATH: `${this.root}/bin:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    return new Promise((resolve, reject) => {
      const give = (error: unknown) => {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const onAbort = () => give(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(
              () => give(new WorkbenchError('phone-timeout', 'It took too long.', 'Wait.')),
              timeoutMs,
            );
      child.on('close', (code, killed) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        const exitCode = code ?? 128 + (killed ? os.constants.signals[killed] : 0);
        resolve({ exitCode, ...texts });
      });
    });
  }

  async push(localPath: string, remotePath: string, options: PushOptions = {}) {
    options.signal?.throwIfAborted();
    const target = path.join(this.root, remotePath);
    this.pushed.push(remotePath);
    await copyFile(localPath, `${target}.part`);
    chmodSync(`${target}.part`, options.mode ?? 0o644);
    await rename(`${target}.part`, target);
    const { size: bytes } = await stat(target);
    options.onProgress?.(bytes, bytes);
    return { bytes, sha256: createHash('sha256').update(readFileSync(target)).digest('hex') };
  }

  async pull(remotePath: string, localPath: string): Promise<void> {
    await copyFile(path.join(this.root, remotePath), localPath);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
