/**
 * Paints parallel coordinates: lines on the first layer, slice after slice where there are many, the selected
 * and the hovered one on the second. A picture in progress is finished before the next is begun, and shown when
 * it is complete, so that candidates that keep arriving never leave it half empty.
 */
import type { Frame } from '../../ground/chart/axis.ts';
import type { Palette, RedGreenBlue } from '../../ground/chart/palette.ts';
import { statuses } from '../../ground/chart/statuses.ts';
import type { Surface } from '../../ground/chart/surface.ts';
import type { Pen } from '../../ground/figure/pen.ts';
import { shareOf, type ParallelAxis } from './axes.ts';
import { LineLayer, lineOpacity, type LinesInput } from './lines.ts';

export interface Lines {
  readonly axes: readonly ParallelAxis[];
  readonly positions: readonly number[];
  /** Outside the filter, below the others. */
  readonly faded: ArrayLike<number>;
  readonly listed: ArrayLike<number>;
  /** Colour of a candidate, as in the scatter. */
  readonly style: (index: number) => number;
}

export interface ParallelPicture {
  readonly lines: Lines;
  readonly selected: number | null;
  readonly hovered: number | null;
}

export const parallelMargin = { left: 0, top: 34, right: 0, bottom: 20 };
/** Axes closer together than this cannot be read. */
export const leastSpacing = 52;

/** Up to this many lines the browser's own smooth strokes are fast enough. */
const smoothLimit = 400;
const sliceMs = 9;

type Plot = Pick<Surface, 'frame' | 'palette'>;

interface Job {
  readonly lines: Lines;
  readonly parts: readonly LinesInput[];
  readonly layer: LineLayer;
  part: number;
  at: number;
}

export class ParallelPainter {
  #shown: Lines | null = null;
  #job: Job | null = null;
  #waiting: Lines | null = null;
  #frame = 0;
  readonly #buffer = document.createElement('canvas');
  readonly #busy: (busy: boolean) => void;

  /** @param busy called when a picture that takes more than a moment is begun, and when it is there */
  constructor(busy: (busy: boolean) => void = () => undefined) {
    this.#busy = busy;
  }

  readonly paint = (surface: Surface, picture: ParallelPicture, fresh: boolean): void => {
    const { lines } = picture;
    if (fresh) this.close();
    if (fresh || lines !== this.#shown) {
      this.#shown = lines;
      if (lines.listed.length + lines.faded.length <= smoothLimit) {
        this.close();
        paintSmooth(surface, lines);
      } else if (this.#job) this.#waiting = lines;
      else this.#begin(surface, lines);
    }
    paintMarks(surface, picture);
  };

  /** Abandons an unfinished picture. */
  close(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#job) this.#busy(false);
    this.#job = this.#waiting = null;
  }

  #begin(surface: Surface, lines: Lines): void {
    const { scale, size, palette } = surface;
    const width = Math.max(1, Math.round(size.width * scale));
    const height = Math.max(1, Math.round(size.height * scale));
    const part = (
      candidates: ArrayLike<number>,
      colour: LinesInput['colour'],
      opacity: number,
    ): LinesInput => ({
      ...{ candidates, colour, opacity, axes: lines.axes },
      positions: lines.positions.map((x) => x * scale),
      top: surface.frame.top * scale,
      bottom: surface.frame.bottom * scale,
    });
    const colours = styleBytes(palette);
    const listed = (i: number): RedGreenBlue => colours[lines.style(i)]!;
    const faded = (): RedGreenBlue => palette.fadedBytes;
    this.#job = {
      lines,
      layer: new LineLayer(width, height),
      parts: [
        part(lines.faded, faded, Math.max(2, lineOpacity(lines.faded.length) / 12)),
        part(lines.listed, listed, lineOpacity(lines.listed.length)),
      ],
      part: 0,
      at: 0,
    };
    this.#busy(true);
    this.#go(surface);
  }

  #go(surface: Surface): void {
    const job = this.#job;
    if (!job) return;
    const input = job.parts[job.part]!;
    job.at = job.layer.paint(input, job.at, sliceMs);
    if (job.at >= input.candidates.length) {
      job.part++;
      job.at = 0;
    }
    if (job.part < job.parts.length) {
      this.#frame = requestAnimationFrame(() => this.#go(surface));
      return;
    }
    this.#show(surface, job);
    this.#job = null;
    this.#busy(false);
    const next = this.#waiting;
    this.#waiting = null;
    if (next) this.#begin(surface, next);
  }

  #show(surface: Surface, { layer, lines }: Job): void {
    Object.assign(this.#buffer, { width: layer.image.width, height: layer.image.height });
    this.#buffer.getContext('2d')?.putImageData(layer.image, 0, 0);
    const context = surface.cleared(0);
    if (!context) return;
    context.drawImage(this.#buffer, 0, 0, surface.size.width, surface.size.height);
    paintAxisLines(context, surface, lines);
  }
}

