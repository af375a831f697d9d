/** How networks are quantised, in the words of the command line. */

/** How the range of a value is taken from the numbers that it had. */
export const rangeMethods = ['min-max', 'percentile', 'least-error'] as const;
export type RangeMethod = (typeof rangeMethods)[number];
