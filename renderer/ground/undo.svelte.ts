/** What was done a moment ago and can be taken back: offered for a while, and by a key for as long as the window is open. */
export interface Undoable {
  /** What was done, in a few words: “Moved 3 runs to the trash”. */
  readonly done: string;
  readonly undo: () => Promise<void>;
  /** It cannot be taken back after its offer has passed. */
  readonly brief?: boolean;
  /** So small that only the key takes it back. */
  readonly quiet?: boolean;
}

interface Offer extends Undoable {
  readonly id: number;
}

/** Long enough to read it and to reach the button. */
export const offerMs = 10_000;
const mostKept = 50;

export class UndoStore {
  #stack: readonly Offer[] = $state.raw([]);
  #shown: number | null = $state(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #next = 1;
  readonly #attempt: (action: () => Promise<unknown>) => Promise<boolean>;

  /** @param attempt runs an action and shows what went wrong */
  constructor(attempt: (action: () => Promise<unknown>) => Promise<boolean>) {
    this.#attempt = attempt;
  }

  /** What is offered on the screen; null where nothing is. */
  get offer(): Undoable | null {
    return this.#stack.find(({ id }) => id === this.#shown) ?? null;
  }

  /** What the key would take back: what is offered, or else the latest; null where nothing is left. */
  get latest(): Undoable | null {
    return this.#undoable ?? null;
  }

  /** Something was done that can be taken back. */
  did(action: Undoable): void {
    const id = this.#next++;
    this.#stack = [...this.#stack, { ...action, id }].slice(-mostKept);
    if (action.quiet) return;
    this.#shown = id;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pass(id), offerMs);
    // Whatever was brief and is no longer shown stays possible until its own time is over.
    if (action.brief) setTimeout(() => this.#drop(id), offerMs);
  }

  /** Takes back what `latest` says. */
  async undo(): Promise<void> {
    const action = this.#undoable;
    if (action === undefined) return;
    this.#drop(action.id);
    await this.#attempt(action.undo);
  }

  /** Puts the offer out of sight; the key still takes it back. */
  dismiss(): void {
    this.#shown = null;
  }

  get #undoable(): Offer | undefined {
    return this.#stack.find(({ id }) => id === this.#shown) ?? this.#stack.at(-1);
  }

  #pass(id: number): void {
    if (this.#shown === id) this.#shown = null;
  }

  #drop(id: number): void {
    this.#stack = this.#stack.filter((one) => one.id !== id);
    if (this.#shown === id) this.#shown = null;
  }
}
