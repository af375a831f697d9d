/** Weights as a .npz file: a zip of .npy files. They are not compressed, as random weights hardly shrink. */
import { crc32 } from 'node:zlib';
import { WorkbenchError } from '../errors.ts';
import { bytesOf, type NamedTensor } from './safetensors.ts';

/** Larger files would need zip64. */
const largest = 0xffff_ffff;
/** 1 January 1980, the earliest date in zip: with a fixed date the same weights give the same file. */
const date = 0x21;

/** An archive for numpy.load. Throws `not-exportable` beyond 4 GB. */
export function npz(tensors: readonly NamedTensor[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const name = new TextEncoder().encode(`${tensor.name}.npy`);
    const content = npy(tensor);
    const sum = crc32(content);
    const local = record(
      0x04034b50,
      [20, 0x800, 0, 0, date],
      [sum, content.length, content.length],
      [name.length, 0],
    );
    const central = record(
      0x02014b50,
      [20, 20, 0x800, 0, 0, date],
      [sum, content.length, content.length],
      [name.length, 0, 0, 0, 0, 0, 0],
      [offset],
    );
    parts.push(local, name, content);
    directory.push(central, name);
    offset += local.length + name.length + content.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  if (offset + directoryBytes > largest || tensors.length > 0xffff) {
    throw new WorkbenchError(
      'not-exportable',
      `The weights take ${(offset / 2 ** 30).toFixed(1)} GB, more than one .npz file holds.`,
      'Export them as safetensors instead.',
    );
  }
  const count = tensors.length;
  const end = record(0x06054b50, [0, 0, count, count], [directoryBytes, offset], [0]);
  return Buffer.concat([...parts, ...directory, end]);
}

/** A zip record: its signature, then alternating groups of 16-bit and 32-bit fields. */
function record(signature: number, ...fields: readonly (readonly number[])[]): Uint8Array {
  const bytes = fields.map((group, i) => group.length * (i % 2 === 0 ? 2 : 4));
  const view = new DataView(new ArrayBuffer(4 + bytes.reduce((sum, size) => sum + size, 0)));
  view.setUint32(0, signature, true);
  let at = 4;
  fields.forEach((group, i) => {
    for (const value of group) {
      if (i % 2 === 0) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += i % 2 === 0 ? 2 : 4;
    }
  });
  return new Uint8Array(view.buffer);
}

/** Version 1.0 of NumPy's format: the header ends on a multiple of 64 bytes. */
function npy({ shape, data }: NamedTensor): Uint8Array {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const file = new Uint8Array(10 + length + data.byteLength);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, length & 0xff, length >> 8]);
  file.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  file.set(bytesOf(data), 10 + length);
  return file;
}
