/**
 * Resizes pictures and masks to the network's size. With arithmetic of its own, so that a picture gives the
 * same bytes on every processor: scores of two computers then differ only by their engines.
 */
import { ignoredClass } from '../batches.ts';
import type { Normalisation } from '../dataset.ts';
import type { Mask } from './mask.ts';
import type { PicturePlacement, PictureSize } from './placement.ts';

interface RgbPicture extends PictureSize {
  readonly rgb: Uint8Array;
}

/** For one column or row of the target: where its source pixels begin, and their weights. */
interface Tap {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * Bilinear with antialiasing: a triangle over one source pixel to each side, wider where the picture shrinks,
 * as Pillow and torchvision (antialias=True) resize. Weights at the border are those inside, scaled up to 1.
 *
 * @returns 3 x H x W bytes; the rest is filled with the normalisation's mean
 */
export function resizePicture(
  picture: RgbPicture,
  target: PictureSize,
  placement: PicturePlacement,
  { mean }: Normalisation,
): Uint8Array {
  const { scaleX, scaleY, left, top, covered } = placement;
  const columns = taps(picture.width, covered.width, scaleX, left);
  const rows = taps(picture.height, covered.height, scaleY, top);
  const plane = target.width * target.height;
  const out = new Uint8Array(3 * plane);
  for (let c = 0; c < 3; c++) out.fill(Math.round(mean[c]! * 255), c * plane, (c + 1) * plane);

  // Rows of the source that have already been resized horizontally; a target row needs a few neighbouring ones.
  const narrowed = new Map<number, Float32Array>();
  for (let y = 0; y < covered.height; y++) {
    const { first, weights } = rows[y]!;
    for (const known of narrowed.keys()) if (known < first) narrowed.delete(known);
    const sum = new Float64Array(3 * covered.width);
    for (let k = 0; k < weights.length; k++) {
      let row = narrowed.get(first + k);
      if (!row) narrowed.set(first + k, (row = narrow(picture, first + k, columns)));
      const weight = weights[k]!;
      for (let i = 0; i < sum.length; i++) sum[i]! += weight * row[i]!;
    }
    for (let x = 0; x < covered.width; x++) {
      const at = y * target.width + x;
      out[at] = Math.round(sum[3 * x]!);
      out[plane + at] = Math.round(sum[3 * x + 1]!);
      out[2 * plane + at] = Math.round(sum[3 * x + 2]!);
    }
  }
  return out;
}

/** One row of the source, resized to the target's width. */
function narrow({ width, rgb }: RgbPicture, y: number, columns: readonly Tap[]): Float32Array {
  const row = new Float32Array(3 * columns.length);
  const start = 3 * width * y;
  for (let x = 0; x < columns.length; x++) {
    const { first, weights } = columns[x]!;
    let [red, green, blue] = [0, 0, 0];
    let at = start + 3 * first;
    for (let k = 0; k < weights.length; k++, at += 3) {
      const weight = weights[k]!;
      red += weight * rgb[at]!;
      green += weight * rgb[at + 1]!;
      blue += weight * rgb[at + 2]!;
    }
    row[3 * x] = red;
    row[3 * x + 1] = green;
    row[3 * x + 2] = blue;
  }
  return row;
}

function taps(source: number, target: number, scale: number, offset: number): Tap[] {
  const reach = Math.max(1, 1 / scale);
  return Array.from({ length: target }, (_, i) => {
    const centre = (i + 0.5 - offset) / scale;
    const first = Math.min(source - 1, Math.max(0, Math.floor(centre - reach + 0.5)));
    const last = Math.max(first, Math.min(source - 1, Math.ceil(centre + reach - 0.5) - 1));
    const weights = Float64Array.from({ length: last - first + 1 }, (_w, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    // Far outside, no pixel has a weight; the border takes their place.
    return {
      first,
      weights:
        total > 0 ? weights.map((weight) => weight / total) : weights.fill(1 / weights.length),
    };
  });
}

/**
 * Nearest neighbour: the id of the pixel that contains the target's centre. @returns H x W; the rest is ignored
 */
export function resizeMask(
  mask: Mask,
  target: PictureSize,
  placement: PicturePlacement,
): Uint8Array {
  const { scaleX, scaleY, left, top, covered } = placement;
  const nearest = (i: number, offset: number, scale: number, size: number) =>
    Math.min(size - 1, Math.max(0, Math.floor((i + 0.5 - offset) / scale)));
  const out = new Uint8Array(target.width * target.height).fill(ignoredClass);
  const columns = Int32Array.from({ length: covered.width }, (_, x) =>
    nearest(x, left, scaleX, mask.width),
  );
  for (let y = 0; y < covered.height; y++) {
    const row = nearest(y, top, scaleY, mask.height) * mask.width;
    for (let x = 0; x < columns.length; x++)
      out[y * target.width + x] = mask.ids[row + columns[x]!]!;
  }
  return out;
}
