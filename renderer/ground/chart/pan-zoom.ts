/** The visible part of a drawing: a shift in CSS pixels and a scale. Pure. */
export interface PanZoom {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A drawing that does not fit at this scale may be made still smaller. */
const least = 0.1;
const most = 2.5;
const margin = 16;

/** The scale at which all of the drawing is inside, however large it is. */
export function wholeScale(drawing: Size, frame: Size, below = 0): number {
  const across = (frame.width - 2 * margin) / Math.max(1, drawing.width);
  const down = (frame.height - below - 2 * margin) / Math.max(1, drawing.height);
  // A frame that is not laid out yet has no room at all.
  return Math.max(1e-4, Math.min(1, across, down));
}

/**
 * The point under the pointer stays where it is.
 * @param whole the scale at which all of the drawing is inside, which can always be reached
 */
export function zoomAround(
  view: PanZoom,
  at: { x: number; y: number },
  factor: number,
  whole = least,
): PanZoom {
  const scale = Math.max(Math.min(least, whole), Math.min(most, view.scale * factor));
  const ratio = scale / view.scale;
  return { x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio, scale };
}

/** Moves a drawing that has become small enough so that none of it is outside; a larger one stays where it is. */
export function keptInside(view: PanZoom, drawing: Size, frame: Size, below = 0): PanZoom {
  const along = (from: number, length: number, room: number): number =>
    length > room ? from : Math.max(0, Math.min(room - length, from));
  return {
    scale: view.scale,
    x: along(view.x, drawing.width * view.scale, frame.width),
    y: along(view.y, drawing.height * view.scale, frame.height - below),
  };
}

/**
 * All of the drawing where that can be read; a tall one is shown from its top, as wide as it fits.
 * @param below height at the lower edge that something else takes
 */
export function fittedToFrame(drawing: Size, frame: Size, below = 0): PanZoom {
  const free = frame.height - below;
  const across = wholeScale({ ...drawing, height: 1 }, frame);
  const readable = 0.72;
  const scale = Math.max(wholeScale(drawing, frame, below), Math.min(across, readable));
  const height = drawing.height * scale;
  return {
    scale,
    x: (frame.width - drawing.width * scale) / 2,
    y: height + 2 * margin > free ? margin : (free - height) / 2,
  };
}

/** Centres a box, at a readable size. */
export function centredOn(
  box: { x: number; y: number; width: number; height: number },
  frame: Size,
  view: PanZoom,
): PanZoom {
  const scale = Math.max(view.scale, 0.9);
  return {
    scale,
    x: frame.width / 2 - (box.x + box.width / 2) * scale,
    y: frame.height / 2 - (box.y + box.height / 2) * scale,
  };
}

/** Moves just enough that the box is inside. */
export function holding(
  box: { x: number; y: number; width: number; height: number },
  frame: Size,
  view: PanZoom,
): PanZoom {
  const shift = (low: number, high: number, room: number): number =>
    low < margin ? margin - low : high > room - margin ? room - margin - high : 0;
  const x = box.x * view.scale + view.x;
  const y = box.y * view.scale + view.y;
  return {
    scale: view.scale,
    x: view.x + shift(x, x + box.width * view.scale, frame.width),
    y: view.y + shift(y, y + box.height * view.scale, frame.height),
  };
}

/** A path through points, straight where it is long and rounded where it turns. */
export function pathThrough(points: readonly (readonly [number, number])[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const parts = [`M${first[0]} ${first[1]}`];
  for (let i = 0; i < rest.length - 1; i++) {
    const [at, next] = [rest[i]!, rest[i + 1]!];
    parts.push(`Q${at[0]} ${at[1]} ${(at[0] + next[0]) / 2} ${(at[1] + next[1]) / 2}`);
  }
  const last = rest.at(-1);
  if (last) parts.push(`L${last[0]} ${last[1]}`);
  return parts.join('');
}
