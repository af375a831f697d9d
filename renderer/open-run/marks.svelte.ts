/** Stars, notes and names of one run's candidates, as they are kept in its file. */
import type { Bridge, Mark } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import type { Undoable } from '../ground/undo.svelte.ts';
import { candidateName } from '../ground/words/format.ts';
import { notedText } from './text.ts';
import { Told } from './told.ts';

const toldMarks = new Told<ReadonlyMap<number, Mark>>();

export class MarkStore {
  #marks: ReadonlyMap<number, Mark> = $state.raw(new Map());
  #readOnly = $state(false);
  readonly #bridge: Bridge;
  readonly #run: string;
  readonly #onError: (error: unknown) => void;
  readonly #did: (action: Undoable) => void;

  constructor(
    bridge: Bridge,
    run: string,
    onError: (error: unknown) => void,
    did: (action: Undoable) => void = () => undefined,
  ) {
    this.#did = did;
    this.#bridge = bridge;
    this.#run = run;
    this.#onError = onError;
    this.close = toldMarks.hear(bridge, run, (marks) => (this.#marks = marks));
  }

  /** Nobody looks any more; what is undone later is still stored, and shown by whoever looks then. */
  readonly close: () => void;

  readonly starred: ReadonlySet<number> = $derived.by(
    () =>
      new Set([...this.#marks.values()].filter(({ starred }) => starred).map((m) => m.candidate)),
  );

  /** Nothing can be noted in the run's file. */
  get readOnly(): boolean {
    return this.#readOnly;
  }

  set readOnly(readOnly: boolean) {
    this.#readOnly = readOnly;
  }

  /** What the person calls a candidate; empty where it has its number alone. */
  name(id: number): string {
    return this.#marks.get(id)?.name ?? '';
  }

  /** Whether any candidate has a name. */
  readonly anyName: boolean = $derived.by(() =>
    [...this.#marks.values()].some(({ name }) => name !== ''),
  );

  note(id: number): string {
    return this.#marks.get(id)?.note ?? '';
  }

  async load(): Promise<void> {
    await this.#answer(() => ask(this.#bridge, 'runs.marks', { run: this.#run }));
  }

  async toggleStar(id: number): Promise<void> {
    const starred = !this.starred.has(id);
    if (!(await this.#star(id, starred))) return;
    this.#did({
      done: notedText.star(candidateName(id), starred),
      quiet: starred,
      undo: async () => {
        // Its page may have been closed since, and a note written on another one.
        await this.load();
        await this.#star(id, !starred);
      },
    });
  }

  #star(id: number, starred: boolean): Promise<boolean> {
    return this.#change(id, { starred });
  }

  async setNote(id: number, note: string): Promise<void> {
    const text = note.trim();
    if (text === this.note(id)) return;
    await this.#change(id, { note: text });
  }

  async setName(id: number, name: string): Promise<void> {
    const text = name.trim().replace(/\s+/g, ' ');
    if (text === this.name(id)) return;
    await this.#change(id, { name: text });
  }

  /** Shown once it is stored. */
  async #change(id: number, changes: Partial<Mark>): Promise<boolean> {
    if (this.#readOnly) return false;
    const nothing = { candidate: id, starred: false, note: '', name: '' };
    const mark = { ...nothing, ...this.#marks.get(id), ...changes };
    return this.#answer(() => ask(this.#bridge, 'runs.mark', { run: this.#run, mark }));
  }

  async #answer(asking: () => Promise<readonly Mark[]>): Promise<boolean> {
    try {
      const marks = await asking();
      this.#marks = new Map(marks.map((mark) => [mark.candidate, mark]));
      toldMarks.tell(this.#bridge, this.#run, this.#marks);
      return true;
    } catch (error) {
      this.#onError(error);
      return false;
    }
  }
}
