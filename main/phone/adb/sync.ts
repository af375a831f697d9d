/**
 * Android's file protocol over an open `sync:` service. Written here rather than taken from the client library,
 * whose transfers cannot be ended without an error that nobody can catch, and which sends packets one by one;
 * sending many in one write is about twice as fast.
 */
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Bytes of a DATA packet: the most that adbd accepts. */
const packetBytes = 64 * 1024;
/** How many packets are read, hashed and written at a time. */
const packetsAtOnce = 16;

/** What the phone answered instead of accepting or sending a file. */
export class SyncRefusal extends Error {}

function head(id: string, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.write(id, 0, 'ascii');
  bytes.writeUInt32LE(value, 4);
  return bytes;
}

function request(id: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([head(id, bytes.length), bytes]);
}

/**
 * Sends a file.
 * @returns its size and sha256, as read
 * @throws SyncRefusal; Error where the connection ends
 */
export async function sendFile(
  socket: Socket,
  localPath: string,
  remotePath: string,
  mode: number,
  onProgress: (bytes: number, total: number) => void,
): Promise<{ bytes: number; sha256: string }> {
  const file = await open(localPath);
  try {
    const { size, mtimeMs } = await file.stat();
    const reader = new SyncReader(socket);
    let refusal: unknown = null;
    // The phone may refuse half-way, when its storage is full.
    const answer = reader.status().catch((error: unknown) => {
      refusal = error;
      throw error;
    });
    answer.catch(() => undefined);
    const hash = createHash('sha256');
    socket.write(request('SEND', `${remotePath},${0o100000 | mode}`));
    let bytes = 0;
    const block = packetBytes * packetsAtOnce;
    while (refusal === null) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(block), 0, block);
      if (bytesRead === 0) break;
      const data = buffer.subarray(0, bytesRead);
      hash.update(data);
      await writeAll(socket, packets(data));
      bytes += bytesRead;
      onProgress(bytes, size);
    }
    if (refusal === null) socket.write(head('DONE', Math.floor(mtimeMs / 1000)));
    await answer;
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

function packets(data: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; at += packetBytes) {
    const part = data.subarray(at, at + packetBytes);
    parts.push(head('DATA', part.length), part);
  }
  return parts;
}

/** Waits for room, or for the end of the connection, which the reader of the answer reports. */
async function writeAll(socket: Socket, parts: readonly Buffer[]): Promise<void> {
  socket.cork();
  let room = true;
  for (const part of parts) room = socket.write(part);
  socket.uncork();
  if (room || socket.destroyed) return;
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race([once(socket, 'drain', { signal }), once(socket, 'close', { signal })])
    .catch(() => undefined)
    .finally(() => stop.abort());
}

/**
 * Fetches a file.
 * @throws SyncRefusal where there is none; Error where the connection ends
 */
export async function receiveFile(
  socket: Socket,
  remotePath: string,
  localPath: string,
): Promise<number> {
  const reader = new SyncReader(socket);
  socket.write(request('RECV', remotePath));
  let bytes = 0;
  let file: ReturnType<typeof createWriteStream> | null = null;
  try {
    for (;;) {
      const part = await reader.data();
      file ??= createWriteStream(localPath);
      if (part === null) break;
      bytes += part.length;
      if (!file.write(part)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
    return bytes;
  } catch (error) {
    file?.destroy();
    throw error;
  }
}

/** Reads the phone's answer. */
class SyncReader {
  private readonly pieces: AsyncIterator<Buffer, undefined>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.pieces = (socket as AsyncIterable<Buffer, undefined>)[Symbol.asyncIterator]();
  }

  /** Resolves once the phone has accepted everything. */
  async status(): Promise<void> {
    const { id, value } = await this.head();
    if (id === 'FAIL') throw await this.refusal(value);
    if (id !== 'OKAY') throw new Error(`unexpected answer ${id}`);
  }

  /** The next piece of a file; null at its end. */
  async data(): Promise<Buffer | null> {
    const { id, value } = await this.head();
    if (id === 'DONE') return null;
    if (id === 'FAIL') throw await this.refusal(value);
    if (id !== 'DATA') throw new Error(`unexpected answer ${id}`);
    return this.bytes(value);
  }

  private async refusal(length: number): Promise<SyncRefusal> {
    return new SyncRefusal((await this.bytes(length)).toString('utf8'));
  }

  private async head(): Promise<{ id: string; value: number }> {
    const bytes = await this.bytes(8);
    return { id: bytes.toString('ascii', 0, 4), value: bytes.readUInt32LE(4) };
  }

  private async bytes(count: number): Promise<Buffer> {
    const parts: Buffer[] = [this.rest];
    let length = this.rest.length;
    while (length < count) {
      const next = await this.pieces.next();
      if (next.done === true) throw new Error('the connection ended');
      parts.push(next.value);
      length += next.value.length;
    }
    const all = Buffer.concat(parts);
    this.rest = all.subarray(count);
    return all.subarray(0, count);
  }
}
