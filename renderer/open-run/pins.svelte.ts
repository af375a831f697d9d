/** Up to four candidates side by side; remembered per run, so that a reload does not lose them. */
export const mostPins = 4;
export const pinLetters = ['A', 'B', 'C', 'D'] as const;

export class Pins {
  #ids: readonly number[] = $state.raw([]);
  #comparing = $state(false);
  #reference = $state(0);
  readonly #storage: Storage;
  readonly #key: string;

  constructor(storage: Storage, run: string) {
    this.#storage = storage;
    this.#key = `zico.pins.${run}`;
    this.#ids = parse(storage.getItem(this.#key));
  }

  /** In the order in which they were pinned. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  get full(): boolean {
    return this.#ids.length >= mostPins;
  }

  /** Whether the comparison is shown in place of the search. */
  get comparing(): boolean {
    return this.#comparing && this.#ids.length >= 2;
  }

  set comparing(comparing: boolean) {
    this.#comparing = comparing;
  }

  /** Index of the one with which the others are compared. */
  get reference(): number {
    return Math.min(this.#reference, Math.max(0, this.#ids.length - 1));
  }

  set reference(place: number) {
    this.#reference = place;
  }

  has(id: number): boolean {
    return this.#ids.includes(id);
  }

  /** "A" to "D"; undefined where it is not pinned. */
  letter(id: number): string | undefined {
    const place = this.#ids.indexOf(id);
    return place < 0 ? undefined : pinLetters[place];
  }

  /** False where four are pinned already. */
  toggle(id: number): boolean {
    if (this.has(id)) this.#keep(this.#ids.filter((other) => other !== id));
    else if (this.full) return false;
    else this.#keep([...this.#ids, id]);
    return true;
  }

  #keep(ids: readonly number[]): void {
    this.#ids = ids;
    if (ids.length === 0) this.#storage.removeItem(this.#key);
    else this.#storage.setItem(this.#key, JSON.stringify(ids));
  }
}

function parse(stored: string | null): number[] {
  try {
    const ids: unknown = JSON.parse(stored ?? '[]');
    if (!Array.isArray(ids)) return [];
    return ids.filter((id): id is number => Number.isInteger(id)).slice(0, mostPins);
  } catch {
    return [];
  }
}
