/** Stars and notes of one run, as they are kept in its file. */
import type { Bridge, Mark } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

export class MarkStore {
  #marks: ReadonlyMap<number, Mark> = $state.raw(new Map());
  readonly #bridge: Bridge;
  readonly #run: string;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, run: string, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#run = run;
    this.#onError = onError;
  }

  readonly starred: ReadonlySet<number> = $derived.by(
    () =>
      new Set([...this.#marks.values()].filter(({ starred }) => starred).map((m) => m.candidate)),
  );

  note(id: number): string {
    return this.#marks.get(id)?.note ?? '';
  }

  async load(): Promise<void> {
    await this.#answer(() => ask(this.#bridge, 'runs.marks', { run: this.#run }));
  }

  async toggleStar(id: number): Promise<void> {
    await this.#set({ candidate: id, starred: !this.starred.has(id), note: this.note(id) });
  }

  async setNote(id: number, note: string): Promise<void> {
    const text = note.trim();
    if (text === this.note(id)) return;
    await this.#set({ candidate: id, starred: this.starred.has(id), note: text });
  }

  /** Shown once it is stored. */
  async #set(mark: Mark): Promise<void> {
    await this.#answer(() => ask(this.#bridge, 'runs.mark', { run: this.#run, mark }));
  }

  async #answer(asking: () => Promise<readonly Mark[]>): Promise<void> {
    try {
      const marks = await asking();
      this.#marks = new Map(marks.map((mark) => [mark.candidate, mark]));
    } catch (error) {
      this.#onError(error);
    }
  }
}
