/**
 * A part of the page as marks: drawings in SVG with their outlines, text where it stands, boxes with their lines.
 * Colours are the light ones whatever the window looks like; what can only be pressed is left out.
 */
import { readPalette } from '../chart/palette.ts';
import { plainColour } from './colours.ts';
import type { Figure, FigureMark, Matrix, OutlineStyle, TextStyle } from './marks.ts';
import { measureText } from './sheet.ts';

const leftOut =
  'button:not([data-figure-part]), input, select, textarea, .visually-hidden, [hidden]';
const margin = 6;

/**
 * Null where there is nothing to draw.
 * @param title what it shows, for people who cannot see it
 */
export function figureOfPart(part: HTMLElement, title: string): Figure | null {
  const { colorScheme, transform } = part.style;
  part.style.colorScheme = 'light';
  // Of a drawing that was zoomed and moved, the whole in its own size.
  if (transform !== '') part.style.transform = 'none';
  try {
    const palette = readPalette(part, 'light');
    const found = new Walk({ left: 0, top: 0 });
    found.element(part, 1);
    const { left, top, right, bottom } = found.extent;
    if (!(right > left && bottom > top)) return null;
    const walk = new Walk({ left: left - margin, top: top - margin });
    walk.element(part, 1);
    return {
      ...{ width: right - left + 2 * margin, height: bottom - top + 2 * margin, title },
      ...{ background: plainColour(palette.surface).colour, marks: walk.marks },
    };
  } finally {
    Object.assign(part.style, { colorScheme, transform });
  }
}

interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

class Walk {
  readonly marks: FigureMark[] = [];
  readonly extent: Extent = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  readonly #origin: { readonly left: number; readonly top: number };

  constructor(origin: { readonly left: number; readonly top: number }) {
    this.#origin = origin;
  }

  element(element: Element, opacity: number): void {
    if (element.matches(leftOut) || element instanceof SVGDefsElement) return;
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden') return;
    const seen = opacity * Number(style.opacity || 1);
    if (seen === 0) return;
    if (element instanceof SVGGeometryElement) this.#outline(element, style, seen);
    else if (element instanceof HTMLElement) this.#box(element, style, seen);
    for (const child of element.childNodes) {
      if (child instanceof Text) this.#text(child, style, seen);
      else if (child instanceof Element) this.element(child, seen);
    }
  }

  #outline(shape: SVGGeometryElement, style: CSSStyleDeclaration, opacity: number): void {
    const path = pathOf(shape);
    const matrix = shape.getScreenCTM();
    if (path === '' || !matrix) return;
    const { a, b, c, d, e, f } = matrix;
    const { left, top } = this.#origin;
    const transform: Matrix = [a, b, c, d, e - left, f - top];
    const lines = shapeStyle(style, opacity);
    if (lines.fill === null && lines.stroke === null) return;
    this.marks.push({ kind: 'outline', path, transform, style: lines });
    if (shape.hasAttribute('marker-end') && lines.stroke !== null) {
      const style = { ...plainLine, fill: lines.stroke, opacity: lines.opacity };
      this.marks.push({ kind: 'outline', path: arrowHead(shape), transform, style });
    }
    this.#reach(shape.getBoundingClientRect());
  }

  #box(box: HTMLElement, style: CSSStyleDeclaration, opacity: number): void {
    const area = box.getBoundingClientRect();
    if (area.width === 0 || area.height === 0) return;
    const fill = plainColour(style.backgroundColor);
    const radius = Math.min(parseFloat(style.borderTopLeftRadius) || 0, area.height / 2);
    const round = style.borderTopLeftRadius.endsWith('%')
      ? Math.min(area.width, area.height) / 2
      : radius;
    if (fill.opacity > 0) {
      this.#put(rounded(area, this.#origin, round), area, {
        ...plainLine,
        fill: fill.colour,
        opacity: fill.opacity * opacity,
      });
    }
    for (const [side, width, colour, dash] of bordersOf(style)) {
      const path = edge(area, this.#origin, side);
      const line = plainColour(colour);
      this.#put(path, area, {
        ...{ ...plainLine, dash, stroke: line.colour, lineWidth: width },
        opacity: line.opacity * opacity,
      });
    }
  }

  #put(path: string, area: DOMRect, style: OutlineStyle): void {
    this.marks.push({ kind: 'outline', path, style });
    this.#reach(area);
  }

  #text(node: Text, style: CSSStyleDeclaration, opacity: number): void {
    for (const { text, area } of linesOf(node)) {
      const size = parseFloat(style.fontSize);
      const inDrawing = node.parentElement instanceof SVGElement;
      const colour = plainColour(inDrawing ? style.fill : style.color);
      const written: TextStyle = {
        ...{ family: style.fontFamily, size, weight: Number(style.fontWeight) || 400, halo: null },
        ...{ colour: colour.colour, opacity: colour.opacity * opacity },
        anchor: anchorOf(style, inDrawing),
      };
      const shown = shortened(text, area, node.parentElement, style);
      this.marks.push({
        ...{ kind: 'text', text: shown.text, style: written },
        x: anchored(shown.area, written.anchor) - this.#origin.left,
        y: baselineOf(area, style) - this.#origin.top,
      });
      this.#reach(shown.area);
    }
  }

  #reach({ left, top, right, bottom }: Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>): void {
    const { extent } = this;
    extent.left = Math.min(extent.left, left);
    extent.top = Math.min(extent.top, top);
    extent.right = Math.max(extent.right, right);
    extent.bottom = Math.max(extent.bottom, bottom);
  }
}

