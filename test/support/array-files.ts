/** Array files in the formats of NumPy, MNIST and CIFAR, made for tests. */
import { crc32, deflateRawSync } from 'node:zlib';

const writers = {
  f4: [
    4,
    (view: DataView, at: number, value: number, little: boolean) =>
      view.setFloat32(at, value, little),
  ],
  f8: [
    8,
    (view: DataView, at: number, value: number, little: boolean) =>
      view.setFloat64(at, value, little),
  ],
  i8: [
    8,
    (view: DataView, at: number, value: number, little: boolean) =>
      view.setBigInt64(at, BigInt(value), little),
  ],
  i2: [
    2,
    (view: DataView, at: number, value: number, little: boolean) =>
      view.setInt16(at, value, little),
  ],
  u1: [1, (view: DataView, at: number, value: number) => view.setUint8(at, value)],
} as const;

/** @param value of the element with this index in row order */
export function npyBytes(
  descr: string,
  shape: readonly number[],
  value: (index: number) => number,
  fortran = false,
): Uint8Array {
  const [size, write] = writers[descr.slice(1) as keyof typeof writers];
  const count = shape.reduce((product, length) => product * length, 1);
  const data = new Uint8Array(count * size);
  const view = new DataView(data.buffer);
  for (let index = 0; index < count; index++) {
    write(
      view,
      size * (fortran ? columnOrder(index, shape) : index),
      value(index),
      descr[0] !== '>',
    );
  }
  const comma = shape.length === 1 ? ',' : '';
  const fields = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${comma}), }`;
  const header = fields.padEnd(Math.ceil((fields.length + 11) / 64) * 64 - 11) + '\n';
  const begin = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 0xff,
    header.length >> 8,
  ]);
  return Buffer.concat([begin, Buffer.from(header, 'latin1'), data]);
}

/** Index in column order (first axis fastest) of the element with this index in row order. */
function columnOrder(index: number, shape: readonly number[]): number {
  let [rest, at] = [index, 0];
  const places = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    places[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  for (let axis = shape.length - 1; axis >= 0; axis--) at = at * shape[axis]! + places[axis]!;
  return at;
}

/** A ZIP file. */
export function zipOf(files: Readonly<Record<string, Uint8Array>>, packed: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = packed ? deflateRawSync(content) : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(packed ? 8 : 0, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name)]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, Buffer.from(name)]),
    );
    parts.push(local, data);
    offset += local.length + data.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, index, end]);
}

/** An IDX file of bytes with their dimensions, as in MNIST. */
export function idxBytes(lengths: readonly number[], value: (index: number) => number): Uint8Array {
  const header = Buffer.alloc(4 + 4 * lengths.length);
  header.set([0, 0, 8, lengths.length]);
  lengths.forEach((length, axis) => header.writeUInt32BE(length, 4 + 4 * axis));
  const count = lengths.reduce((product, length) => product * length, 1);
  return Buffer.concat([header, Uint8Array.from({ length: count }, (_, i) => value(i))]);
}

/** A CIFAR batch as pickled by Python 2: protocol 2, strings as bytes, the images as a NumPy array. */
export function pickledBatch(count: number, label: (i: number) => number, key: string): Uint8Array {
  const latin = (text: string) => Buffer.from(text, 'latin1');
  const short = (text: string) =>
    Buffer.concat([latin('U'), Buffer.from([text.length]), latin(text)]);
  const int = (value: number) => Buffer.from([0x4d, value & 0xff, value >> 8]);
  const data = Buffer.from(Uint8Array.from({ length: 3072 * count }, (_, i) => i % 256));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([
    latin('\x80\x02}q\x01('),
    short('data'),
    latin(
      'cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\nq\x03K\x00\x85U\x01b\x87Rq\x04(K\x01',
    ),
    ...[int(count), int(3072), latin('\x86')],
    latin(
      'cnumpy\ndtype\nq\x05U\x02u1K\x00K\x01\x87Rq\x06(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89',
    ),
    ...[latin('T'), length, data, latin('tb')],
    short(key),
    latin(']q\x07('),
    ...Array.from({ length: count }, (_, i) => Buffer.from([0x4b, label(i)])),
    latin('eu.'),
  ]);
}
