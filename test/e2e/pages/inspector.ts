import type { Locator, Page } from 'playwright-core';

/** What the window tells of the selected candidate. */
export class InspectorPanel {
  readonly panel: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.panel = page.getByRole('complementary', { name: 'Selected candidate' });
  }

  /** Resolves when it shows that candidate, its layers included. */
  async of(name: string): Promise<this> {
    await this.panel.getByRole('heading', { name }).waitFor();
    await this.layers().first().waitFor();
    return this;
  }

  layers(): Locator {
    return this.panel.getByRole('table', { name: /^Layers of/ }).locator('tbody tr');
  }

  async text(): Promise<string> {
    return (await this.panel.textContent()) ?? '';
  }

  async export(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Export…' }).click();
  }
}
