/** How networks are quantised, by the names on the command line. */

/** How the range of a value is chosen from its observed numbers. */
export const rangeMethods = ['min-max', 'percentile', 'least-error'] as const;
export type RangeMethod = (typeof rangeMethods)[number];
