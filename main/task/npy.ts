/**
 * Reads NumPy's .npy files. Format: magic, version, length of the header, a Python dictionary with `descr`,
 * `fortran_order` and `shape`, then the numbers
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 */
import { WorkbenchError } from '../errors.ts';
import { fromFloat16 } from '../common/half-precision.ts';
import { readInputFile } from '../files.ts';

export type NpyArray =
  | { readonly type: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'float64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'uint8'; readonly shape: readonly number[]; readonly data: Uint8Array };

/** NumPy's name of a number type without its byte order -> what it becomes here, and its size in the file. */
const types = {
  f2: { type: 'float32', bytes: 2 },
  f4: { type: 'float32', bytes: 4 },
  f8: { type: 'float64', bytes: 8 },
  i1: { type: 'int32', bytes: 1 },
  i2: { type: 'int32', bytes: 2 },
  i4: { type: 'int32', bytes: 4 },
  i8: { type: 'int64', bytes: 8 },
  b1: { type: 'uint8', bytes: 1 },
  u1: { type: 'uint8', bytes: 1 },
  u2: { type: 'int32', bytes: 2 },
  u4: { type: 'int64', bytes: 4 },
} as const;
type TypeName = keyof typeof types;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** Throws `file-not-found`, `file-not-readable`, `npy-malformed`, `npy-type`. */
export async function readNpy(file: string): Promise<NpyArray> {
  return parseNpy(await readInputFile(file), file);
}

/** `name` is what errors call the bytes. Throws `npy-malformed`, `npy-type`. */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const header = parseNpyHeader(bytes, bytes.length, name);
  const { shape, dataOffset, fortranOrder } = header;
  const data = bytes.subarray(dataOffset);
  return toArray(header, shape, fortranOrder ? inRowOrder(data, shape, header.itemBytes) : data);
}

/** What is where in a .npy file: enough to read a part of it. */
export interface NpyHeader {
  readonly type: NpyArray['type'];
  /** NumPy's name of the type, without its byte order. */
  readonly descr: TypeName;
  readonly bigEndian: boolean;
  /** Whether the first axis varies fastest, as in Fortran and MATLAB. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Bytes of one number. */
  readonly itemBytes: number;
  /** Bytes before the first number. */
  readonly dataOffset: number;
}

/**
 * @param bytes the file's beginning, with its whole header
 * @param fileBytes size of the whole file, which has to be what the shape needs
 */
export function parseNpyHeader(bytes: Uint8Array, fileBytes: number, name: string): NpyHeader {
  const { header, dataOffset } = readHeader(bytes, name);
  const { descr: said, fortranOrder, shape } = parseHeader(header, name);
  const descr = said.replace(/^[<>|=]/, '');
  if (!isTypeName(descr)) {
    throw new WorkbenchError(
      'npy-type',
      `${name} holds numbers of NumPy type ${said}.`,
      'Save it as float32 (images) or int64 (targets): array.astype("<f4") or array.astype("<i8").',
    );
  }
  const { type, bytes: itemBytes } = types[descr];
  const wanted = shape.reduce((product, size) => product * size, 1) * itemBytes;
  const present = fileBytes - dataOffset;
  if (present !== wanted) {
    throw malformed(
      name,
      `its shape (${shape.join(', ')}) of ${type} needs ${wanted} bytes of data, but it has ${present}`,
    );
  }
  const order = { bigEndian: said.startsWith('>'), fortranOrder: fortranOrder && shape.length > 1 };
  return { type, descr, shape, itemBytes, dataOffset, ...order };
}

