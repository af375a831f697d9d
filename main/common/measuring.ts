/** How well a latency is to be known, as a new search and a single measurement ask for it. */

/** Half the width of the 95 % interval, as a share of the median. */
export const usualInterval = 0.05;
/** The most repeats that are taken for it. */
export const usualRepeats = 12;
