/** A search that measures on a phone, in the real window: adb server and adbd are real, the phone is emulated. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAdbServer, type AdbServer } from '../phone/adb-server.ts';
import { startPhone, type Phone } from '../phone/phone.ts';
import type { LaunchedApp } from './launch.ts';
import { generational, NewSearchPage } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import { PhoneStrip } from './pages/phones.ts';
import type { RunPage } from './pages/run.ts';

/** One story: every step goes on where the one before ended. */
describe.skipIf(process.platform !== 'linux')('a search on a phone', () => {
  let server: AdbServer;
  let phone: Phone;
  let home: Home;
  let launched: LaunchedApp;
  let form: NewSearchPage;
  let run: RunPage;
  let strip: PhoneStrip;
  beforeAll(async () => {
    server = await startAdbServer();
    phone = await startPhone({ server, unplugged: true, serial: 'R58M0E2E002' });
    home = await createHome();
    launched = await home.open({ env: server.env });
  }, 330_000);
  afterAll(async () => {
    await launched?.close();
    await phone?.stop();
    await server?.stop();
    await home?.[Symbol.asyncDispose]();
  });

  it('cannot begin while no phone is there', async () => {
    const { page } = launched;
    form = await new NewSearchPage(page).open();
    await page.getByRole('button', { name: /^More/ }).click();
    await form.fill({
      ...generational,
      ...{ Population: '6', Generations: '1', 'Images in a batch': '4' },
      ...{ 'MACs, at most': '20000000', Latency: 'Measured on a Galaxy S10 over USB' },
    });
    await page.getByText('No phone is plugged in.').waitFor();
    expect(await page.getByRole('button', { name: 'Start search' }).isDisabled()).toBe(true);
  });

  it('begins with one that is too warm, scores, and says what it waits for', async () => {
    const { page } = launched;
    phone.heat(44);
    await phone.plug();
    await page.getByText(/The battery is 44\.0 °C.* The search starts now and measures/).waitFor();
    await page.getByText('How it measures').click();
    await form.fill({
      ...{ 'Warm-up runs': '0', 'Timed runs': '3', 'Repeats, at most': '1' },
      Runner: 'ONNX Runtime with its own libc, CPU',
    });
    run = await form.start();
    strip = new PhoneStrip(page);
    await strip.saying('The battery is 44.0 °C, above 35 °C.', 60_000);
    expect(await strip.text()).toMatch(/Waiting.* of 10 min at most/);
    // A phone takes four together at most: the others were scored meanwhile, and wait for it.
    await expect.poll(() => strip.queue(), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  }, 330_000);

  it('measures once it is cool, and waits for one that was pulled out', async () => {
    phone.cool();
    await strip.saying('Measuring', 90_000);
    await phone.unplug();
    await strip.saying(/is not plugged in/, 90_000);
    expect(await strip.text()).toContain('Away');
    expect(await run.now()).not.toContain('Finished');
    await phone.plug();
    await strip.saying(/Starting the runner|Measuring/, 90_000);
  }, 330_000);

  it('ends with every candidate measured, each with its conditions', async () => {
    await run.waitUntil('Finished', 300_000);
    await strip.gone();
    expect(await run.now()).toMatch(/Failed\s*0/);
    await run.show('All');
    const figures = await run.figures();
    expect(figures.length).toBe(6);
    const inspector = await run.select((await run.names())[0]!);
    const text = await inspector.text();
    expect(text).toContain('SM-G973F');
    expect(text).toContain('unverified on hardware');
  }, 330_000);

  it('measures one of them again on the phone, beside what the run has', async () => {
    const { page } = launched;
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    const repeat = page.getByRole('group', { name: 'Repeat 1' });
    await repeat.waitFor();
    await page.getByRole('button', { name: 'Measure again' }).click();
    await page.getByText(/Now [\d.]+ ms; the run has [\d.]+ ms/).waitFor({ timeout: 240_000 });
    expect(await repeat.count()).toBe(2);
    expect(await repeat.last().textContent()).toMatch(/°C, [\d.]+ GHz, thermal status 0/);
    expect(await launched.problems()).toEqual([]);
  }, 330_000);
});