/** @param bytes exactly as many as the shape needs, in row order */
export function toArray(
  { descr, bigEndian }: Pick<NpyHeader, 'descr' | 'bigEndian'>,
  shape: readonly number[],
  bytes: Uint8Array,
): NpyArray {
  // A copy: typed arrays need an aligned start, which a part of a file does not have (and Buffer's own
  // slice would not copy).
  const copy = new Uint8Array(bytes);
  if (bigEndian) swap(copy, types[descr].bytes);
  const data = copy.buffer;
  switch (descr) {
    case 'f2':
      return {
        type: 'float32',
        shape,
        data: Float32Array.from(new Uint16Array(data), fromFloat16),
      };
    case 'f4':
      return { type: 'float32', shape, data: new Float32Array(data) };
    case 'f8':
      return { type: 'float64', shape, data: new Float64Array(data) };
    case 'i1':
      return { type: 'int32', shape, data: Int32Array.from(new Int8Array(data)) };
    case 'i2':
      return { type: 'int32', shape, data: Int32Array.from(new Int16Array(data)) };
    case 'u2':
      return { type: 'int32', shape, data: Int32Array.from(new Uint16Array(data)) };
    case 'i4':
      return { type: 'int32', shape, data: new Int32Array(data) };
    case 'u4':
      return {
        type: 'int64',
        shape,
        data: BigInt64Array.from(Array.from(new Uint32Array(data), BigInt)),
      };
    case 'i8':
      return { type: 'int64', shape, data: new BigInt64Array(data) };
    case 'b1':
    case 'u1':
      return { type: 'uint8', shape, data: new Uint8Array(data) };
  }
}

/** Reverses the byte order, in place. */
function swap(bytes: Uint8Array, itemBytes: number): void {
  if (itemBytes === 1) return;
  for (let at = 0; at + itemBytes <= bytes.length; at += itemBytes)
    bytes.subarray(at, at + itemBytes).reverse();
}

/** Turns an array whose first axis varies fastest into one whose last axis does. */
export function inRowOrder(
  bytes: Uint8Array,
  shape: readonly number[],
  itemBytes: number,
): Uint8Array {
  const sorted = new Uint8Array(bytes.length);
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, size) => product * size, 1),
  );
  const place = shape.map(() => 0);
  for (let to = 0; to < bytes.length; to += itemBytes) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += place[axis]! * strides[axis]!;
    for (let i = 0; i < itemBytes; i++) sorted[to + i] = bytes[from * itemBytes + i]!;
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]; axis--)
      place[axis] = 0;
  }
  return sorted;
}

function readHeader(bytes: Uint8Array, name: string): { header: string; dataOffset: number } {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw malformed(name, 'it does not begin like a .npy file', 'Save the array with numpy.save.');
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw malformed(name, `its format version ${version} is unknown`);
  // Version 1 has two bytes for the header's length, later ones have four.
  const lengthBytes = version === 1 ? 2 : 4;
  const headerOffset = 8 + lengthBytes;
  if (bytes.length < headerOffset) throw malformed(name, 'it ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataOffset = headerOffset + length;
  if (bytes.length < dataOffset) throw malformed(name, 'it ends inside its header');
  const header = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(headerOffset, dataOffset),
  );
  return { header, dataOffset };
}

function parseHeader(
  header: string,
  name: string,
): { descr: string; fortranOrder: boolean; shape: number[] } {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(header)) {
    throw malformed(name, 'it holds records, not plain numbers');
  }
  if (descr === undefined || order === undefined || shapeText === undefined) {
    throw malformed(name, "its header lacks 'descr', 'fortran_order' or 'shape'");
  }
  const sizes = shapeText.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop(); // (3,) and ()
  const shape = sizes.map(Number);
  if (
    sizes.some((size) => !/^\d+$/.test(size)) ||
    !Number.isSafeInteger(shape.reduce((a, b) => a * b, 1))
  ) {
    throw malformed(name, `its shape (${shapeText}) makes no sense`);
  }
  return { descr, fortranOrder: order === 'True', shape };
}

function isTypeName(descr: string): descr is TypeName {
  return Object.hasOwn(types, descr);
}

function malformed(
  name: string,
  what: string,
  hint = 'Save the array again with numpy.save.',
): WorkbenchError {
  return new WorkbenchError(
    'npy-malformed',
    `${name} cannot be used as a .npy file: ${what}.`,
    hint,
  );
}
