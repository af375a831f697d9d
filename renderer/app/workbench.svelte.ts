/** Composition root of the window: the stores that live as long as it does. */
import { getContext, setContext } from 'svelte';
import type { Bridge, EventPayload, RunSummary, SearchSettings } from '../../preload/contract.ts';
import { runTitle } from '../ground/words/format.ts';
import { text } from '../text.ts';
import { runsText } from '../runs/text.ts';
import { AgainStore } from '../candidate/again.svelte.ts';
import { AppStore } from '../shell/description.svelte.ts';
import { BenchmarksStore } from '../benchmarks/benchmarks.svelte.ts';
import { CommandStore } from '../shell/commands.svelte.ts';
import { LoadStore } from './load.svelte.ts';
import { ModelsStore } from '../score/models.svelte.ts';
import { NoticeStore } from '../shell/notices.svelte.ts';
import { PhonesStore } from '../phones/phones.svelte.ts';
import { LayoutStore } from '../shell/layout.svelte.ts';
import { PreferencesStore } from '../shell/preferences.svelte.ts';
import { RouterStore } from '../shell/router.svelte.ts';
import { RunsStore } from '../runs/runs.svelte.ts';
import { SpacesStore } from '../spaces/spaces.svelte.ts';
import { TrendStore } from '../runs/trends.svelte.ts';
import { ThemeStore } from '../shell/theme.svelte.ts';

const key = Symbol('workbench');

export interface Template {
  readonly name: string;
  readonly settings: SearchSettings;
}

export class Workbench {
  readonly bridge: Bridge;
  readonly notices = new NoticeStore();
  readonly commands = new CommandStore();
  readonly theme: ThemeStore;
  readonly router: RouterStore;
  readonly app: AppStore;
  readonly runs: RunsStore;
  readonly models: ModelsStore;
  readonly preferences: PreferencesStore;
  readonly layout: LayoutStore;
  readonly benchmarks: BenchmarksStore;
  readonly spaces: SpacesStore;
  readonly again: AgainStore;
  readonly engineLoad: LoadStore;
  readonly trends: TrendStore;
  readonly phones: PhonesStore;

  constructor(bridge: Bridge, host: Window = window) {
    this.bridge = bridge;
    this.theme = new ThemeStore(host.localStorage, host.matchMedia('(prefers-color-scheme: dark)'));
    this.router = new RouterStore(host);
    this.app = new AppStore(bridge);
    this.runs = new RunsStore(bridge, this.fail);
    this.models = new ModelsStore(bridge, this.fail);
    this.preferences = new PreferencesStore(bridge, this.fail);
    this.layout = new LayoutStore(bridge, this.fail);
    bridge.on('files.opened', () => void this.#opened());
    this.benchmarks = new BenchmarksStore(bridge, this.fail);
    this.trends = new TrendStore(bridge);
    this.engineLoad = new LoadStore(bridge);
    this.again = new AgainStore(bridge, this.fail);
    this.spaces = new SpacesStore(bridge, host.localStorage, this.fail);
    this.phones = new PhonesStore(bridge, this.fail);
    bridge.on('menu.command', ({ command }) => this.#menu(command));
  }

  readonly fail = (error: unknown): void => this.notices.fail(error);

  async load(): Promise<void> {
    await Promise.all([
      this.app.load().catch(this.fail),
      this.runs.refresh(),
      this.layout.load(),
      this.phones.refresh(),
    ]);
    await this.#opened();
  }

  /** Shows the run whose file the system handed to this app, if it did. */
  async #opened(): Promise<void> {
    await this.attempt(async () => {
      const run = await this.runs.opened();
      if (run !== null) this.openRun(run);
    });
  }

  /** Runs an action and shows what went wrong with it; answers whether it went well. */
  async attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  /** Settings that the next form of a new search starts from; null for the defaults. */
  get template(): Template | null {
    return this.#template;
  }
  #template: Template | null = null;

  /** Opens the form with the settings of a run, to start another like it. */
  duplicate({ name, settings }: RunSummary): void {
    this.#template = { name: runsText.copyName(runTitle(name)), settings };
    this.router.go({ page: 'new' });
  }

  /** The form has been left: the next one starts from the defaults again. */
  forgetTemplate(): void {
    this.#template = null;
  }

  openRun(run: string): void {
    this.router.go({ page: 'run', run });
  }

  async openFile(): Promise<void> {
    await this.attempt(async () => {
      const run = await this.runs.chooseFile();
      if (run !== null) this.openRun(run);
    });
  }

  /** Files dropped where no page asks for any: runs are opened, and nothing else is. */
  async drop(files: readonly File[]): Promise<void> {
    const runs = files.filter(({ name }) => /\.zico$/i.test(name));
    if (runs.length === 0) return this.notices.show(runsText.notARun(files[0]?.name ?? ''));
    const answer = await this.bridge.drop(runs);
    if (!answer.ok) this.notices.show(answer.error);
  }

  async startDemo(): Promise<void> {
    const settings = this.app.description?.defaultSettings;
    if (!settings) return;
    await this.attempt(async () =>
      this.openRun(await this.runs.start(text.welcome.demoName, settings)),
    );
  }

  async resume(run: string): Promise<void> {
    if (await this.attempt(() => this.runs.resume(run))) this.openRun(run);
  }

  async pause(run: string): Promise<void> {
    await this.attempt(() => this.runs.pause(run));
  }

  async stop(run: string): Promise<void> {
    await this.attempt(() => this.runs.stop(run));
  }

  #menu(command: EventPayload<'menu.command'>['command']): void {
    switch (command) {
      case 'new-search':
        return this.router.go({ page: 'new' });
      case 'open-run':
        return void this.openFile();
      case 'runs':
        return this.router.go({ page: 'searches' });
      case 'settings':
        return this.router.go({ page: 'settings' });
      case 'palette':
        this.commands.paletteOpen = true;
    }
  }
}

export function provideWorkbench(workbench: Workbench): void {
  setContext(key, workbench);
}

export function useWorkbench(): Workbench {
  return getContext<Workbench>(key);
}
