/** Which boxes and lines of a graph lie between two heights: so that a picture costs what is seen of it. Pure. */
import { graphBox, type GraphLayout } from './layout/graph-layout.ts';

/** Height of a band. */
const band = 1024;

export class GraphIndex {
  readonly #layout: GraphLayout;
  readonly #boxes: number[][] = [];
  readonly #lines: number[][] = [];
  /** Lines through many bands. */
  readonly #long: { readonly line: number; readonly top: number; readonly bottom: number }[] = [];

  constructor(layout: GraphLayout) {
    this.#layout = layout;
    const put = (bands: number[][], top: number, bottom: number, one: number): void => {
      for (let at = bandOf(top); at <= bandOf(bottom); at++) (bands[at] ??= []).push(one);
    };
    for (const box of layout.order) {
      put(this.#boxes, layout.y[box]!, layout.y[box]! + graphBox.height, box);
    }
    for (let line = 0; line + 1 < layout.starts.length; line++) {
      let [top, bottom] = [Infinity, -Infinity];
      for (let i = layout.starts[line]!; i < layout.starts[line + 1]!; i++) {
        const y = layout.points[2 * i + 1]!;
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
      if (bandOf(bottom) - bandOf(top) > 3) this.#long.push({ line, top, bottom });
      else if (top <= bottom) put(this.#lines, top, bottom, line);
    }
  }

  boxesBetween(top: number, bottom: number): readonly number[] {
    return between(this.#boxes, top, bottom);
  }

  linesBetween(top: number, bottom: number): readonly number[] {
    const long = this.#long.filter((one) => one.top <= bottom && one.bottom >= top);
    return [...between(this.#lines, top, bottom), ...long.map(({ line }) => line)];
  }

  /** The box at a point of the drawing; null where there is none. */
  boxAt(x: number, y: number): number | null {
    const { x: lefts, y: tops } = this.#layout;
    const inside = (box: number): boolean =>
      x >= lefts[box]! &&
      x <= lefts[box]! + graphBox.width &&
      y >= tops[box]! &&
      y <= tops[box]! + graphBox.height;
    return this.boxesBetween(y, y).find(inside) ?? null;
  }
}

const bandOf = (y: number): number => Math.max(0, Math.floor(y / band));

function between(bands: readonly (readonly number[])[], top: number, bottom: number): number[] {
  const found = new Set<number>();
  const last = Math.min(bands.length - 1, bandOf(bottom));
  for (let at = bandOf(top); at <= last; at++) for (const one of bands[at] ?? []) found.add(one);
  return [...found];
}
