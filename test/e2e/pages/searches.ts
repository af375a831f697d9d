import type { Locator, Page } from 'playwright-core';
import { RunPage } from './run.ts';

/** The list of runs. */
export class SearchesPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<this> {
    await this.#page.getByRole('navigation').getByRole('link', { name: 'Searches' }).click();
    return this;
  }

  row(name: string): Locator {
    return this.#page.getByRole('table', { name: 'Searches' }).getByRole('row').filter({
      hasText: name,
    });
  }

  async openRun(name: string): Promise<RunPage> {
    await this.row(name)
      .getByRole('button', { name: `Open ${name}` })
      .click();
    return new RunPage(this.#page).shown();
  }

  /** Asks for a file; what the dialog answers is stubbed before. */
  async openFile(): Promise<void> {
    await this.#page
      .getByRole('button', { name: /^Open (file…|it…)$/ })
      .first()
      .click();
  }
}