const plainLine: OutlineStyle = {
  ...{ fill: null, stroke: null, lineWidth: 1, dash: [], join: 'miter', opacity: 1 },
};

function shapeStyle(style: CSSStyleDeclaration, opacity: number): OutlineStyle {
  const paint = (value: string) => (value === 'none' ? null : plainColour(value));
  const [fill, stroke] = [paint(style.fill), paint(style.stroke)];
  const dash = style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[ ,]+/);
  const join = style.strokeLinejoin;
  return {
    fill: fill && fill.opacity > 0 ? fill.colour : null,
    stroke: stroke && stroke.opacity > 0 ? stroke.colour : null,
    lineWidth: parseFloat(style.strokeWidth) || 1,
    dash: dash.map((length) => parseFloat(length)),
    join: join === 'round' || join === 'bevel' ? join : 'miter',
    opacity: opacity * ((stroke ?? fill)?.opacity ?? 1),
  };
}

/** At the end of a line, in the direction in which it arrives. */
function arrowHead(line: SVGGeometryElement): string {
  const length = line.getTotalLength();
  const [end, before] = [line.getPointAtLength(length), line.getPointAtLength(length - 1)];
  const [dx, dy] = [end.x - before.x, end.y - before.y];
  const size = Math.hypot(dx, dy) || 1;
  const [x, y] = [dx / size, dy / size];
  const corner = (side: 1 | -1): string =>
    `L${end.x - 6 * x - 3 * side * y} ${end.y - 6 * y + 3 * side * x}`;
  return `M${end.x} ${end.y}${corner(1)}${corner(-1)}Z`;
}

/** Path data of any shape, in its own coordinates. */
function pathOf(shape: SVGGeometryElement): string {
  const number = (name: string): number => {
    const written = shape.getAttribute(name) ?? '0';
    if (!written.endsWith('%')) return Number(written);
    // A share of the drawing: the browser knows how much that is.
    const length = (shape as unknown as Record<string, SVGAnimatedLength | undefined>)[name];
    return length?.baseVal.value ?? 0;
  };
  switch (shape.tagName) {
    case 'path':
      return shape.getAttribute('d') ?? '';
    case 'circle': {
      const [x, y, r] = [number('cx'), number('cy'), number('r')];
      return `M${x - r} ${y}A${r} ${r} 0 1 0 ${x + r} ${y}A${r} ${r} 0 1 0 ${x - r} ${y}Z`;
    }
    case 'rect': {
      const [x, y, width, height] = [number('x'), number('y'), number('width'), number('height')];
      return width > 0 && height > 0 ? `M${x} ${y}h${width}v${height}h${-width}Z` : '';
    }
    case 'line':
      return `M${number('x1')} ${number('y1')}L${number('x2')} ${number('y2')}`;
    case 'polyline':
    case 'polygon': {
      const points = (shape.getAttribute('points') ?? '').trim();
      if (points === '') return '';
      return `M${points.split(/\s+/).join('L')}${shape.tagName === 'polygon' ? 'Z' : ''}`;
    }
    default:
      return '';
  }
}

