/** Shapes of values and outputs as text, the same on every page. */

/** "56²", "40 × 60". */
export const sizeInWords = (height: number, width: number): string =>
  height === width ? `${height}²` : `${height} × ${width}`;

/** "64 × 56²", "32 × 40 × 60", "1000". */
export function shapeInWords(shape: readonly number[]): string {
  const [channels, height, width] = shape;
  if (shape.length === 3) return `${channels} × ${sizeInWords(height!, width!)}`;
  return shape.join(' × ');
}

/** What a layer gives: channels and the size of its maps, or features alone. */
export const outputInWords = (layer: {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}): string => {
  const { channels, height, width } = layer;
  return height === 1 && width === 1 ? `${channels}` : shapeInWords([channels, height, width]);
};
