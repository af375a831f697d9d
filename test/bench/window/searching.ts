/** The longest time that the main process and the page were deaf during a search, beside an idle window's. */
import { setTimeout as wait } from 'node:timers/promises';
import { watchBlocks, type Blocks } from '../../e2e/blocks.ts';
import { NewSearchPage } from '../../e2e/pages/new-search.ts';
import { createHome } from '../../e2e/pages/open.ts';

const seconds = 30;
/** As many candidates as a default search scores in that time, with the default batches. */
const search = { Name: 'Bench', Population: '20', Generations: '10' };

async function idle(): Promise<Blocks> {
  await using home = await createHome();
  await using launched = await home.open();
  const form = await new NewSearchPage(launched.page).open();
  await form.fill(search);
  const blocks = await watchBlocks(launched.app, launched.page);
  await wait(seconds * 1000);
  return await blocks();
}

async function searching(): Promise<Blocks & { candidates: number }> {
  await using home = await createHome();
  await using launched = await home.open();
  const form = await new NewSearchPage(launched.page).open();
  await form.fill(search);
  const blocks = await watchBlocks(launched.app, launched.page);
  const run = await form.start();
  await run.show('All');
  await wait(seconds * 1000);
  const measured = await blocks();
  return { ...measured, candidates: await run.rows().count() };
}

export async function duringASearch(): Promise<void> {
  const quiet = await idle();
  const busy = await searching();
  const row = (name: string, { mainMs, pageMs }: Blocks): string =>
    `window ${name}: longest block main ${mainMs.toFixed(1)} ms, page ${pageMs.toFixed(1)} ms`;
  console.log(`${row('idle', quiet)} (${seconds} s)`);
  console.log(`${row('searching', busy)} (${seconds} s, ${busy.candidates} candidates shown)`);
  const beyond = { mainMs: busy.mainMs - quiet.mainMs, pageMs: busy.pageMs - quiet.pageMs };
  console.log(`${row('beyond idle', beyond)}; the aim is at most 50 ms each`);
}