function rounded(
  { left, top, width, height }: DOMRect,
  origin: { readonly left: number; readonly top: number },
  radius: number,
): string {
  const [x, y, r] = [left - origin.left, top - origin.top, radius];
  if (r <= 0) return `M${x} ${y}h${width}v${height}h${-width}Z`;
  const [w, h] = [width - 2 * r, height - 2 * r];
  const corner = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return `M${x + r} ${y}h${w}${corner(r, r)}v${h}${corner(-r, r)}h${-w}${corner(-r, -r)}v${-h}${corner(r, -r)}Z`;
}

type Side = 'Top' | 'Right' | 'Bottom' | 'Left';
type Border = readonly [side: Side, width: number, colour: string, dash: readonly number[]];

function bordersOf(style: CSSStyleDeclaration): Border[] {
  return (['Top', 'Right', 'Bottom', 'Left'] as const).flatMap((side): Border[] => {
    const width = parseFloat(style[`border${side}Width`]);
    const line = style[`border${side}Style`];
    if (!(width > 0) || line === 'none') return [];
    return [[side, width, style[`border${side}Color`], line === 'dashed' ? [3, 3] : []]];
  });
}

function edge(
  { left, top, right, bottom }: DOMRect,
  origin: { readonly left: number; readonly top: number },
  side: Side,
): string {
  const [l, t] = [left - origin.left, top - origin.top];
  const [r, b] = [right - origin.left, bottom - origin.top];
  return {
    Top: `M${l} ${t}H${r}`,
    Right: `M${r} ${t}V${b}`,
    Bottom: `M${l} ${b}H${r}`,
    Left: `M${l} ${t}V${b}`,
  }[side];
}

/** The words of a text, line by line as the browser broke them. */
function linesOf(node: Text): { readonly text: string; readonly area: DOMRect }[] {
  const range = document.createRange();
  const lines: { text: string; area: DOMRect }[] = [];
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const area = range.getBoundingClientRect();
    if (area.width === 0) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.area.top - area.top) < area.height / 2) {
      line.text += ` ${word}`;
      const { left, top, height } = line.area;
      line.area = new DOMRect(left, top, area.right - left, height);
    } else lines.push({ text: word, area });
  }
  return lines;
}

/** What the page cuts with an ellipsis is cut in a file as well. */
function shortened(
  text: string,
  area: DOMRect,
  parent: Element | null,
  style: CSSStyleDeclaration,
): { readonly text: string; readonly area: DOMRect } {
  if (style.textOverflow !== 'ellipsis' || !parent) return { text, area };
  const room = parent.getBoundingClientRect().right - area.left;
  if (room >= area.width - 0.5) return { text, area };
  const font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  let length = text.length;
  while (length > 0 && measureText(`${text.slice(0, length)}…`, font).width > room) length--;
  return {
    text: `${text.slice(0, length).trimEnd()}…`,
    area: new DOMRect(area.left, area.top, room, area.height),
  };
}

function anchorOf(style: CSSStyleDeclaration, inDrawing: boolean): TextStyle['anchor'] {
  const said = inDrawing ? style.textAnchor : style.textAlign;
  if (said === 'middle' || said === 'center') return 'middle';
  return said === 'end' || said === 'right' ? 'end' : 'start';
}

const anchored = ({ left, right }: DOMRect, anchor: TextStyle['anchor']): number =>
  ({ start: left, middle: (left + right) / 2, end: right })[anchor];

function baselineOf({ top, height }: DOMRect, style: CSSStyleDeclaration): number {
  const font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = measureText('x', font);
  return top + (height * up) / (up + down);
}
