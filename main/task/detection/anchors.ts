/**
 * EfficientDet's anchors: three scales times three aspect ratios at each place of every pyramid level. Source:
 * Tan et al., EfficientDet, CVPR 2020, and its reference configuration (anchor scale 4).
 */

export interface AnchorSettings {
  /** Anchor size at the finest scale, as a multiple of the level's stride. */
  readonly anchorScale: number;
  readonly scalesPerOctave: number;
  /** Width and height factors of each aspect ratio. */
  readonly ratios: readonly (readonly [number, number])[];
}

export const efficientDetAnchors: AnchorSettings = {
  anchorScale: 4,
  scalesPerOctave: 3,
  ratios: [
    [1, 1],
    [1.4, 0.7],
    [0.7, 1.4],
  ],
};

export function anchorsPerPlace({ scalesPerOctave, ratios }: AnchorSettings): number {
  return scalesPerOctave * ratios.length;
}

/** One pyramid level: feature map size; the stride is image size / map size. */
export interface Level {
  readonly height: number;
  readonly width: number;
}

/** Feature maps of the pyramid P3 to P7 over an image: strides 8 to 128, rounded up. */
export function pyramidLevels(height: number, width: number): readonly Level[] {
  return [3, 4, 5, 6, 7].map((level) => ({
    height: Math.ceil(height / 2 ** level),
    width: Math.ceil(width / 2 ** level),
  }));
}

/**
 * All anchors, rows of centre y, centre x, height, width in pixels of the image: levels fine to coarse,
 * places row by row, scales, ratios.
 */
export function anchorBoxes(
  [imageHeight, imageWidth]: readonly [number, number],
  levels: readonly Level[],
  settings: AnchorSettings = efficientDetAnchors,
): Float32Array {
  const rows: number[] = [];
  for (const { height, width } of levels) {
    const [strideY, strideX] = [imageHeight / height, imageWidth / width];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let octave = 0; octave < settings.scalesPerOctave; octave++) {
          const scale = settings.anchorScale * 2 ** (octave / settings.scalesPerOctave);
          for (const [ratioX, ratioY] of settings.ratios) {
            rows.push((y + 0.5) * strideY, (x + 0.5) * strideX);
            rows.push(scale * strideY * ratioY, scale * strideX * ratioX);
          }
        }
      }
    }
  }
  return Float32Array.from(rows);
}
