/**
 * The longest time that the main process and the page were deaf during a guided search, beside an idle window's; and
 * what the main process computed at a time, which other programs hardly move.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { watchBlocks, watchMainComputing, type Blocks } from '../../e2e/blocks.ts';
import { NewSearchPage } from '../../e2e/pages/new-search.ts';
import { createHome } from '../../e2e/pages/open.ts';

const seconds = 30;
/** As the form has it, and more candidates than are scored in that time. */
const search = { Name: 'Bench', 'Candidates, at most': '1000' };

interface Measured extends Blocks {
  /** The most that the main process, with all its threads, computed between two turns, milliseconds of a processor. */
  readonly computingMs: number;
}

async function idle(): Promise<Measured> {
  await using home = await createHome();
  await using launched = await home.open();
  const form = await new NewSearchPage(launched.page).open();
  await form.fill(search);
  const blocks = await watchBlocks(launched.app, launched.page);
  const computing = await watchMainComputing(launched.app);
  await wait(seconds * 1000);
  return { computingMs: await computing(), ...(await blocks()) };
}

async function searching(): Promise<Measured & { candidates: number }> {
  await using home = await createHome();
  await using launched = await home.open();
  const form = await new NewSearchPage(launched.page).open();
  await form.fill(search);
  const blocks = await watchBlocks(launched.app, launched.page);
  const run = await form.start();
  await run.show('All');
  // Starting apart: what follows is scoring and proposing.
  const starting = await blocks();
  console.log(`window starting a search: longest block main ${starting.mainMs.toFixed(1)} ms`);
  const scoring = await watchBlocks(launched.app, launched.page);
  const computing = await watchMainComputing(launched.app);
  await wait(seconds * 1000);
  const measured = { computingMs: await computing(), ...(await scoring()) };
  return { ...measured, candidates: await run.rows().count() };
}

export async function duringASearch(): Promise<void> {
  const quiet = await idle();
  const busy = await searching();
  const row = (name: string, { mainMs, pageMs, computingMs }: Measured): string =>
    `window ${name}: longest block main ${mainMs.toFixed(1)} ms (computing at most ${computingMs.toFixed(1)} ms), page ${pageMs.toFixed(1)} ms`;
  console.log(`${row('idle', quiet)} (${seconds} s)`);
  console.log(`${row('searching', busy)} (${seconds} s, ${busy.candidates} candidates shown)`);
  const beyond = busy.mainMs - quiet.mainMs;
  const page = busy.pageMs - quiet.pageMs;
  console.log(
    `window searching beyond idle: main ${beyond.toFixed(1)} ms, page ${page.toFixed(1)} ms; the aim is at most 50 ms each`,
  );
}
