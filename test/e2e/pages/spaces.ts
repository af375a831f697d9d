import type { Locator, Page } from 'playwright-core';

/** The list of spaces, and the editor of one. */
export class SpacesPage {
  readonly table: Locator;
  readonly json: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('table', { name: 'Search spaces' });
    this.json = page.getByRole('textbox', { name: 'Description as JSON' });
  }

  async open(): Promise<this> {
    await this.#page.getByRole('navigation').getByRole('link', { name: 'Spaces' }).click();
    await this.table.waitFor();
    return this;
  }

  async select(name: string): Promise<void> {
    await this.table.getByRole('button', { name: new RegExp(`^Show ${name}:`) }).click();
  }

  /** Of the space that is selected, or of the page. */
  async press(name: string): Promise<void> {
    await this.#page.getByRole('button', { name, exact: true }).click();
  }

  field(name: string): Locator {
    return this.#page.getByRole('textbox', { name, exact: true });
  }

  /** Resolves when the preview says so. */
  async says(text: string): Promise<void> {
    await this.#page.getByText(text, { exact: true }).waitFor({ timeout: 60_000 });
  }

  /** Of the stage: what is wrong with it. */
  faultOf(stage: number): Locator {
    return this.#page.getByRole('group', { name: `Stage ${stage}` }).getByRole('alert');
  }

  async drawn(): Promise<string | null> {
    return this.#page.getByRole('list', { name: /^The network / }).getAttribute('aria-label');
  }
}
