/**
 * What every page is part of: the bridge to the main side, messages, the current place, and what applies to the
 * whole window.
 */
import { createContext } from 'svelte';
import type { Bridge } from '../../preload/contract.ts';
import { ThemeStore } from '../ground/theme.svelte.ts';
import { UndoStore } from '../ground/undo.svelte.ts';
import { CommandStore } from './commands.svelte.ts';
import { ErrandStore } from '../ground/errands.svelte.ts';
import { DialogStore } from './dialogs.svelte.ts';
import { AppStore } from './app.svelte.ts';
import { LayoutStore } from './layout.svelte.ts';
import { NoticeStore, type NoticeCause } from './notices.svelte.ts';
import { PreferencesStore } from './preferences.svelte.ts';
import { hashOf, RouterStore, type Route } from './router.svelte.ts';

/** A page, or a run with all that belongs to it. */
const placeOf = (route: Route): string =>
  route.page === 'run' ? `run/${route.run}` : hashOf(route);

export class Shell {
  readonly bridge: Bridge;
  readonly notices: NoticeStore;
  readonly undo: UndoStore;
  readonly commands = new CommandStore();
  readonly dialogs = new DialogStore();
  readonly errands = new ErrandStore();
  readonly theme: ThemeStore;
  readonly router: RouterStore;
  readonly app: AppStore;
  readonly preferences: PreferencesStore;
  readonly layout: LayoutStore;

  constructor(bridge: Bridge, host: Window) {
    this.bridge = bridge;
    this.theme = new ThemeStore(host.localStorage, host.matchMedia('(prefers-color-scheme: dark)'));
    this.router = new RouterStore(host);
    this.notices = new NoticeStore(() => placeOf(this.router.route));
    this.undo = new UndoStore((action) => this.attempt(action));
    this.app = new AppStore(bridge);
    this.preferences = new PreferencesStore(bridge, this.fail);
    this.layout = new LayoutStore(bridge, this.fail);
  }

  readonly fail = (error: unknown): void => this.notices.fail(error);

  /**
   * Runs an action and shows what went wrong; returns whether it succeeded. If so, messages of earlier actions
   * of this page are removed.
   * @param cause of which only the latest message remains
   */
  readonly attempt = async (
    action: () => Promise<unknown>,
    cause: NoticeCause | null = null,
  ): Promise<boolean> => {
    try {
      await action();
      this.notices.settled();
      return true;
    } catch (error) {
      this.notices.fail(error, cause);
      return false;
    }
  };
}

export const [useShell, provideShell] = createContext<Shell>();
