/** The layer of dominated points: one stamp a colour, so that 50,000 of them fit into a frame. */
import type { Frame } from '../axis.ts';
import { rampStep, rampSteps, type Palette } from './palette.ts';
import type { Points } from './points.ts';

const radius = 3;
const cell = 8;

/** All stamps side by side; older generations are fainter. */
export class Stamps {
  readonly #sheet = document.createElement('canvas');
  readonly #scale: number;

  constructor(palette: Palette, scale: number) {
    this.#scale = scale;
    this.#sheet.width = Math.ceil(cell * rampSteps * scale);
    this.#sheet.height = Math.ceil(cell * scale);
    const context = this.#sheet.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    palette.generations.forEach((colour, step) => {
      context.globalAlpha = 0.5 + 0.4 * (step / (rampSteps - 1));
      context.fillStyle = colour;
      context.beginPath();
      context.arc(step * cell + cell / 2, cell / 2, radius, 0, 2 * Math.PI);
      context.fill();
    });
  }

  /** Paints the points from index `first` on that are not on the front. */
  paint(
    context: CanvasRenderingContext2D,
    points: Points,
    generation: Int32Array,
    options: { first: number; last: number; front: ReadonlySet<number>; frame: Frame },
  ): void {
    const { first, last, front, frame } = options;
    const side = cell * this.#scale;
    for (let i = first; i < points.length; i++) {
      const x = points.x[i];
      const y = points.y[i];
      const inside =
        x >= frame.left - cell &&
        x <= frame.right + cell &&
        y >= frame.top - cell &&
        y <= frame.bottom + cell;
      if (!inside || front.has(i)) continue;
      const left = rampStep(generation[i], last) * side;
      context.drawImage(this.#sheet, left, 0, side, side, x - cell / 2, y - cell / 2, cell, cell);
    }
  }
}
