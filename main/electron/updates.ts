/**
 * Newer versions, by electron-updater. A package knows where to find them only if it was built with an address
 * for them; any other copy says that it cannot update itself, and asks nobody. A downloaded version is
 * installed when the app is closed, never during a search.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { AppUpdater } from 'electron-updater';
import type { UpdateState } from '../../preload/contract.ts';

const dayMs = 86_400_000;

export interface UpdatesOptions {
  /** Folder in which a package keeps the address, as app-update.yml. */
  readonly resources: string;
  readonly packaged: boolean;
  readonly wanted: () => boolean;
  readonly changed: () => void;
  /** Loaded only when needed, which most starts do not. */
  readonly loadUpdater: () => Promise<AppUpdater>;
}

export class Updates {
  readonly #options: UpdatesOptions;
  #state: UpdateState;
  #updater: Promise<AppUpdater> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    const possible = options.packaged && existsSync(path.join(options.resources, 'app-update.yml'));
    this.#state = possible ? { state: 'idle', checkedAt: null } : { state: 'unavailable' };
  }

  get state(): UpdateState {
    return this.#state;
  }

  /** Asks now and then once a day, as long as the person wants it. */
  begin(): void {
    if (this.#state.state === 'unavailable') return;
    const ask = (): void => void (this.#options.wanted() && this.check());
    ask();
    this.#timer = setInterval(ask, dayMs);
    this.#timer.unref();
  }

  /** Resolves when it is known whether there is a newer version; its download continues in the background. */
  async check(): Promise<UpdateState> {
    const busy = ['unavailable', 'checking', 'downloading', 'ready'];
    if (busy.includes(this.#state.state)) return this.#state;
    this.#become({ state: 'checking' });
    try {
      const updater = await (this.#updater ??= this.#prepare());
      const found = await updater.checkForUpdates();
      if (this.#state.state === 'checking') {
        if (found) this.#become({ state: 'idle', checkedAt: new Date().toISOString() });
        // The updater returns null where this kind of installation cannot update itself.
        else this.#become({ state: 'unavailable' });
      }
    } catch (error) {
      this.#failed(error);
    }
    return this.#state;
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  async #prepare(): Promise<AppUpdater> {
    const updater = await this.#options.loadUpdater();
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = true;
    updater.logger = null;
    updater.on('update-available', ({ version }) =>
      this.#become({ state: 'downloading', version, percent: 0 }),
    );
    updater.on('download-progress', ({ percent }) => {
      if (this.#state.state !== 'downloading') return;
      const whole = Math.floor(percent);
      if (whole !== this.#state.percent) this.#become({ ...this.#state, percent: whole });
    });
    updater.on('update-downloaded', ({ version }) => this.#become({ state: 'ready', version }));
    updater.on('error', (error) => this.#failed(error));
    return updater;
  }

  #failed(error: unknown): void {
    // Only the first line, because the updater adds whole server responses to its messages.
    const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    this.#become({ state: 'failed', message });
  }

  #become(state: UpdateState): void {
    this.#state = state;
    this.#options.changed();
  }
}
