/** Long tables: only the rows that can be seen exist. */
export interface VisibleRows {
  readonly from: number;
  readonly to: number;
}

/** The rows that have to exist in a scrolled viewport, with some more at each end. */
export function visibleSlice(
  total: number,
  rowHeight: number,
  scrollTop: number,
  viewportHeight: number,
  spare = 8,
): VisibleRows {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const to = Math.min(total, Math.ceil((scrollTop + viewportHeight) / rowHeight) + spare);
  return { from: Math.min(from, to), to };
}
