/** How long work takes, where other tests share the processors. */

/**
 * Milliseconds that this thread computed: waiting for a processor, which others may have, does not count.
 *
 * @param tries of which the quickest counts, since others also have the caches
 */
export function processorMs(work: () => void, tries = 1): number {
  return Math.min(
    ...Array.from({ length: tries }, () => {
      const before = process.threadCpuUsage();
      work();
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}
