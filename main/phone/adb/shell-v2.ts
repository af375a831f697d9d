/**
 * Android's shell protocol, version 2: separate streams and an exit code. Packets are one byte of kind, four
 * bytes of length (little-endian) and the data.
 */
import type { ShellResult } from '../device.ts';

const kinds = { stdout: 1, stderr: 2, exit: 3 } as const;
const headerBytes = 5;

/** Assembles packets from pieces of any size. */
export class ShellReader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly streams = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  private exitCode: number | null = null;

  /** @returns the result once the exit code has come; anything after it is ignored */
  take(piece: Buffer): ShellResult | null {
    this.rest = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    while (this.exitCode === null && this.rest.length >= headerBytes) {
      const end = headerBytes + this.rest.readUInt32LE(1);
      if (this.rest.length < end) break;
      this.packet(this.rest[0]!, this.rest.subarray(headerBytes, end));
      this.rest = this.rest.subarray(end);
    }
    if (this.exitCode === null) return null;
    const text = (parts: Buffer[]) => Buffer.concat(parts).toString('utf8');
    return {
      exitCode: this.exitCode,
      stdout: text(this.streams.stdout),
      stderr: text(this.streams.stderr),
    };
  }

  private packet(kind: number, data: Buffer): void {
    if (kind === kinds.stdout) this.streams.stdout.push(data);
    else if (kind === kinds.stderr) this.streams.stderr.push(data);
    else if (kind === kinds.exit) this.exitCode = data[0] ?? 0;
  }
}

/** The adb service that runs a line this way. */
export function shellService(command: string): string {
  return `shell,v2,raw:${command}`;
}
