/** Writes .npy bytes for tests, as numpy.save does. */
export interface NpySource {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
  readonly version?: 1 | 2 | 3;
  readonly fortranOrder?: boolean;
}

export function npyBytes(source: NpySource): Uint8Array {
  const { descr, shape, data, version = 1, fortranOrder = false } = source;
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': ${sizes}, }`;
  const prefix = version === 1 ? 10 : 12;
  // NumPy pads the header so that the numbers start at a multiple of 64.
  const header =
    dictionary.padEnd(Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix - 1) + '\n';
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]),
    length,
    Buffer.from(header, 'latin1'),
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  ]);
}
