/** Phones in the real window: the real adb server and adbd of an emulated Galaxy S10 (test/phone). */
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAdbServer, type AdbServer } from '../phone/adb-server.ts';
import { startPhone, type Phone } from '../phone/phone.ts';
import type { LaunchedApp } from './launch.ts';
import { createHome, type Home } from './pages/open.ts';
import { PhonesPage } from './pages/phones.ts';

/** One story: every step goes on where the one before ended. */
describe.skipIf(process.platform !== 'linux')('a phone', () => {
  let server: AdbServer;
  let phone: Phone;
  let home: Home;
  let launched: LaunchedApp;
  let phones: PhonesPage;
  beforeAll(async () => {
    server = await startAdbServer();
    phone = await startPhone({ server, secure: true, unplugged: true, serial: 'R58M0E2E001' });
    home = await createHome();
    launched = await home.open({ env: server.env });
  }, 180_000);
  afterAll(async () => {
    await launched?.close();
    await phone?.stop();
    await server?.stop();
    await home?.[Symbol.asyncDispose]();
  });

  it('is explained while there is none', async () => {
    phones = await new PhonesPage(launched.page).open();
    await phones.empty().waitFor();
    await launched.page.getByText(/adb [\d.]+, watching/).waitFor();
    expect(await phones.strip().textContent()).toContain('No phone');
  });

  it('appears when it is plugged in, and says what to tap', async () => {
    await phone.plug();
    await phones.phone(phone.address).getByText('Waiting for your permission').waitFor();
    await launched.page.getByText('Allow USB debugging on the phone').waitFor();
    expect(await phones.strip().textContent()).toContain('1 waiting for you');
  });

  it('shows what it is and how it does once it is allowed', async () => {
    await phone.authorise();
    const panel = phones.phone('Galaxy S10');
    await panel.getByText('29.5 °C').waitFor();
    const text = (await panel.textContent()) ?? '';
    expect(text).toContain(`SM-G973F, ${phone.address}, Exynos 9820, Android`);
    expect(text).toMatch(/Battery temperature\s*29\.5 °C/);
    expect(text).toMatch(/Screen\s*on/);
    expect(text).toMatch(/Big\s*used\s*2 cores\s*2\.73 GHz/);
    expect(text).toMatch(/Little\s*4 cores\s*1\.95 GHz/);
  });

  it('proves a runner on first contact', async () => {
    await phones.check('Galaxy S10');
    const text = (await phones.phone('Galaxy S10').textContent()) ?? '';
    expect(text).toMatch(
      /onnxruntime [\d.]+ on cpu, float32\s*unverified on hardware\s*correct output/,
    );
    // Its libc is not the one of Android: the runner for that has to fail here, and says how.
    expect(text).toMatch(/ort-android-cpu: .+refused/s);
  }, 150_000);

  it('follows its temperature, and is not measured on while it is too warm', async () => {
    phone.heat(44);
    await phones.phone('Galaxy S10').getByText('Too warm').waitFor({ timeout: 10_000 });
    phone.cool();
    await phones
      .phone('Galaxy S10')
      .getByText('Ready', { exact: true })
      .waitFor({ timeout: 10_000 });
  });

  it('takes no window down when the process that speaks to it dies', async () => {
    const killed = await launched.app.evaluate(({ app }) => {
      const own = app.getAppMetrics().filter(({ serviceName, name }) => {
        return `${serviceName ?? ''} ${name ?? ''}`.includes('ZiCo phone');
      });
      for (const { pid } of own) process.kill(pid, 'SIGKILL');
      return own.length;
    });
    expect(killed).toBeGreaterThanOrEqual(2); // one follows the phones, one speaks to this one
    phone.heat(33);
    await phones.phone('Galaxy S10').getByText('33.0 °C').waitFor({ timeout: 15_000 });
    phone.cool();
  });

  it('outlives the adb server', async () => {
    await server.kill();
    await phones.empty().waitFor({ timeout: 15_000 });
    await expect.poll(() => phone.plug(), { timeout: 30_000, interval: 500 }).toBe('device');
    await phones.phone('Galaxy S10').getByText('29.5 °C').waitFor({ timeout: 15_000 });
  });

  it('is gone when it is pulled, and known when it comes back', async () => {
    await phone.unplug();
    await phones.empty().waitFor();
    await phone.plug();
    await phones.phone('Galaxy S10').getByText('Runner checked').waitFor();
  });

  it('is known at the next start, without anybody looking', async () => {
    await launched.close();
    launched = await home.open({ env: server.env });
    phones = new PhonesPage(launched.page);
    await launched.page.getByRole('button', { name: '1 phone: 1 ready' }).click();
    await phones.phone('Galaxy S10').getByText('Ready', { exact: true }).waitFor();
  });

  it('stands on a page in which axe finds nothing serious', async () => {
    const { page } = launched;
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { axe: run } = window as unknown as { axe: typeof axe };
      const { violations } = await run.run();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(found).toEqual([]);
    expect(await launched.problems()).toEqual([]);
  });
});
