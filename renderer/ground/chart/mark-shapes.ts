/** Whatever has a colour of its own has a shape as well, so that nobody has to distinguish colours. */
import type { Pen } from '../figure/pen.ts';
import type { Status } from './statuses.ts';

export type StatusShape = 'circle' | 'diamond' | 'square';
export type MarkShape = StatusShape | 'triangle' | 'wedge' | 'plus' | 'cross' | 'star';

export const markShapes: Readonly<Record<Status, StatusShape>> = {
  dominated: 'circle',
  front: 'circle',
  starred: 'diamond',
  pinned: 'square',
};

/** Of what is compared side by side, in the order of the categories' colours. */
export const categoryShapes: readonly MarkShape[] = [
  ...(['circle', 'square', 'triangle', 'diamond'] as const),
  ...(['wedge', 'plus', 'star', 'cross'] as const),
];

type Corner = readonly [x: number, y: number];

/** A quarter of a shape that looks the same from four sides, turned round the middle. */
function fourfold(quarter: readonly Corner[]): Corner[] {
  return [0, 1, 2, 3].flatMap((turn) =>
    quarter.map(([x, y]): Corner => {
      const turned: readonly Corner[] = [
        [x, y],
        [-y, x],
        [-x, -y],
        [y, -x],
      ];
      return turned[turn]!;
    }),
  );
}

const arm: readonly Corner[] = [
  [-0.42, -0.42],
  [-0.42, -1.4],
  [0.42, -1.4],
];
const half = Math.SQRT1_2;

/** Corners for a radius of 1. */
const corners: Readonly<Record<Exclude<MarkShape, 'circle'>, readonly Corner[]>> = {
  diamond: fourfold([[0, -1.35]]),
  square: fourfold([[-1, -1]]),
  triangle: [
    [0, -1.3],
    [1.25, 0.95],
    [-1.25, 0.95],
  ],
  wedge: [
    [0, 1.3],
    [-1.25, -0.95],
    [1.25, -0.95],
  ],
  plus: fourfold(arm),
  cross: fourfold(arm.map(([x, y]): Corner => [(x - y) * half, (x + y) * half])),
  star: fourfold([
    [0, -1.6],
    [0.45, -0.45],
  ]),
};

/** The outline, ready to be filled and stroked. */
export function shapePath(
  context: Pen,
  shape: MarkShape,
  x: number,
  y: number,
  radius: number,
): void {
  context.beginPath();
  addShape(context, shape, x, y, radius);
}

/** The outline as a part of a path that was begun. */
export function addShape(
  context: Pen,
  shape: MarkShape,
  x: number,
  y: number,
  radius: number,
): void {
  if (shape === 'circle') {
    // Where the arc begins: without it, a line would lead there from the shape before.
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  corners[shape].forEach(([dx, dy], i) => {
    const [cornerX, cornerY] = [x + dx * radius, y + dy * radius];
    if (i === 0) context.moveTo(cornerX, cornerY);
    else context.lineTo(cornerX, cornerY);
  });
  context.closePath();
}

/** The same for a drawing, as the `d` of a path. */
export function shapeOutline(shape: MarkShape, x: number, y: number, radius: number): string {
  if (shape === 'circle') {
    const arc = `A${radius} ${radius} 0 0 1`;
    return `M${x - radius} ${y}${arc} ${x + radius} ${y}${arc} ${x - radius} ${y}Z`;
  }
  const written = corners[shape].map(([dx, dy]) => `${x + dx * radius} ${y + dy * radius}`);
  return `M${written.join('L')}Z`;
}
