/** Draws the part of a graph that can be seen. Pure but for the canvas. */
import type { ModelBox } from '../../preload/contract.ts';
import type { PanZoom } from '../ground/chart/pan-zoom.ts';
import type { Surface } from '../ground/chart/surface.ts';
import { graphBox, type GraphLayout } from './layout/graph-layout.ts';
import type { GraphIndex } from './graph-index.ts';

export interface GraphPicture {
  readonly layout: GraphLayout;
  readonly index: GraphIndex;
  readonly boxes: readonly ModelBox[];
  readonly view: PanZoom;
  readonly selected: number | null;
  /** Number of the box because of which the model cannot be scored. */
  readonly refused: number | null;
  /** What the search has found; null where nothing is looked for. */
  readonly found: ReadonlySet<number> | null;
}

/** Text that is smaller cannot be read. */
const leastTextScale = 0.5;
const radius = 4;
const padding = 8;

export function paintGraph(surface: Surface, picture: GraphPicture): void {
  const context = surface.cleared(0);
  if (!context) return;
  const { view, layout, index } = picture;
  const { width, height } = surface.size;
  const seen = {
    left: -view.x / view.scale,
    top: -view.y / view.scale,
    right: (width - view.x) / view.scale,
    bottom: (height - view.y) / view.scale,
  };
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.scale, view.scale);
  paintLines(context, surface, picture, index.linesBetween(seen.top, seen.bottom));
  const boxes = index
    .boxesBetween(seen.top, seen.bottom)
    .filter((box) => layout.x[box]! <= seen.right && layout.x[box]! + graphBox.width >= seen.left);
  paintBoxes(context, surface, picture, boxes);
  if (view.scale >= leastTextScale) paintTexts(context, surface, picture, boxes);
  context.restore();
}

function paintLines(
  context: CanvasRenderingContext2D,
  { palette }: Surface,
  { layout: { points, starts, ends }, selected, view }: GraphPicture,
  lines: readonly number[],
): void {
  const own: number[] = [];
  const trace = (line: number): void => {
    const [first, last] = [2 * starts[line]!, 2 * starts[line + 1]!];
    context.moveTo(points[first]!, points[first + 1]!);
    // Rounded where it turns: through the middles between its points.
    for (let i = first + 2; i < last - 2; i += 2) {
      const [x, y] = [points[i]!, points[i + 1]!];
      const middle = [(x + points[i + 2]!) / 2, (y + points[i + 3]!) / 2] as const;
      context.quadraticCurveTo(x, y, ...middle);
    }
    context.lineTo(points[last - 2]!, points[last - 1]!);
  };
  context.beginPath();
  for (const line of lines) {
    if (selected !== null && (ends[2 * line] === selected || ends[2 * line + 1] === selected)) {
      own.push(line);
    } else trace(line);
  }
  context.strokeStyle = palette.axis;
  context.lineWidth = 1 / Math.min(1, view.scale);
  context.stroke();
  if (own.length === 0) return;
  context.beginPath();
  for (const line of own) trace(line);
  context.strokeStyle = palette.selection;
  context.lineWidth = 2 / Math.min(1, view.scale);
  context.stroke();
}

function paintBoxes(
  context: CanvasRenderingContext2D,
  { palette }: Surface,
  { layout, boxes, view, selected, refused, found }: GraphPicture,
  seen: readonly number[],
): void {
  const fine = 1 / Math.min(1, view.scale);
  const outlines = (which: readonly number[]): void => {
    context.beginPath();
    for (const box of which) {
      const [x, y] = [layout.x[box]!, layout.y[box]!];
      if (view.scale < leastTextScale) context.rect(x, y, graphBox.width, graphBox.height);
      else context.roundRect(x, y, graphBox.width, graphBox.height, radius);
    }
  };
  const ends = seen.filter((box) => boxes[box]!.kind !== 'operator');
  const weighted = seen.filter((box) => boxes[box]!.parameters > 0);
  outlines(seen);
  context.fillStyle = palette.surface;
  context.fill();
  context.strokeStyle = palette.axis;
  context.lineWidth = fine;
  context.stroke();
  // What has weights stands out, and so does where the network begins and ends.
  outlines(weighted);
  context.strokeStyle = palette.text2;
  context.stroke();
  outlines(ends);
  context.fillStyle = palette.grid;
  context.fill();
  if (found !== null) {
    outlines(seen.filter((box) => found.has(box)));
    context.strokeStyle = palette.accent;
    context.lineWidth = 2 * fine;
    context.stroke();
  }
  const marked = [
    [refused, palette.status.pinned],
    [selected, palette.selection],
  ] as const;
  for (const [box, colour] of marked) {
    if (box === null || !seen.includes(box)) continue;
    outlines([box]);
    context.strokeStyle = colour;
    context.lineWidth = 3 * fine;
    context.stroke();
  }
}

function paintTexts(
  context: CanvasRenderingContext2D,
  { palette }: Surface,
  { layout, boxes, refused }: GraphPicture,
  seen: readonly number[],
): void {
  context.textBaseline = 'middle';
  for (const box of seen) {
    const { title, shape } = boxes[box]!;
    const [x, middle] = [layout.x[box]! + padding, layout.y[box]! + graphBox.height / 2 + 0.5];
    const room = graphBox.width - 2 * padding;
    context.font = `500 12px ${palette.uiFont}`;
    const name = cutTo(context, box === refused ? `⚠ ${title}` : title, room);
    context.fillStyle = palette.text;
    context.fillText(name, x, middle);
    const left = room - context.measureText(name).width - padding;
    context.font = `11px ${palette.figureFont}`;
    const size = cutTo(context, shape.replaceAll(' x ', '×'), left);
    context.fillStyle = palette.text3;
    context.fillText(size, x + room - context.measureText(size).width, middle);
  }
}

/** As much of a text as there is room for; widths are about those of its letters. */
function cutTo(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (room <= 0) return '';
  const short = text.slice(0, 60);
  const { width } = context.measureText(short);
  if (width <= room && short.length === text.length) return text;
  const letters = Math.floor((short.length * room) / Math.max(1, width)) - 1;
  return letters < 1 ? '' : `${short.slice(0, letters)}…`;
}
