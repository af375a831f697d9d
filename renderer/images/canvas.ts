/** Pixels on canvases, and words on the colours of classes. */

/** An attachment that paints the pixels of an image: red, green, blue and opacity, row by row. */
export function painted(pixels: Uint8Array, width: number, height: number) {
  return (canvas: HTMLCanvasElement): void => {
    canvas.width = width;
    canvas.height = height;
    const data = new Uint8ClampedArray(pixels);
    canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  };
}

/** Black or white, whichever can be read better on `#rrggbb` (relative luminance of WCAG 2). */
export function inkOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}
