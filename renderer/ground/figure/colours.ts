/** Colours as every program understands them: files know neither oklab nor variables. */

export interface PlainColour {
  /** Such as #0a64b4. */
  readonly colour: string;
  /** From 0, which is not seen, to 1. */
  readonly opacity: number;
}

const known = new Map<string, PlainColour>();
let context: CanvasRenderingContext2D | null | undefined;

/** @param css any colour that a style may compute to */
export function plainColour(css: string): PlainColour {
  const before = known.get(css);
  if (before) return before;
  const found = read(css);
  known.set(css, found);
  return found;
}

function read(css: string): PlainColour {
  if (/^#[\da-f]{6}$/i.test(css)) return { colour: css.toLowerCase(), opacity: 1 };
  context ??= smallContext();
  if (!context) return { colour: css, opacity: 1 };
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  const two = (value: number): string => value.toString(16).padStart(2, '0');
  return { colour: `#${two(red)}${two(green)}${two(blue)}`, opacity: alpha / 255 };
}

function smallContext(): CanvasRenderingContext2D | null {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  return canvas.getContext('2d', { willReadFrequently: true });
}
