/**
 * Where arrays are stored: a .npy file, or one of those in an .npz archive (a ZIP file; PKWARE's APPNOTE, 4.3).
 * They are read in parts; compressed ones are unpacked whole.
 */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { openData, UnusableFile } from './problems.ts';
import type { Known } from '../common/known.ts';

export interface ArrayFile {
  /** What errors call the file. */
  readonly name: string;
  readonly bytes: number;
  /** Throws UnusableFile where the file became shorter, and `data-not-readable`. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** A compressed array larger than this is not unpacked into memory. */
const mostUnpacked = 2 ** 30;

export async function fileArray(file: string): Promise<ArrayFile> {
  return {
    name: file,
    bytes: await sizeOf(file),
    read: (start, length) => readRange(file, start, length),
  };
}

/** The arrays of an archive by their name without `.npy`. Throws `npz-malformed`, `data-not-readable`. */
export async function npzArrays(file: string): Promise<ReadonlyMap<string, ArrayFile>> {
  const entries = await zipEntries(file);
  const arrays = new Map<string, ArrayFile>();
  for (const entry of entries.filter(({ name }) => name.endsWith('.npy'))) {
    const name = `${path.basename(file)}:${entry.name}`;
    arrays.set(entry.name.slice(0, -'.npy'.length), {
      name,
      bytes: entry.bytes,
      read: reader(file, name, entry),
    });
  }
  return arrays;
}

async function sizeOf(file: string): Promise<number> {
  const handle = await openData(file);
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function readRange(file: string, start: number, length: number): Promise<Uint8Array> {
  const handle = await openData(file);
  try {
    const bytes = new Uint8Array(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await handle.read(bytes, read, length - read, start + read);
      if (bytesRead === 0) throw new UnusableFile(file, 'became shorter while it was read');
      read += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly packed: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

function reader(file: string, name: string, entry: ZipEntry): ArrayFile['read'] {
  let start: Promise<number> | null = null;
  let unpacked: Promise<Uint8Array> | null = null;
  const begin = () => (start ??= dataOffset(file, entry));
  return async (from, length) => {
    if (from + length > entry.bytes) throw new UnusableFile(name, 'ends inside its numbers');
    if (entry.method === 0) return readRange(file, (await begin()) + from, length);
    unpacked ??= begin().then(async (at) =>
      inflate(await readRange(file, at, entry.packed), name, entry),
    );
    return (await unpacked).subarray(from, from + length);
  };
}

async function inflate(packed: Uint8Array, name: string, { bytes }: ZipEntry): Promise<Uint8Array> {
  if (bytes > mostUnpacked) {
    throw malformed(
      name,
      `it is compressed and unpacks to ${bytes} bytes`,
      'Save it uncompressed: numpy.savez.',
    );
  }
  const unpacked = await promisify(inflateRaw)(packed, { maxOutputLength: bytes + 1 }).catch(
    (cause: unknown) => {
      throw malformed(name, cause instanceof Error ? cause.message : String(cause));
    },
  );
  if (unpacked.length !== bytes)
    throw malformed(name, `it unpacks to ${unpacked.length} bytes, not ${bytes}`);
  return unpacked;
}

/** The local header repeats the name, and its extra fields may have another length. */
async function dataOffset(file: string, { offset, name }: ZipEntry): Promise<number> {
  const header = viewOf(await readRange(file, offset, 30));
  if (header.getUint32(0, true) !== 0x04034b50)
    throw malformed(file, `${name} is not where it should be`);
  return offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
}

const endBytes = 22;
const longestComment = 65_535;
/** An archive of more arrays than this is not a data set. */
const mostEntries = 4096;

async function zipEntries(file: string): Promise<readonly ZipEntry[]> {
  const size = await sizeOf(file);
  const from = Math.max(0, size - endBytes - longestComment);
  const tail = await readRange(file, from, size - from);
  const end = lastIndexOf(tail, [0x50, 0x4b, 0x05, 0x06]);
  if (end < 0 || end + endBytes > tail.length)
    throw malformed(file, 'it has no directory at its end');
  const record = viewOf(tail.subarray(end));
  const [count, length, offset] = [
    record.getUint16(10, true),
    record.getUint32(12, true),
    record.getUint32(16, true),
  ];
  if (count > mostEntries || offset === 0xffff_ffff || offset + length > size) {
    throw malformed(file, 'its directory does not fit into it');
  }
  const directory = await readRange(file, offset, length);
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > length || view.getUint32(at, true) !== 0x02014b50)
      throw malformed(file, 'its directory is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true),
    ) as Known<number>;
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const short = {
      bytes: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    };
    const method = view.getUint16(at + 10, true);
    const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
    if (encrypted || (method !== 0 && method !== 8)) {
      throw malformed(file, `${name} is ${encrypted ? 'encrypted' : `packed by method ${method}`}`);
    }
    entries.push({ name, method, ...long(short, extra) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** Numbers beyond 4 GiB are kept in an extra field, in this order, where the short one holds all ones. */
function long(
  { bytes, packed, offset }: Pick<ZipEntry, 'bytes' | 'packed' | 'offset'>,
  extra: Uint8Array,
): Pick<ZipEntry, 'bytes' | 'packed' | 'offset'> {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    const take = (short: number): number => {
      if (short !== 0xffff_ffff || next + 8 > extra.length) return short;
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    };
    return { bytes: take(bytes), packed: take(packed), offset: take(offset) };
  }
  return { bytes, packed, offset };
}

function lastIndexOf(bytes: Uint8Array, wanted: readonly number[]): number {
  for (let at = bytes.length - wanted.length; at >= 0; at--) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function malformed(
  name: string,
  what: string,
  hint = 'Save the arrays again with numpy.savez.',
): WorkbenchError {
  return new WorkbenchError(
    'npz-malformed',
    `${name} cannot be used as an .npz file: ${what}.`,
    hint,
  );
}
