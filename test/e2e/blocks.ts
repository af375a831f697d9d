/** How long the main process and the page were deaf: the longest time that nothing else could run. */
import type { ElectronApplication, Page } from 'playwright-core';
import { inMain } from './in-main.ts';

export interface Blocks {
  /** Longest delay of the main process's event loop. */
  readonly mainMs: number;
  /** Longest gap between two turns of the page's event loop. */
  readonly pageMs: number;
}

/** Longest delay, ms, of a process's event loop until `endBlockWatch` is called in it: asked by timers of 5 ms. */
function beginBlockWatch(): void {
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
}

const endBlockWatch = (): number =>
  (globalThis as unknown as { endBlockWatch: () => number }).endBlockWatch();

/** Watches the main process alone, over reloads of the page too, until the returned function is called. */
export async function watchMainBlocks(app: ElectronApplication): Promise<() => Promise<number>> {
  await inMain(app, beginBlockWatch);
  return () => inMain(app, endBlockWatch);
}

/** The most, ms of a processor, that a process with all its threads computes between two turns. */
function beginComputingWatch(): void {
  const used = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let [last, most] = [used(), 0];
  const timer = setInterval(() => {
    const now = used();
    most = Math.max(most, now - last);
    last = now;
  }, 1);
  Object.assign(globalThis, {
    endComputingWatch: () => {
      clearInterval(timer);
      return most;
    },
  });
}

const endComputingWatch = (): number =>
  (globalThis as unknown as { endComputingWatch: () => number }).endComputingWatch();

/** Watches what the main process computes at a time: unlike a delay, it does not grow on a busy computer. */
export async function watchMainComputing(app: ElectronApplication): Promise<() => Promise<number>> {
  await inMain(app, beginComputingWatch);
  return () => inMain(app, endComputingWatch);
}

/**
 * Watches until the returned function is called, which tells the longest blocks. A few milliseconds are
 * always there, in an idle window too.
 */
export async function watchBlocks(
  app: ElectronApplication,
  page: Page,
): Promise<() => Promise<Blocks>> {
  const main = await watchMainBlocks(app);
  await page.evaluate(beginBlockWatch);
  return async () => ({ mainMs: await main(), pageMs: await page.evaluate(endBlockWatch) });
}
