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

/** Milliseconds that all threads of this process computed meanwhile, as where libraries have threads of their own. */
export async function processorMsOfProcess(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
