/**
 * NumPy's .npy files, read. Format: magic, version, length of the header, a Python dictionary with
 * `descr`, `fortran_order` and `shape`, then the numbers
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 */
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';

export type NpyArray =
  | { readonly type: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'float64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'uint8'; readonly shape: readonly number[]; readonly data: Uint8Array };

/** NumPy's name of a number type -> ours and its size. Little-endian only: every platform we run on is. */
const types = {
  '<f4': { type: 'float32', bytes: 4 },
  '<f8': { type: 'float64', bytes: 8 },
  '<i8': { type: 'int64', bytes: 8 },
  '<i4': { type: 'int32', bytes: 4 },
  '|u1': { type: 'uint8', bytes: 1 },
} as const;
type TypeName = keyof typeof types;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** Throws `file-not-found`, `file-not-readable`, `npy-malformed`, `npy-type`. */
export async function readNpy(file: string): Promise<NpyArray> {
  return parseNpy(await readInputFile(file), file);
}

/** `name` is what errors call the bytes. Throws `npy-malformed`, `npy-type`. */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const { descr, shape, dataOffset } = parseNpyHeader(bytes, bytes.length, name);
  return toArray(descr, shape, bytes.subarray(dataOffset));
}

/** Where a .npy file keeps what: enough to read a part of it. */
export interface NpyHeader {
  readonly type: NpyArray['type'];
  /** NumPy's name of the type. */
  readonly descr: TypeName;
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
  const { descr, fortranOrder, shape } = parseHeader(header, name);
  if (!isTypeName(descr)) {
    throw new WorkbenchError(
      'npy-type',
      `${name} holds numbers of NumPy type ${descr}.`,
      'Save it as float32 (images) or int64 (targets), little-endian: array.astype("<f4") or array.astype("<i8").',
    );
  }
  if (fortranOrder && shape.length > 1) {
    throw malformed(
      name,
      'it is in Fortran order',
      'Save it in C order: numpy.ascontiguousarray(array).',
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
  return { type, descr, shape, itemBytes, dataOffset };
}

/** @param bytes exactly as many as the shape needs */
export function toArray(descr: TypeName, shape: readonly number[], bytes: Uint8Array): NpyArray {
  // A copy: typed arrays need an aligned start, which a part of a file does not have (and Buffer's own
  // slice would not copy).
  const data = new Uint8Array(bytes).buffer;
  switch (descr) {
    case '<f4':
      return { type: 'float32', shape, data: new Float32Array(data) };
    case '<f8':
      return { type: 'float64', shape, data: new Float64Array(data) };
    case '<i8':
      return { type: 'int64', shape, data: new BigInt64Array(data) };
    case '<i4':
      return { type: 'int32', shape, data: new Int32Array(data) };
    case '|u1':
      return { type: 'uint8', shape, data: new Uint8Array(data) };
  }
}

function readHeader(bytes: Uint8Array, name: string): { header: string; dataOffset: number } {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw malformed(
      name,
      'it does not begin as a .npy file does',
      'Save the array with numpy.save.',
    );
  }
  const version = bytes[6];
  if (version < 1 || version > 3) throw malformed(name, `its format version ${version} is unknown`);
  // Version 1 counts the header in two bytes, the later ones in four.
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
  // One byte has no byte order; NumPy writes '|', other programs '<' or '='.
  return {
    descr: descr === '<u1' || descr === '=u1' ? '|u1' : descr,
    fortranOrder: order === 'True',
    shape,
  };
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
