/**
 * The candidates of all compared runs as one crowd of points. The runs take turns, so that where points lie on each
 * other none of the runs hides the others.
 */
import type { PointInput } from '../scatter/points.ts';
import { noStyle } from '../scatter/point-styles.ts';
import type { FrontSide } from './front-comparison.ts';

export interface CrowdPoints extends PointInput {
  /** The place of each point's run. */
  readonly styles: Uint8Array;
}

/** Which candidate stands at a place of the crowd. */
export interface CrowdMember {
  readonly side: number;
  readonly index: number;
}

export class Crowd {
  #lengths: readonly number[] = [];
  #sides = new Uint8Array(0);
  #indices = new Uint32Array(0);
  #generation = new Int32Array(0);

  /** @param shown the runs whose points are there to be seen */
  of(runs: readonly FrontSide[], shown: readonly boolean[]): CrowdPoints {
    this.#take(runs.map(({ cost }) => cost.length));
    const length = this.#sides.length;
    const [x, y] = [new Float64Array(length), new Float64Array(length)];
    const styles = new Uint8Array(length);
    for (let k = 0; k < length; k++) {
      const side = this.#sides[k]!;
      const { cost, score } = runs[side]!;
      const index = this.#indices[k]!;
      x[k] = cost[index]! > 0 ? Math.log10(cost[index]!) : NaN;
      y[k] = score[index]!;
      styles[k] = shown[side] ? side : noStyle;
    }
    return { length, x, y, styles, generation: this.#generation, upTo: 0 };
  }

  at(place: number): CrowdMember {
    return { side: this.#sides[place]!, index: this.#indices[place]! };
  }

  #take(lengths: readonly number[]): void {
    const same = lengths.length === this.#lengths.length;
    if (same && lengths.every((length, side) => length === this.#lengths[side])) return;
    this.#lengths = lengths;
    const all = lengths.reduce((sum, length) => sum + length, 0);
    this.#sides = new Uint8Array(all);
    this.#indices = new Uint32Array(all);
    this.#generation = new Int32Array(all);
    let k = 0;
    for (let turn = 0; k < all; turn++) {
      for (let side = 0; side < lengths.length; side++) {
        if (turn >= lengths[side]!) continue;
        this.#sides[k] = side;
        this.#indices[k++] = turn;
      }
    }
  }
}
