/** What a program's header says: enough of the ELF format to tell whether it is a runner for Android. */

export interface Program {
  /** 64-bit ARM, little-endian. */
  readonly arm64: boolean;
  /** Position-independent: Android starts no other programs. */
  readonly positionIndependent: boolean;
  /** Its loader, such as /system/bin/linker64. */
  readonly interpreter: string | null;
  /** Shared libraries that it needs. */
  readonly needed: readonly string[];
  /** API level in the note that Android's linker looks for; null where there is no note. */
  readonly androidLevel: number | null;
  /** Smallest alignment of its loaded segments; phones with pages of 16 KiB require 16384. */
  readonly alignment: number;
}

const types = { load: 1, dynamic: 2, interpreter: 3, note: 4 } as const;
const tags = { end: 0, needed: 1, strings: 5, flags: 0x6fff_fffb } as const;
const flagPie = 0x0800_0000;

/** @throws Error where the bytes are not a 64-bit little-endian ELF file */
export function readProgram(file: Buffer): Program {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f45_4c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('This is not a 64-bit little-endian ELF file.');
  }
  const segments = segmentsOf(file);
  const of = (type: number) => segments.filter((segment) => segment.type === type);
  const [interpreter] = of(types.interpreter);
  const dynamic = of(types.dynamic).flatMap((segment) => dynamicOf(file, segment));
  const strings = dynamic.find(({ tag }) => tag === tags.strings)?.value;
  const flags = dynamic.find(({ tag }) => tag === tags.flags)?.value ?? 0;
  const loads = of(types.load);
  return {
    arm64: file.readUInt16LE(18) === 183,
    positionIndependent: file.readUInt16LE(16) === 3 && (flags & flagPie) !== 0,
    interpreter: interpreter ? textAt(file, interpreter.offset) : null,
    needed: dynamic
      .filter(({ tag }) => tag === tags.needed)
      .map(({ value }) => textAt(file, offsetOf(loads, (strings ?? 0) + value))),
    androidLevel: of(types.note)
      .map((segment) => androidNote(file, segment))
      .reduce((found, level) => found ?? level, null),
    alignment: Math.min(...loads.map(({ align }) => align)),
  };
}

/** Why the program cannot be a runner for the S10's Android; empty where it can. */
export function faultsForAndroid(program: Program): string[] {
  const { arm64, positionIndependent, interpreter, needed, androidLevel, alignment } = program;
  const others = needed.filter((name) => name !== 'libc.so' && name !== 'libdl.so');
  return [
    arm64 ? null : 'it is not for 64-bit ARM',
    positionIndependent ? null : 'it is not position-independent',
    interpreter === '/system/bin/linker64' ? null : `it is loaded by ${interpreter ?? 'nothing'}`,
    others.length === 0 ? null : `it needs ${others.join(', ')}`,
    androidLevel === null ? 'it has no note that says it is for Android' : null,
    // The Galaxy S10 was sold with Android 9.
    androidLevel !== null && androidLevel > 28 ? `it asks for API level ${androidLevel}` : null,
    alignment >= 16_384 ? null : `it is aligned for pages of ${alignment} bytes`,
  ].filter((fault) => fault !== null);
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly align: number;
}

const long = (file: Buffer, at: number): number => Number(file.readBigUInt64LE(at));

function segmentsOf(file: Buffer): Segment[] {
  const start = long(file, 32);
  const size = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, i) => {
    const at = start + i * size;
    return {
      type: file.readUInt32LE(at),
      offset: long(file, at + 8),
      address: long(file, at + 16),
      size: long(file, at + 32),
      align: long(file, at + 48),
    };
  });
}

function dynamicOf(file: Buffer, { offset, size }: Segment): { tag: number; value: number }[] {
  const entries: { tag: number; value: number }[] = [];
  for (let at = offset; at < offset + size; at += 16) {
    const tag = long(file, at);
    if (tag === tags.end) break;
    entries.push({ tag, value: long(file, at + 8) });
  }
  return entries;
}

/** The dynamic section gives addresses in memory. */
function offsetOf(loads: readonly Segment[], address: number): number {
  const load = loads.find((one) => address >= one.address && address < one.address + one.size);
  if (!load) throw new Error('The ELF file points outside itself.');
  return load.offset + address - load.address;
}

function textAt(file: Buffer, start: number): string {
  return file.toString('latin1', start, file.indexOf(0, start));
}

function androidNote(file: Buffer, { offset, size }: Segment): number | null {
  const padded = (length: number): number => Math.ceil(length / 4) * 4;
  for (let at = offset; at + 12 <= offset + size;) {
    const name = file.readUInt32LE(at);
    const description = file.readUInt32LE(at + 4);
    const content = at + 12 + padded(name);
    if (file.readUInt32LE(at + 8) === 1 && textAt(file, at + 12) === 'Android') {
      return file.readUInt32LE(content);
    }
    at = content + padded(description);
  }
  return null;
}
