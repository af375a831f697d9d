/** Actions for a run from anywhere in the window; failures are shown where all messages are. */
import { createContext } from 'svelte';
import { mostTags } from '../../main/common/notes.ts';
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

/** What the page remembers of a run, such as pins and axes, goes with its name. */
function movePageMemory(storage: Storage, from: string, to: string): void {
  for (const key of Object.keys(storage)) {
    if (!key.endsWith(`.${from}`)) continue;
    const value = storage.getItem(key);
    storage.removeItem(key);
    if (value !== null) storage.setItem(`${key.slice(0, -from.length)}${to}`, value);
  }
}

export class RunActions {
  readonly #shell: Shell;
  readonly #runs: RunsStore;
  readonly #renamed: (from: string, to: string) => void;
  #template: Template | null = null;

  /** @param renamed told of a run that goes by another name, for what else is kept by it */
  constructor(
    shell: Shell,
    runs: RunsStore,
    renamed: (from: string, to: string) => void = () => undefined,
  ) {
    this.#shell = shell;
    this.#runs = runs;
    this.#renamed = renamed;
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

  /** Shows a sweep, or the whole queue. */
  openQueue(sweep: string | null): void {
    this.#shell.router.go(sweep === null ? { page: 'queue' } : { page: 'sweep', sweep });
  }

  async openRecent(run: string): Promise<void> {
    await this.#shell.attempt(async () => this.open(await this.#runs.openRecent(run)));
  }

  /** Undoing is offered for a while; after that the files are in the system's trash. */
  async trash(runs: readonly RunSummary[]): Promise<void> {
    const ids = runs.map(({ run }) => run);
    const [first] = runs;
    if (first === undefined) return;
    if (!(await this.#shell.attempt(() => this.#runs.trash(ids)))) return;
    this.#shell.undo.did({
      done:
        runs.length === 1
          ? runsText.trashed(runTitle(first.name))
          : runsText.trashedAll(ids.length),
      undo: () => this.#runs.restore(ids),
      brief: true,
    });
  }

  async tag(run: RunSummary, tags: readonly string[]): Promise<boolean> {
    return this.#tagged([run], () => tags);
  }

  /** Adds tags to those that the runs have; a run takes no more than it can. */
  async addTags(runs: readonly RunSummary[], tags: readonly string[]): Promise<boolean> {
    return this.#tagged(runs, ({ tags: own }) =>
      [...new Set([...own, ...tags])].slice(0, mostTags),
    );
  }

  async #tagged(
    runs: readonly RunSummary[],
    tagsOf: (run: RunSummary) => readonly string[],
  ): Promise<boolean> {
    const done: RunSummary[] = [];
    const all = await this.#shell.attempt(async () => {
      for (const run of runs) {
        await this.#runs.tag(run.run, tagsOf(run));
        done.push(run);
      }
    });
    if (done.length === 0) return all;
    this.#shell.undo.did({
      done:
        done.length === 1
          ? runsText.tagged(runTitle(done[0]!.name))
          : runsText.taggedAll(done.length),
      undo: async () => {
        for (const { run, tags } of done) await this.#runs.tag(run, tags);
      },
    });
    return all;
  }

  /** Returns what the run is called from then on; null where it could not be renamed. */
  async rename({ run, name }: RunSummary, to: string): Promise<string | null> {
    let renamed = run;
    const done = await this.#shell.attempt(async () => {
      renamed = await this.#runs.rename(run, to);
    });
    if (!done) return null;
    if (renamed === run) return run;
    this.#follow(run, renamed);
    this.#shell.undo.did({
      done: runsText.renamed(runTitle(name), to),
      undo: async () => {
        const back = await this.#runs.rename(renamed, runTitle(name));
        this.#follow(renamed, back);
      },
    });
    return renamed;
  }

  /** Whatever goes by the name of a run goes by the new one, its page as well. */
  #follow(from: string, to: string): void {
    movePageMemory(window.localStorage, from, to);
    this.#renamed(from, to);
    const { router } = this.#shell;
    if (router.route.page === 'run' && router.route.run === from) {
      router.go({ ...router.route, run: to });
    }
  }

  async reveal(run: string): Promise<void> {
    await this.#shell.attempt(() => this.#runs.reveal(run));
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
