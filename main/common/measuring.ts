/** How precise a latency should be by default, in a new search and a single measurement. */

/** Half the width of the 95 % interval, as a share of the median. */
export const usualInterval = 0.05;
/** The share of medians of later measurements that an interval is meant to hold. */
export const meantCoverage = 0.95;
/** What intervals hold on a virtual machine with neighbours on its host, which shows none of them (docs/validation.md). */
export const virtualMachineCoverage = 0.65;
/** The largest number of repeats taken to reach it. */
export const usualRepeats = 12;
