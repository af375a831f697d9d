import type { Locator, Page } from 'playwright-core';

/** The page of phones. */
export class PhonesPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<this> {
    await this.#page.getByRole('navigation').getByRole('link', { name: 'Phones' }).click();
    return this;
  }

  /** The panel of a phone, by its name or adb's name of it. */
  phone(name: string): Locator {
    return this.#page.locator('section.phone').filter({ hasText: name });
  }

  /** What the status bar says of phones. */
  strip(): Locator {
    return this.#page.getByRole('contentinfo').getByRole('button', { name: /phone/i });
  }

  empty(): Locator {
    return this.#page.getByRole('heading', { name: 'Connect a phone' });
  }

  /** Runs the self-test and waits until a runner is proven. */
  async check(name: string, timeout = 120_000): Promise<void> {
    await this.phone(name).getByRole('button', { name: 'Check this phone' }).click();
    await this.phone(name).getByRole('button', { name: 'Check again' }).waitFor({ timeout });
  }
}

/** What the page of a running search says of its phones. */
export class PhoneStrip {
  readonly #region: Locator;

  constructor(page: Page) {
    this.#region = page.getByRole('region', { name: 'Phones of this search' });
  }

  async saying(text: string | RegExp, timeout: number): Promise<void> {
    await this.#region.getByText(text).first().waitFor({ timeout });
  }

  async text(): Promise<string> {
    return (await this.#region.textContent()) ?? '';
  }

  async queue(): Promise<number> {
    return Number(/Queue\s*(\d+)/.exec(await this.text())?.[1]);
  }

  async gone(): Promise<void> {
    await this.#region.waitFor({ state: 'detached' });
  }
}
