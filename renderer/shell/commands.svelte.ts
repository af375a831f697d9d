/** Every action that is available now: pages add their own while they are open. */
import { untrack } from 'svelte';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Shortcut as a person reads it. */
  readonly keys?: string;
  /** Left out where another command has the same title. */
  readonly spare?: boolean;
  readonly run: () => void;
}

type Source = () => readonly Command[];

export class CommandStore {
  #sources: readonly Source[] = $state.raw([]);
  #open = $state(false);

  get all(): readonly Command[] {
    const all = this.#sources.flatMap((source) => source());
    const titles = new Set(all.filter(({ spare }) => !spare).map(({ title }) => title));
    return all.filter(({ spare, title }) => !spare || !titles.has(title));
  }

  get paletteOpen(): boolean {
    return this.#open;
  }

  set paletteOpen(open: boolean) {
    this.#open = open;
  }

  /** Returns the function that removes the source. */
  add(source: Source): () => void {
    // Pages add their commands in an effect, which must not depend on what it changes.
    this.#sources = [...untrack(() => this.#sources), source];
    return () => {
      this.#sources = untrack(() => this.#sources).filter((other) => other !== source);
    };
  }
}
