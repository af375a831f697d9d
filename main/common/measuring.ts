/** How precise a latency should be by default, in a new search and a single measurement. */

/** Half the width of the 95 % interval, as a share of the median. */
export const usualInterval = 0.05;
/** The largest number of repeats taken to reach it. */
export const usualRepeats = 12;
