/** Each status has a shape as well as a colour, so that nobody has to distinguish colours. */
import type { Status } from './statuses.ts';

export type MarkShape = 'circle' | 'diamond' | 'square';

export const markShapes: Readonly<Record<Status, MarkShape>> = {
  dominated: 'circle',
  front: 'circle',
  starred: 'diamond',
  pinned: 'square',
};

/** The outline, ready to be filled and stroked. */
export function shapePath(
  context: CanvasRenderingContext2D,
  shape: MarkShape,
  x: number,
  y: number,
  radius: number,
): void {
  context.beginPath();
  switch (shape) {
    case 'circle':
      context.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case 'diamond':
      context.moveTo(x, y - radius * 1.35);
      context.lineTo(x + radius * 1.35, y);
      context.lineTo(x, y + radius * 1.35);
      context.lineTo(x - radius * 1.35, y);
      context.closePath();
      break;
    case 'square':
      context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      break;
  }
}
