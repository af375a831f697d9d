/** How each candidate is drawn: a step of the ramp, a status with its shape, faded, or not in this layer. */
import { markShapes, type StatusShape } from '../../ground/chart/mark-shapes.ts';
import { rampStep, rampSteps } from '../../ground/chart/palette.ts';
import { statuses, type Status } from '../../ground/chart/statuses.ts';

export const statusStyle = (status: Status): number => rampSteps + statuses.indexOf(status);
/** Outside the filter. */
export const fadedStyle = rampSteps + statuses.length;
export const styleCount = fadedStyle + 1;
/** Drawn elsewhere. */
export const noStyle = 255;

/** Of a point below the front, in CSS pixels. */
export const pointRadius = 3;

/** @param by old generations are dimmed; choices of a gene are all equally new */
export function pointLook(
  style: number,
  by: Colouring['by'],
): { readonly opacity: number; readonly shape: StatusShape } {
  if (style === fadedStyle) return { opacity: 0.22, shape: 'circle' };
  const status = statuses[style - rampSteps];
  if (status) return { opacity: status === 'dominated' ? 0.55 : 1, shape: markShapes[status] };
  const opacity = by === 'generation' ? 0.5 + 0.42 * (style / (rampSteps - 1)) : 0.78;
  return { opacity, shape: 'circle' };
}

export type Colouring =
  | { readonly by: 'generation'; readonly generation: Int32Array; readonly last: number }
  | {
      readonly by: 'gene';
      readonly values: ArrayLike<number>;
      readonly choices: readonly number[];
      /** What choices are called that are no quantities. */
      readonly labels?: ReadonlyMap<number, string>;
    }
  | {
      readonly by: 'status';
      readonly onFront: ReadonlySet<number>;
      /** Indices. */
      readonly starred: ReadonlySet<number>;
      readonly pinned: ReadonlySet<number>;
    };

/** The style of one candidate; it does not depend on the filter or the front. */
export function styleOf(colouring: Colouring): (index: number) => number {
  switch (colouring.by) {
    case 'generation': {
      const { generation, last } = colouring;
      return (i) => rampStep(generation[i]!, last);
    }
    case 'gene': {
      const { values, choices } = colouring;
      const steps = new Map(
        choices.map((choice, at) => [choice, rampStep(at, choices.length - 1)]),
      );
      return (i) => steps.get(values[i]!) ?? 0;
    }
    case 'status': {
      const { onFront, starred, pinned } = colouring;
      return (i) =>
        statusStyle(
          pinned.has(i)
            ? 'pinned'
            : starred.has(i)
              ? 'starred'
              : onFront.has(i)
                ? 'front'
                : 'dominated',
        );
    }
  }
}

/** Styles of all candidates for the layer of points; members of the front are drawn above it. */
export class PointStyles {
  #memory = new Uint8Array(0);

  /**
   * A view of memory that the next call writes to.
   * @param mask 0 for those outside the filter; null where there is none
   */
  of(
    colouring: Colouring,
    length: number,
    front: Uint32Array,
    mask: Uint8Array | null,
  ): Uint8Array {
    if (this.#memory.length < length) this.#memory = new Uint8Array(2 * length);
    const styles = this.#memory;
    const style = styleOf(colouring);
    for (let i = 0; i < length; i++) styles[i] = mask?.[i] === 0 ? fadedStyle : style(i);
    for (const i of front) styles[i] = noStyle;
    return styles.subarray(0, length);
  }
}
