/** Actions for a run from anywhere in the window; failures are shown where all messages are. */
import { createContext } from 'svelte';
import type { RunSummary, SearchSettings } from '../../preload/contract.ts';
import { runTitle } from '../ground/words/format.ts';
import type { Shell } from '../shell/shell.svelte.ts';
import type { RunsStore } from './runs.svelte.ts';
import { runsText, welcomeText } from './text.ts';

export interface Template {
  readonly name: string;
  readonly settings: SearchSettings;
}

export const isRunFile = (name: string): boolean => /\.zico$/i.test(name);

export class RunActions {
  readonly #shell: Shell;
  readonly #runs: RunsStore;
  #template: Template | null = null;

  constructor(shell: Shell, runs: RunsStore) {
    this.#shell = shell;
    this.#runs = runs;
  }

  /** Settings that the next form of a new search starts from; null for the defaults. */
  get template(): Template | null {
    return this.#template;
  }

  /** Opens the form with the settings of a run, to start another like it. */
  duplicate({ name, settings }: RunSummary): void {
    this.#template = { name: runsText.copyName(runTitle(name)), settings };
    this.#shell.router.go({ page: 'new' });
  }

  /** The form was left, so the next one starts from the defaults again. */
  forgetTemplate(): void {
    this.#template = null;
  }

  open(run: string): void {
    this.#shell.router.go({ page: 'run', run });
  }

  async openFile(): Promise<void> {
    await this.#shell.attempt(async () => {
      const run = await this.#runs.chooseFile();
      if (run !== null) this.open(run);
    });
  }

  /** Shows the run whose file the system passed to this app, if it did. */
  async openHandedOver(): Promise<void> {
    await this.#shell.attempt(async () => {
      const run = await this.#runs.opened();
      if (run !== null) this.open(run);
    });
  }

  /** Files dropped where no page asks for any: runs are opened, other files are ignored. */
  async drop(files: readonly File[]): Promise<void> {
    const { notices, bridge } = this.#shell;
    const runs = files.filter(({ name }) => isRunFile(name));
    if (runs.length === 0) return notices.show(runsText.notARun(files[0]?.name ?? ''));
    const answer = await bridge.drop(runs);
    if (!answer.ok) notices.show(answer.error);
  }

  async startDemo(): Promise<void> {
    const settings = this.#shell.app.description?.defaultSettings;
    if (!settings) return;
    await this.#shell.attempt(async () =>
      this.open(await this.#runs.start(welcomeText.demoName, settings)),
    );
  }

  async resume(run: string): Promise<void> {
    if (await this.#shell.attempt(() => this.#runs.resume(run))) this.open(run);
  }

  /** A finished search, with so many more candidates. */
  async goOnWith(run: string, more: number): Promise<void> {
    if (await this.#shell.attempt(() => this.#runs.goOnWith(run, more))) this.open(run);
  }

  /** Front, chosen ones, notes, settings and conditions as a page, where the person says. */
  async saveReport(run: string): Promise<void> {
    await this.#shell.attempt(() => this.#runs.saveReport(run));
  }

  async saveWithoutNotes(run: string): Promise<void> {
    await this.#shell.attempt(() => this.#runs.saveWithoutNotes(run));
  }

  async pause(run: string): Promise<void> {
    await this.#shell.attempt(() => this.#runs.pause(run));
  }

  async stop(run: string): Promise<void> {
    await this.#shell.attempt(() => this.#runs.stop(run));
  }
}

export const [useRunActions, provideRunActions] = createContext<RunActions>();
