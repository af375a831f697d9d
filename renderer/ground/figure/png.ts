/** A figure as pixels, painted from the same marks that an SVG file is written of. */
import type { Figure, FigureMark } from './marks.ts';

/** Pixels to the inch: what printers ask for. */
const resolution = 300;
/** Painting gives way to everything else after so long. */
const sliceMs = 12;

/** @returns the bytes of a PNG file. Throws where there is no memory for so large a picture. */
export async function pngOf({
  width,
  height,
  background,
  marks,
}: Figure): Promise<Uint8Array<ArrayBuffer>> {
  const scale = resolution / 96;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('There is no memory for a picture of that size.');
  context.scale(scale, scale);
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  await paint(context, marks, { until: performance.now() + sliceMs });
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('There is no memory for a picture of that size.');
  return new Uint8Array(await blob.arrayBuffer());
}

async function paint(
  context: CanvasRenderingContext2D,
  marks: readonly FigureMark[],
  time: { until: number },
): Promise<void> {
  for (const mark of marks) {
    if (performance.now() > time.until) {
      await new Promise((resolve) => setTimeout(resolve));
      time.until = performance.now() + sliceMs;
    }
    context.save();
    if (mark.kind === 'clipped') {
      context.beginPath();
      context.rect(mark.x, mark.y, mark.width, mark.height);
      context.clip();
      await paint(context, mark.marks, time);
    } else if (mark.kind === 'outline') paintOutline(context, mark);
    else write(context, mark);
    context.restore();
  }
}

function paintOutline(
  context: CanvasRenderingContext2D,
  { path, transform, style }: Extract<FigureMark, { kind: 'outline' }>,
): void {
  if (transform) context.transform(...transform);
  const outline = new Path2D(path);
  context.globalAlpha = style.opacity;
  if (style.fill !== null) {
    context.fillStyle = style.fill;
    context.fill(outline);
  }
  if (style.stroke === null) return;
  context.strokeStyle = style.stroke;
  context.lineWidth = style.lineWidth;
  context.lineJoin = style.join;
  context.setLineDash([...style.dash]);
  context.stroke(outline);
}

const alignments = { start: 'left', middle: 'center', end: 'right' } as const;

function write(
  context: CanvasRenderingContext2D,
  { x, y, text, style }: Extract<FigureMark, { kind: 'text' }>,
): void {
  context.globalAlpha = style.opacity;
  context.font = `${style.weight} ${style.size}px ${style.family}`;
  context.textAlign = alignments[style.anchor];
  if (style.halo) {
    context.lineJoin = 'round';
    context.strokeStyle = style.halo.colour;
    context.lineWidth = style.halo.width;
    context.strokeText(text, x, y);
  }
  context.fillStyle = style.colour;
  context.fillText(text, x, y);
}
