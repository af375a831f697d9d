import type { Page } from 'playwright-core';
import { RunPage } from './run.ts';

/** Fields of the form by their labels. */
export type SearchForm = Readonly<Record<string, string>>;

/** By whole generations. */
export const generational: SearchForm = { 'Networks are chosen': 'NSGA-II' };

/** Finishes within seconds on any computer, and is a whole search all the same: two generations. */
export const smallSearch: SearchForm = {
  ...generational,
  Latency: 'Measured on this computer',
  Population: '4',
  Generations: '2',
  'Images in a batch': '16',
};

/** The form of a new search. */
export class NewSearchPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<this> {
    await this.#page.getByRole('navigation').getByRole('link', { name: 'New search' }).click();
    return this;
  }

  async fill(fields: SearchForm): Promise<this> {
    for (const [label, value] of Object.entries(fields)) {
      const field = this.#page.getByLabel(label, { exact: true });
      const choice = (await field.evaluate((element) => element.tagName)) === 'SELECT';
      await (choice ? field.selectOption({ label: value }) : field.fill(value));
    }
    return this;
  }

  async start(): Promise<RunPage> {
    await this.#page.getByRole('button', { name: 'Start search' }).click();
    // Starting opens the images and the space first, which a busy computer takes its time for.
    return new RunPage(this.#page).shown(120_000);
  }
}
