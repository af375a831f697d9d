/** Depth and width of the networks of each generation, kept as sums: rows only ever come in addition. */
import { maximumDepth, type MeanShape } from '../../../main/common/network-shape.ts';
import type { CandidateColumns } from '../columns/columns.ts';

export interface GenerationShape extends MeanShape {
  readonly generation: number;
}

interface Sums {
  networks: number;
  depths: number;
  depth: number;
  deep: number;
  widths: number;
  width: number;
}

export class GenerationShapes {
  readonly #sums: Sums[] = [];
  /** The same object as long as no row of its generation comes. */
  readonly #shapes: (GenerationShape | undefined)[] = [];
  #length = 0;

  /** Of all generations up to `last`, with the rows that came since the last look. */
  upTo(columns: CandidateColumns, last: number): GenerationShape[] {
    this.#take(columns);
    return Array.from({ length: last + 1 }, (_, generation) => {
      const sums = this.#sums[generation] ?? nothing();
      return (this.#shapes[generation] ??= shapeFrom(generation, sums));
    });
  }

  #take(columns: CandidateColumns): void {
    const { generation, relativeDepth, relativeWidth } = columns;
    for (; this.#length < columns.length; this.#length++) {
      const i = this.#length;
      if (columns.isFailed(i)) continue;
      const sums = (this.#sums[generation[i]!] ??= nothing());
      this.#shapes[generation[i]!] = undefined;
      sums.networks++;
      if (!Number.isNaN(relativeDepth[i])) {
        sums.depths++;
        sums.depth += relativeDepth[i]!;
        if (relativeDepth[i]! >= maximumDepth) sums.deep++;
      }
      if (!Number.isNaN(relativeWidth[i])) {
        sums.widths++;
        sums.width += relativeWidth[i]!;
      }
    }
  }
}

function shapeFrom(generation: number, sums: Sums): GenerationShape {
  const { networks, depths, widths } = sums;
  return {
    ...{ generation, networks },
    depth: depths === 0 ? null : sums.depth / depths,
    width: widths === 0 ? null : sums.width / widths,
    atMaximumDepth: depths === 0 ? null : sums.deep / depths,
  };
}

const nothing = (): Sums => ({ networks: 0, depths: 0, depth: 0, deep: 0, widths: 0, width: 0 });
