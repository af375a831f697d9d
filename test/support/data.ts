/** Data folders for tests: pictures, masks and annotations. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { Transformer } from '@napi-rs/image';
import { encode } from 'fast-png';
import type { UnusableImage } from '../../main/task/dataset.ts';

export const assetsFolder = path.join(import.meta.dirname, '../../main/assets');

/** The images; asserts that all of them are usable. */
export function images<I extends object>(read: readonly (I | UnusableImage)[]): I[] {
  return read.map((image) => {
    if ('problem' in image) throw new Error(`${image.problem.file}: ${image.problem.reason}`);
    return image;
  });
}

/** The problems; asserts that every image has one. */
export function reasons(read: readonly object[]): string[] {
  return read.map((image) => {
    if (!('problem' in image)) throw new Error('the image is usable');
    const { file, reason } = (image as UnusableImage).problem;
    return `${path.basename(file)}: ${reason}`;
  });
}

export type Put = (name: string, content: Uint8Array | string) => Promise<string>;

/** Returns a function that writes files below a folder. */
export function putInto(folder: string): Put {
  return async (name, content) => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
}

export type Colour = readonly [red: number, green: number, blue: number];

/** A PNG; `colour` gives the pixel at column x and row y. */
export function png(
  width: number,
  height: number,
  colour: (x: number, y: number) => Colour,
): Uint8Array {
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    data.set(colour(i % width, Math.floor(i / width)), 3 * i);
  }
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** A PNG of a single colour. */
export const plainPng = (width: number, height: number, colour: Colour = [10, 20, 30]) =>
  png(width, height, () => colour);

/** The same as a JPEG of the best quality. */
export function plainJpeg(
  width: number,
  height: number,
  [red, green, blue]: Colour = [10, 20, 30],
): Promise<Uint8Array> {
  const pixels = new Uint8Array(4 * width * height);
  for (let i = 0; i < pixels.length; i += 4) pixels.set([red, green, blue, 255], i);
  return Transformer.fromRgbaPixels(pixels, width, height).jpeg(100);
}

/** A grey PNG of class ids. */
export function maskPng(
  width: number,
  height: number,
  id: (x: number, y: number) => number,
  depth: 8 | 16 = 8,
): Uint8Array {
  const ids = Array.from({ length: width * height }, (_, i) =>
    id(i % width, Math.floor(i / width)),
  );
  const data = depth === 8 ? Uint8Array.from(ids) : Uint16Array.from(ids);
  return encode({ width, height, data, channels: 1, depth });
}

/** A PNG of palette indices, of 1, 2, 4 or 8 bits a pixel; the palette's colours say nothing. */
export function palettePng(
  width: number,
  height: number,
  depth: 1 | 2 | 4 | 8,
  index: (x: number, y: number) => number,
): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 3], 8);
  const rowBytes = Math.ceil((width * depth) / 8);
  const rows = new Uint8Array(height * (1 + rowBytes)); // each row begins with its filter type, 0 for none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      rows[y * (1 + rowBytes) + 1 + (bit >> 3)]! |= index(x, y) << (8 - depth - (bit & 7));
    }
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', new Uint8Array(3 * 2 ** depth).fill(77)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

export interface VocObject {
  readonly name: string;
  /** xmin, ymin, xmax, ymax. */
  readonly box: readonly [number, number, number, number];
}

/** A Pascal VOC annotation; each object begins on a line of its own, the first on line 4. */
export function vocXml(width: number, height: number, objects: readonly VocObject[]): string {
  const lines = objects.map(({ name, box: [xmin, ymin, xmax, ymax] }) =>
    [
      `  <object><name>${name}</name>`,
      `<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>`,
      '</object>',
    ].join(''),
  );
  return [
    '<annotation>',
    '  <filename>whatever.jpg</filename>',
    `  <size><width>${width}</width><height>${height}</height><depth>3</depth></size>`,
    ...lines,
    '</annotation>',
  ].join('\n');
}
