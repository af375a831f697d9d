/** Light or dark: follows the system until a person overrides it; the override is remembered. */
import { createContext } from 'svelte';
const key = 'zico.theme';

export type ThemeChoice = 'system' | 'light' | 'dark';

export class ThemeStore {
  #choice: ThemeChoice = $state('system');
  #systemDark = $state(false);

  constructor(storage: Storage, system: MediaQueryList) {
    this.#storage = storage;
    this.#systemDark = system.matches;
    system.addEventListener('change', (event) => (this.#systemDark = event.matches));
    const stored = storage.getItem(key);
    if (stored === 'light' || stored === 'dark') this.#choice = stored;
    this.#apply();
  }
  readonly #storage: Storage;

  get choice(): ThemeChoice {
    return this.#choice;
  }

  get dark(): boolean {
    return this.#choice === 'system' ? this.#systemDark : this.#choice === 'dark';
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    if (choice === 'system') this.#storage.removeItem(key);
    else this.#storage.setItem(key, choice);
    this.#apply();
  }

  toggle(): void {
    this.choose(this.dark ? 'light' : 'dark');
  }

  #apply(): void {
    const root = document.documentElement;
    if (this.#choice === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.#choice;
  }
}

export const [useTheme, provideTheme] = createContext<ThemeStore>();
