/** The bounds within which a latency lies. */
import { z } from 'zod';

export const latencyBoundsSchema = z.object({
  lowMs: z.number(),
  highMs: z.number(),
  /**
   * `interval`: holds 95 % of the medians of later measurements; `interval of 0.1`: version 0.1's, which held 71 to
   * 81 %; `unsteady`: the device was not fit for measuring, so nothing is claimed about later measurements;
   * `estimate`: held nine of ten networks that were left out of the fit.
   */
  basis: z.enum(['interval', 'interval of 0.1', 'unsteady', 'estimate']),
});
export type LatencyBounds = Readonly<z.infer<typeof latencyBoundsSchema>>;

/**
 * How many pairs of neighbours on a front, by rising cost, have costs that differ by less than their errors: half the
 * widths of both, added as independent errors are. Neighbours with unknown errors do not count.
 */
export function indistinct(
  front: readonly {
    readonly cost: number;
    readonly low: number | null;
    readonly high: number | null;
  }[],
): number {
  return front.slice(1).filter((dearer, i) => {
    const cheaper = front[i]!;
    const [one, other] = [cheaper, dearer].map(({ low, high }) =>
      low === null || high === null ? NaN : (high - low) / 2,
    );
    return dearer.cost - cheaper.cost < Math.hypot(one!, other!);
  }).length;
}
