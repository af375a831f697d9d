/**
 * Scales values to mean 0 and deviation 1; if they are all equal, or there are none, the scale is left alone.
 */
export function standardised(values: readonly number[]): {
  readonly values: Float64Array;
  readonly center: number;
  readonly scale: number;
} {
  const n = Math.max(values.length, 1);
  const center = values.reduce((sum, value) => sum + value, 0) / n;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / n);
  const least = 1e-12 * Math.abs(center);
  const scale = spread > least && Number.isFinite(spread) ? spread : 1;
  return { values: Float64Array.from(values, (value) => (value - center) / scale), center, scale };
}
