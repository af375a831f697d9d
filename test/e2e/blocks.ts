/** How long the main process and the page were deaf: the longest time that nothing else could run. */
import type { ElectronApplication, Page } from 'playwright-core';

export interface Blocks {
  /** Longest delay of the main process's event loop. */
  readonly mainMs: number;
  /** Longest gap between two turns of the page's event loop. */
  readonly pageMs: number;
}

/**
 * Watches until the returned function is called, which tells the longest blocks. Both sides are asked by
 * timers of 5 ms, so a few milliseconds are always there, in an idle window too.
 */
export async function watchBlocks(
  app: ElectronApplication,
  page: Page,
): Promise<() => Promise<Blocks>> {
  await app.evaluate(() => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last - 5);
      last = now;
    }, 5);
    Object.assign(globalThis, {
      endBlockWatch: () => {
        clearInterval(timer);
        return longest;
      },
    });
  });
  await page.evaluate(() => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last - 5);
      last = now;
    }, 5);
    Object.assign(globalThis, {
      endBlockWatch: () => {
        clearInterval(timer);
        return longest;
      },
    });
  });
  return async () => ({
    mainMs: await app.evaluate(() =>
      (globalThis as unknown as { endBlockWatch: () => number }).endBlockWatch(),
    ),
    pageMs: await page.evaluate(() =>
      (globalThis as unknown as { endBlockWatch: () => number }).endBlockWatch(),
    ),
  });
}
