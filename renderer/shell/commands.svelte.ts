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
/** Commands that follow from what is typed: there are too many to list them all. */
type Finder = (term: string) => readonly Command[];

export class CommandStore {
  #sources: readonly Source[] = $state.raw([]);
  #finders: readonly Finder[] = $state.raw([]);
  #open = $state(false);

  get all(): readonly Command[] {
    const all = this.#sources.flatMap((source) => source());
    const titles = new Set(all.filter(({ spare }) => !spare).map(({ title }) => title));
    return all.filter(({ spare, title }) => !spare || !titles.has(title));
  }

  /** Every word of what is typed occurs in the titles of these. */
  found(term: string): readonly Command[] {
    return term.trim() === '' ? [] : this.#finders.flatMap((finder) => finder(term));
  }

  /** Returns the function that removes the finder. */
  addFinder(finder: Finder): () => void {
    this.#finders = [...untrack(() => this.#finders), finder];
    return () => {
      this.#finders = untrack(() => this.#finders).filter((other) => other !== finder);
    };
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
