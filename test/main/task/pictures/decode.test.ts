import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../../../main/task/pictures/decode.ts';
import { readJpegFrame } from '../../../../main/task/pictures/jpeg-frame.ts';
import { UnusableFile } from '../../../../main/task/problems.ts';
import { assetsFolder, plainJpeg, png } from '../../../support/data.ts';
import { testFolder } from '../folder.ts';

const folder = testFolder();
let photograph: Uint8Array;
beforeAll(async () => {
  photograph = await readFile(path.join(assetsFolder, 'bccd/BloodImage_00000.jpg'));
});

describe('a picture', () => {
  it('comes as rows of red, green and blue', async () => {
    const file = await folder.put(
      'a.png',
      png(3, 2, (x, y) => [x, 10 + y, 200]),
    );
    expect(await decodePicture(file)).toEqual({
      width: 3,
      height: 2,
      orientation: 1,
      rgb: Buffer.from([0, 10, 200, 1, 10, 200, 2, 10, 200, 0, 11, 200, 1, 11, 200, 2, 11, 200]),
    });
  });

  it.each([
    ['grey', 1, 8, [7, 90], [7, 7, 7, 90, 90, 90]],
    ['grey with transparency', 2, 8, [7, 0, 90, 255], [7, 7, 7, 90, 90, 90]],
    ['transparent', 4, 8, [1, 2, 3, 0, 4, 5, 6, 255], [1, 2, 3, 4, 5, 6]],
    ['grey of 16 bits', 1, 16, [0x1234, 0xff00], [0x12, 0x12, 0x12, 255, 255, 255]],
    ['of 16 bits', 3, 16, [0x100, 0x200, 0x300, 0x4ff, 0x5ff, 0x6ff], [1, 2, 3, 4, 5, 6]],
  ] as const)(
    'that is %s becomes 8 bits of three channels',
    async (_, channels, depth, data, rgb) => {
      const values = depth === 8 ? Uint8Array.from(data) : Uint16Array.from(data);
      const bytes = encode({ width: 2, height: 1, channels, depth, data: values });
      const picture = await decodePicture(await folder.put('a.png', bytes));
      expect([...picture.rgb]).toEqual(rgb);
    },
  );

  it('from a JPEG has nearly the colours that went in', async () => {
    const file = await folder.put('a.jpg', await plainJpeg(40, 24, [200, 100, 50]));
    const { width, height, rgb } = await decodePicture(file);
    expect([width, height]).toEqual([40, 24]);
    rgb.forEach((value, i) => expect(Math.abs(value - [200, 100, 50][i % 3]!)).toBeLessThan(3));
  });

  it('that is cut short anywhere is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: photograph.length - 2 }), async (length) => {
        const file = await folder.put('cut.jpg', photograph.subarray(0, length));
        await expect(decodePicture(file)).rejects.toThrow(UnusableFile);
      }),
      { numRuns: 60 },
    );
  });

  it('that is damaged is decoded or refused, and never anything else', async () => {
    const picture = png(16, 16, (x, y) => [x * 16, y * 16, 0]);
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.tuple(fc.nat({ max: 1 << 20 }), fc.nat({ max: 255 })), { minLength: 1 }),
        async (jpeg, changes) => {
          const bytes = Uint8Array.from(jpeg ? photograph : picture);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const file = await folder.put('damaged', bytes);
          try {
            const { width, height, rgb } = await decodePicture(file);
            expect(rgb).toHaveLength(3 * width * height);
          } catch (error) {
            expect(error).toBeInstanceOf(UnusableFile);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('that announces more pixels than a picture has is refused before it is decoded', async () => {
    const bytes = Buffer.from(png(2, 2, () => [0, 0, 0]));
    bytes.writeUInt32BE(0x7fff_ffff, 16);
    await expect(decodePicture(await folder.put('a.png', bytes))).rejects.toThrow(
      /announces 2147483647 x 2 pixels/,
    );
  });
});

describe("a JPEG's outline", () => {
  it('passes over the thumbnail and its end', () => {
    const thumbnail = [0xff, 0xe1, 0, 8, 0xff, 0xd8, 0xff, 0xd9, 0, 0];
    const frame = [0xff, 0xc0, 0, 11, 8, 0, 5, 0, 9, 1, 1, 0x11, 0];
    const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xff, 0, 0xff, 0xd0, 3];
    const open = Uint8Array.of(0xff, 0xd8, ...thumbnail, ...frame, ...scan);
    expect(readJpegFrame(open)).toEqual({ width: 9, height: 5, complete: false });
    const closed = Uint8Array.of(...open, 0xff, 0xff, 0xd9, 1, 2, 3);
    expect(readJpegFrame(closed)).toEqual({ width: 9, height: 5, complete: true });
  });

  it('is none of what is no JPEG', () => {
    expect(readJpegFrame(new Uint8Array(0))).toBeNull();
    expect(readJpegFrame(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))).toBeNull();
  });
});
