/**
 * The layer of dominated points, written pixel by pixel: 50,000 calls of drawImage take several
 * hundred milliseconds without a graphics card, 50,000 stamps of 8 x 8 pixels a few.
 *
 * At every pixel the most opaque point wins, so that crowds of old points do not add up to a dark cloud; of equally
 * opaque ones the latest, and what is outside the filter only where nothing else is. That does not depend on the order of
 * painting: points that came in addition are painted onto the picture that is there.
 */
import type { Frame } from '../../ground/chart/axis.ts';
import { fadedStyle, noStyle, styleCount } from './point-styles.ts';
import type { Points } from './points.ts';
import type { Stamps } from './stamps.ts';

export interface PaintOptions {
  readonly stamps: Stamps;
  /** One per point. */
  readonly styles: Uint8Array;
  readonly frame: Frame;
}

export class PointLayer {
  /** Packed colours, the highest byte their opacity. */
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly #width: number;
  readonly #height: number;
  readonly #scale: number;
  /** For each place, the style that was stamped there plus one; 0 where there is none. */
  #taken = new Uint8Array(0);
  #image: ImageData | null = null;
  /** What the picture shows. */
  #stamps: Stamps | null = null;
  #frame: Frame = { left: 0, top: 0, right: 0, bottom: 0 };
  /** Pixels of the frame: nothing is painted outside of it. */
  #inside: Frame = this.#frame;
  #styles = new Uint8Array(0);
  #length = 0;
  /** What has changed since the picture was last copied. */
  #dirty: Frame | null = null;

  /** @param scale device pixels per CSS pixel */
  constructor(width: number, height: number, scale: number) {
    this.pixels = new Uint32Array(width * height);
    this.#width = width;
    this.#height = height;
    this.#scale = scale;
  }

  /** Paints all points, or those that are new where the others stand and look as they did. */
  paint(points: Points, { stamps, styles, frame }: PaintOptions): void {
    const { length, unmoved } = points;
    const same =
      stamps === this.#stamps &&
      equalFrames(frame, this.#frame) &&
      unmoved >= this.#length &&
      startsWith(styles, this.#styles, this.#length);
    this.#stamps = stamps;
    this.#frame = frame;
    this.#inside = this.#pixelsOf(frame);
    if (same) {
      for (let i = this.#length; i < length; i++) this.#point(points, i, styles[i]!, stamps, true);
    } else {
      this.pixels.fill(0);
      const places = (this.#width + stamps.side) * (this.#height + stamps.side);
      if (this.#taken.length === places) this.#taken.fill(0);
      else this.#taken = new Uint8Array(places);
      this.#dirty = { left: 0, top: 0, right: this.#width, bottom: this.#height };
      // The latest first, since most of the others are then hidden below one that is already there.
      let faded = 0;
      for (let i = length - 1; i >= 0; i--) {
        if (styles[i] === fadedStyle) faded++;
        else this.#point(points, i, styles[i]!, stamps, false);
      }
      for (let i = length - 1; faded > 0; i--) {
        if (styles[i] !== fadedStyle) continue;
        faded--;
        this.#point(points, i, fadedStyle, stamps, false);
      }
    }
    this.#remember(styles, same ? this.#length : 0, length);
  }

  /** Copies what has changed to a canvas of the same size. */
  put(context: CanvasRenderingContext2D): void {
    if (!this.#dirty) return;
    const { left, top, right, bottom } = this.#dirty;
    const bytes = new Uint8ClampedArray(this.pixels.buffer);
    this.#image ??= new ImageData(bytes, this.#width, this.#height);
    context.putImageData(this.#image, 0, 0, left, top, right - left, bottom - top);
    this.#dirty = null;
  }

  #remember(styles: Uint8Array, from: number, length: number): void {
    if (this.#styles.length < length) {
      const larger = new Uint8Array(length * 2);
      larger.set(this.#styles.subarray(0, from));
      this.#styles = larger;
    }
    this.#styles.set(styles.subarray(from, length), from);
    this.#length = length;
  }

  #pixelsOf({ left, top, right, bottom }: Frame): Frame {
    const scale = this.#scale;
    return {
      left: Math.max(0, Math.round(left * scale)),
      top: Math.max(0, Math.round(top * scale)),
      right: Math.min(this.#width, Math.round(right * scale)),
      bottom: Math.min(this.#height, Math.round(bottom * scale)),
    };
  }

  /** @param later whether it came after all those that are there */
  #point(points: Points, i: number, style: number, stamps: Stamps, later: boolean): void {
    if (style === noStyle) return;
    const { left, right, top, bottom } = this.#frame;
    const x = points.x[i]!;
    const y = points.y[i]!;
    // Also leaves out what has no place: NaN compares false.
    if (!(x >= left && x <= right && y >= top && y <= bottom)) return;
    const { side, hides } = stamps;
    const half = side >> 1;
    const fromX = Math.round(x * this.#scale - side / 2);
    const fromY = Math.round(y * this.#scale - side / 2);
    const place = (fromY + half) * (this.#width + side) + fromX + half;
    const there = this.#taken[place]! - 1;
    if (there >= 0 && !later && hides[there * styleCount + style] === 1) return;
    if (there < 0 || hides[style * styleCount + there] === 1) this.#taken[place] = style + 1;
    this.#stamp(stamps.pixels[style]!, side, fromX, fromY, later && style !== fadedStyle);
  }

  /** @param over whether it covers what is equally opaque */
  #stamp(stamp: Uint32Array, side: number, left: number, top: number, over: boolean): void {
    const inside = this.#inside;
    const fromX = Math.max(0, inside.left - left);
    const toX = Math.min(side, inside.right - left);
    const fromY = Math.max(0, inside.top - top);
    const toY = Math.min(side, inside.bottom - top);
    const { pixels } = this;
    const width = this.#width;
    const level = over ? 0 : 1;
    for (let y = fromY; y < toY; y++) {
      let at = (top + y) * width + left + fromX;
      let from = y * side + fromX;
      for (let x = fromX; x < toX; x++, at++, from++) {
        const colour = stamp[from]!;
        if (colour >>> 24 >= (pixels[at]! >>> 24) + level) pixels[at] = colour;
      }
    }
    this.#spoil(left + fromX, top + fromY, left + toX, top + toY);
  }

  #spoil(left: number, top: number, right: number, bottom: number): void {
    const dirty = this.#dirty;
    if (!dirty) this.#dirty = { left, top, right, bottom };
    else if (left < dirty.left || top < dirty.top || right > dirty.right || bottom > dirty.bottom)
      this.#dirty = {
        left: Math.min(dirty.left, left),
        top: Math.min(dirty.top, top),
        right: Math.max(dirty.right, right),
        bottom: Math.max(dirty.bottom, bottom),
      };
  }
}

function equalFrames(a: Frame, b: Frame): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}

function startsWith(all: Uint8Array, start: Uint8Array, length: number): boolean {
  if (all.length < length) return false;
  for (let i = 0; i < length; i++) if (all[i] !== start[i]) return false;
  return true;
}
