/** Composition root of the window: the stores that live as long as it does. */
import { getContext, setContext } from 'svelte';
import type { Bridge } from '../../preload/contract.ts';
import { text } from '../text.ts';
import { AppStore } from './app.svelte.ts';
import { CommandStore } from './commands.svelte.ts';
import { ModelsStore } from './models.svelte.ts';
import { NoticeStore } from './notices.svelte.ts';
import { RouterStore } from './router.svelte.ts';
import { RunsStore } from './runs.svelte.ts';
import { SpacesStore } from './spaces.svelte.ts';
import { ThemeStore } from './theme.svelte.ts';

const key = Symbol('workbench');

export class Workbench {
  readonly bridge: Bridge;
  readonly notices = new NoticeStore();
  readonly commands = new CommandStore();
  readonly theme: ThemeStore;
  readonly router: RouterStore;
  readonly app: AppStore;
  readonly runs: RunsStore;
  readonly models: ModelsStore;
  readonly spaces: SpacesStore;

  constructor(bridge: Bridge, host: Window = window) {
    this.bridge = bridge;
    this.theme = new ThemeStore(host.localStorage, host.matchMedia('(prefers-color-scheme: dark)'));
    this.router = new RouterStore(host);
    this.app = new AppStore(bridge);
    this.runs = new RunsStore(bridge, this.fail);
    this.models = new ModelsStore(bridge, this.fail);
    this.spaces = new SpacesStore(bridge, host.localStorage, this.fail);
    bridge.on('menu.command', ({ command }) => this.#menu(command));
  }

  readonly fail = (error: unknown): void => this.notices.fail(error);

  async load(): Promise<void> {
    await Promise.all([this.app.load().catch(this.fail), this.runs.refresh()]);
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

  openRun(run: string): void {
    this.router.go({ page: 'run', run });
  }

  async openFile(): Promise<void> {
    await this.attempt(async () => {
      const run = await this.runs.chooseFile();
      if (run !== null) this.openRun(run);
    });
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

  async stop(run: string): Promise<void> {
    await this.attempt(() => this.runs.stop(run));
  }

  #menu(command: 'new-search' | 'open-run' | 'runs' | 'palette'): void {
    switch (command) {
      case 'new-search':
        return this.router.go({ page: 'new' });
      case 'open-run':
        return void this.openFile();
      case 'runs':
        return this.router.go({ page: 'searches' });
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
