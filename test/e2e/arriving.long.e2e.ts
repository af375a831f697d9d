/** New candidates of a real search appear at once, and never move what a person looks at. */
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchArrivals, type Arrivals } from './arrivals.ts';
import type { LaunchedApp } from './launch.ts';
import { ChartArea } from './pages/chart.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import type { RunPage } from './pages/run.ts';

/** From the commit in the run file to the frame that shows it. */
const withinMs = 250;
/** A machine that does other things as well may hold a frame back now and then. */
const mostLater = 2;
const candidates = 40;

describe('while candidates arrive', () => {
  let home: Home;
  let launched: LaunchedApp;
  let page: Page;
  let run: RunPage;
  let arrivals: Arrivals;
  beforeAll(async () => {
    home = await createHome();
    launched = await home.open();
    ({ page } = launched);
    const libsql = createRequire(import.meta.url).resolve('libsql');
    arrivals = await watchArrivals(launched.app, page, libsql);
    const form = await new NewSearchPage(page).open();
    await form.fill({ ...smallSearch, Population: '10', Generations: '4', Name: 'Arriving' });
    run = await form.start();
    await run.show('All');
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const arrived = async (): Promise<number> => (await arrivals.delaysMs()).length;

  it('zoom, selection, sorting, scroll and what is hovered stay', async () => {
    // More than the table has room for, so that it can be scrolled.
    await expect.poll(arrived, { timeout: 240_000 }).toBeGreaterThanOrEqual(14);
    await page.getByRole('button', { name: /^Candidate/ }).click(); // by number: new ones come last
    await run.select('c-0003');
    const chart = new ChartArea(page);
    await chart.zoom(3);
    const scroller = run.table.locator('..');
    await scroller.evaluate((element) => element.scrollTo({ top: 31 }));
    await chart.hoverAnyPoint();
    const look = async () => ({
      zoom: await chart.axes(),
      hovered: await chart.card.textContent(),
      selected: await run.inspector.panel.getByRole('heading', { level: 2 }).textContent(),
      scrolled: await scroller.evaluate((element) => element.scrollTop),
      sorted: await run.table.locator('th[aria-sort]').textContent(),
    });
    const before = { count: await arrived(), ...(await look()) };
    expect(before).toMatchObject({ scrolled: 31, selected: 'c-0003' });
    expect(before.count).toBeLessThan(candidates - 8); // enough are still to come
    await expect.poll(arrived, { timeout: 60_000 }).toBeGreaterThanOrEqual(before.count + 8);
    expect({ count: before.count, ...(await look()) }).toEqual(before);
    // The axes would have told: another zoom draws others.
    await chart.zoom(1);
    expect(await chart.axes()).not.toBe(before.zoom);
  }, 330_000);

  it(`they are in the page within ${withinMs} ms of being stored`, async () => {
    await run.waitUntil('Finished', 300_000);
    const delays = (await arrivals.delaysMs()).sort((a, b) => a - b);
    expect(delays).toHaveLength(candidates);
    const median = delays[candidates / 2];
    console.log(`stored to shown: median ${median} ms, longest ${delays.at(-1)} ms`);
    expect(delays[0]).toBeGreaterThanOrEqual(0); // both ends tell of the same candidate
    expect(delays.filter((delay) => delay > withinMs).length).toBeLessThanOrEqual(mostLater);
    expect(await launched.problems()).toEqual([]);
  }, 330_000);
});
