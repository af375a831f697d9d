import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNpy, readNpy } from '../../../main/task/npy.ts';
import { npyBytes } from './npy-files.ts';

const threeFloats = npyBytes({ descr: '<f4', shape: [3], data: Float32Array.of(1, 2, 3) });
const code = (value: string): unknown => expect.objectContaining({ code: value });

describe('a .npy file', () => {
  it.each([1, 2, 3] as const)('of format version %d is read', (version) => {
    const data = Float32Array.of(1.5, -2, 3, 4, 5, 6);
    const array = parseNpy(npyBytes({ descr: '<f4', shape: [2, 3], data, version }), 'x.npy');
    expect(array).toEqual({ type: 'float32', shape: [2, 3], data });
  });

  it.each([
    ['<f8', 'float64', Float64Array.of(Math.PI, -1)],
    ['<i8', 'int64', BigInt64Array.of(2n ** 62n, -1n)],
    ['<i4', 'int32', Int32Array.of(2 ** 31 - 1, -1)],
    ['|u1', 'uint8', Uint8Array.of(0, 255)],
  ])('of type %s is read as %s', (descr, type, data) => {
    expect(parseNpy(npyBytes({ descr, shape: [2], data }), 'x.npy')).toEqual({
      type,
      shape: [2],
      data,
    });
  });

  it('of any shape comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }), (shape) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const data = Float64Array.from({ length: count }, (_, i) => i / 7);
        const array = parseNpy(npyBytes({ descr: '<f8', shape, data }), 'x.npy');
        expect(array).toEqual({ type: 'float64', shape, data });
      }),
    );
  });

  it('in a Buffer that does not start at its memory is read', () => {
    const shifted = Buffer.concat([Buffer.from([7]), threeFloats]).subarray(1);
    expect(parseNpy(shifted, 'x.npy').data).toEqual(Float32Array.of(1, 2, 3));
  });
});

describe('what is no usable .npy file is refused by name', () => {
  it.each([
    ['empty bytes', new Uint8Array(0)],
    ['other bytes', Buffer.from('PK\u0003\u0004 this is a zip archive')],
    ['an unknown version', Uint8Array.from(threeFloats, (byte, i) => (i === 6 ? 9 : byte))],
    ['a cut header', threeFloats.slice(0, 40)],
    ['cut data', threeFloats.slice(0, -1)],
    ['data too long', Buffer.concat([threeFloats, Buffer.from([0])])],
  ])('%s', (_, bytes) => {
    expect(() => parseNpy(bytes, 'images.npy')).toThrow(code('npy-malformed'));
    expect(() => parseNpy(bytes, 'images.npy')).toThrow(/images\.npy/);
  });

  it.each(['<c8', '<M8', '|O', '<U3'])('numbers of type %s', (descr) => {
    const bytes = npyBytes({ descr, shape: [1], data: new Float32Array(1) });
    expect(() => parseNpy(bytes, 'x.npy')).toThrow(code('npy-type'));
  });

  it('never anything but a WorkbenchError, whatever single byte is changed', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: threeFloats.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (at, byte) => {
          const bytes = Uint8Array.from(threeFloats);
          bytes[at] = byte;
          try {
            parseNpy(bytes, 'x.npy');
          } catch (error) {
            expect(error).toHaveProperty('code', expect.stringMatching(/^npy-/));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('readNpy', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zico-npy-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads a file', async () => {
    const file = path.join(folder, 'x.npy');
    await writeFile(file, threeFloats);
    await expect(readNpy(file)).resolves.toMatchObject({ shape: [3] });
  });

  it('says when there is none, or when it is a folder', async () => {
    await expect(readNpy(path.join(folder, 'none.npy'))).rejects.toEqual(code('file-not-found'));
    await expect(readNpy(folder)).rejects.toEqual(code('file-not-readable'));
  });
});