/** One colour per style: the ramp, then the statuses. */
function styleBytes({ generationBytes, statusBytes }: Palette): RedGreenBlue[] {
  return [...generationBytes, ...statuses.map((status) => statusBytes[status])];
}

function paintAxisLines(context: Pen, { frame, palette }: Plot, lines: Lines): void {
  context.strokeStyle = palette.axis;
  context.lineWidth = 1;
  context.beginPath();
  for (const x of lines.positions) {
    context.moveTo(Math.round(x) + 0.5, frame.top);
    context.lineTo(Math.round(x) + 0.5, frame.bottom);
  }
  context.stroke();
}

function paintSmooth(surface: Surface, lines: Lines): void {
  const context = surface.cleared(0);
  if (context) strokeLines(context, surface.frame, surface.palette, lines);
}

/** Every line by itself, and the axes over them. */
export function strokeLines(context: Pen, frame: Frame, palette: Palette, lines: Lines): void {
  const plot = { frame, palette };
  const many = lines.listed.length + lines.faded.length > smoothLimit;
  const colours = [...palette.generations, ...statuses.map((status) => palette.status[status])];
  context.lineJoin = 'round';
  context.lineWidth = 1;
  context.strokeStyle = palette.ghost;
  context.globalAlpha = many ? lineOpacity(lines.faded.length) / 12 / 255 : 0.12;
  for (let k = 0; k < lines.faded.length; k++) trace(context, plot, lines, lines.faded[k]!);
  context.lineWidth = 1.25;
  const few = lines.listed.length > 100 ? 0.5 : 0.8;
  context.globalAlpha = many ? Math.max(0.03, lineOpacity(lines.listed.length) / 255) : few;
  for (let k = 0; k < lines.listed.length; k++) {
    const i = lines.listed[k]!;
    context.strokeStyle = colours[lines.style(i)]!;
    trace(context, plot, lines, i);
  }
  context.globalAlpha = 1;
  paintAxisLines(context, plot, lines);
}

function paintMarks(surface: Surface, { lines, selected, hovered }: ParallelPicture): void {
  const context = surface.cleared(1);
  if (!context) return;
  const { palette } = surface;
  context.lineJoin = 'round';
  const line = (index: number, colour: string, width: number): void => {
    context.strokeStyle = palette.surface;
    context.lineWidth = width + 2;
    trace(context, surface, lines, index);
    context.strokeStyle = colour;
    context.lineWidth = width;
    trace(context, surface, lines, index);
  };
  if (hovered !== null && hovered !== selected) line(hovered, palette.text2, 1.5);
  if (selected !== null) line(selected, palette.selection, 2.5);
}

function trace(
  context: Pen,
  { frame }: Pick<Plot, 'frame'>,
  { axes, positions }: Lines,
  index: number,
): void {
  context.beginPath();
  let open = false;
  axes.forEach((axis, a) => {
    const share = shareOf(axis, axis.measure.values[index]!);
    if (Number.isNaN(share)) {
      open = false;
      return;
    }
    const y = frame.bottom - share * (frame.bottom - frame.top);
    if (open) context.lineTo(positions[a]!, y);
    else context.moveTo(positions[a]!, y);
    open = true;
  });
  context.stroke();
}
