/** Where a picture goes in the network's input: one geometry for pixels, masks and boxes. */
import type { Fit } from '../dataset.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** x' = x * scaleX + left, y' = y * scaleY + top, both in pixels whose centres are at halves. */
export interface PicturePlacement {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly left: number;
  readonly top: number;
  /** Columns and rows of the target that the picture covers, from the target's first on. */
  readonly covered: PictureSize;
}

/** Keeps the picture's proportions up to the rounding to whole pixels. */
export function placementOf(
  source: PictureSize,
  target: PictureSize,
  fit: Exclude<Fit, 'fixed'>,
): PicturePlacement {
  const across = target.width / source.width;
  const down = target.height / source.height;
  const scale = fit === 'cover' ? Math.max(across, down) : Math.min(across, down);
  const width = Math.max(1, Math.round(source.width * scale));
  const height = Math.max(1, Math.round(source.height * scale));
  const cover = fit === 'cover';
  return {
    scaleX: width / source.width,
    scaleY: height / source.height,
    left: cover ? Math.floor((target.width - width) / 2) : 0,
    top: cover ? Math.floor((target.height - height) / 2) : 0,
    covered: cover ? target : { width, height },
  };
}
