/**
 * SSD's default boxes. Source: Liu et al., SSD: Single Shot MultiBox Detector, ECCV 2016: scales from 0.2 to 0.9 of
 * the image, evenly over the maps; at every place a square, one of the mean (geometric) of this scale and the next,
 * and boxes of the aspect ratios 2, 1/2, 3, 1/3 and so on, as many as the network predicts. With three boxes a place
 * they are the square and the ratios 2 and 1/2.
 */
import { eachPlace, placeCount, type PlacedLevel } from './places.ts';

type Size = readonly [number, number];
const [least, most] = [0.2, 0.9] as const;

function shapesOf(level: number, levels: number, count: number): readonly Size[] {
  const scaleOf = (at: number) =>
    levels === 1 ? (least + most) / 2 : least + ((most - least) * at) / (levels - 1);
  const [scale, next] = [scaleOf(level), level + 1 < levels ? scaleOf(level + 1) : 1];
  const between = Math.sqrt(scale * next);
  const squares: Size[] =
    count === 3
      ? [[scale, scale]]
      : [
          [scale, scale],
          [between, between],
        ];
  const shaped = Array.from({ length: count }, (_, i): Size => {
    const ratio = Math.sqrt(2 + (i >> 1));
    return i % 2 === 0 ? [scale * ratio, scale / ratio] : [scale / ratio, scale * ratio];
  });
  return [...squares, ...shaped].slice(0, count);
}

/**
 * Rows of centre y, centre x, height, width in pixels, as `assignAnchors` takes them, in the order of the maps. Places
 * divide the image evenly.
 * @param image height, width
 */
export function defaultBoxes([height, width]: Size, levels: readonly PlacedLevel[]): Float32Array {
  const rows = new Float32Array(4 * placeCount(levels));
  const shapes = levels.map(({ perPlace }, level) => shapesOf(level, levels.length, perPlace));
  for (const { index, level, x, y, anchor } of eachPlace([height, width], levels)) {
    const { height: down, width: across } = levels[level]!;
    const [w, h] = shapes[level]![anchor]!;
    rows.set(
      [((y + 0.5) / down) * height, ((x + 0.5) / across) * width, h * height, w * width],
      4 * index,
    );
  }
  return rows;
}
