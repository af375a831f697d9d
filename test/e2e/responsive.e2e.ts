import { describe, expect, it } from 'vitest';
import { watchBlocks } from './blocks.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { createHome } from './pages/open.ts';

/** `npm run bench -- window` prints the figures; a test machine under load only promises this much. */
const longestMs = 500;

describe('during a search', () => {
  it('neither the main process nor the page is ever deaf for half a second', async () => {
    await using home = await createHome();
    await using launched = await home.open();
    const form = await new NewSearchPage(launched.page).open();
    await form.fill({ ...smallSearch, Name: 'Watched' });
    const blocks = await watchBlocks(launched.app, launched.page);
    const run = await form.start();
    await run.waitUntil('Finished', 120_000);
    const { mainMs, pageMs } = await blocks();
    expect(mainMs).toBeGreaterThan(0); // the watch was awake
    expect(pageMs).toBeGreaterThan(0);
    expect(mainMs).toBeLessThan(longestMs);
    expect(pageMs).toBeLessThan(longestMs);
  }, 150_000);
});
