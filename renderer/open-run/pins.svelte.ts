/** Up to four networks side by side; remembered per run, so that a reload does not lose them. */
import type { Undoable } from '../ground/undo.svelte.ts';
import { candidateName } from '../ground/words/format.ts';
import { notedText } from './text.ts';
import { Told } from './told.ts';

const toldPins = new Told<readonly Pin[]>();

export const mostPins = 4;
export const pinLetters = ['A', 'B', 'C', 'D'] as const;

/** A candidate by its number, or a network that was scored besides by its genotype. */
export type Pin = number | string;

export class Pins {
  #all: readonly Pin[] = $state.raw([]);
  #comparing = $state(false);
  #reference = $state(0);
  readonly #storage: Storage;
  readonly #key: string;
  readonly #did: (action: Undoable) => void;

  constructor(storage: Storage, run: string, did: (action: Undoable) => void = () => undefined) {
    this.#did = did;
    this.#storage = storage;
    this.#key = `zico.pins.${run}`;
    this.#all = parse(storage.getItem(this.#key));
    this.close = toldPins.hear(storage, this.#key, (pins) => (this.#all = pins));
  }

  /** Nobody looks any more; what is undone later is still kept, and shown by whoever looks then. */
  readonly close: () => void;

  /** In the order in which they were pinned. */
  get all(): readonly Pin[] {
    return this.#all;
  }

  /** The candidates among them. */
  get ids(): readonly number[] {
    return this.#all.filter((pin) => typeof pin === 'number');
  }

  get full(): boolean {
    return this.#all.length >= mostPins;
  }

  /** Whether there are enough to compare. */
  get comparable(): boolean {
    return this.#all.length >= 2;
  }

  /** Whether the comparison is shown in place of the search. */
  get comparing(): boolean {
    return this.#comparing && this.comparable;
  }

  set comparing(comparing: boolean) {
    this.#comparing = comparing;
  }

  /** Index of the one with which the others are compared. */
  get reference(): number {
    return Math.min(this.#reference, Math.max(0, this.#all.length - 1));
  }

  set reference(place: number) {
    this.#reference = place;
  }

  has(pin: Pin): boolean {
    return this.#all.includes(pin);
  }

  /** "A" to "D"; undefined where it is not pinned. */
  letter(pin: Pin): string | undefined {
    const place = this.#all.indexOf(pin);
    return place < 0 ? undefined : pinLetters[place];
  }

  /** False where four are pinned already. */
  toggle(pin: Pin): boolean {
    const [before, pinned] = [this.#all, !this.has(pin)];
    if (pinned && this.full) return false;
    this.#keep(pinned ? [...before, pin] : this.#without(pin));
    const name = typeof pin === 'number' ? candidateName(pin) : pin;
    this.#did({
      done: notedText.pin(name, pinned),
      quiet: pinned,
      undo: async () => {
        // Its page may have been left since, and others pinned on the one that is open now.
        this.#all = parse(this.#storage.getItem(this.#key));
        this.#keep(pinned ? this.#without(pin) : this.#with(pin, before));
      },
    });
    return true;
  }

  #without(pin: Pin): readonly Pin[] {
    return this.#all.filter((other) => other !== pin);
  }

  /** Where it was before; what has been pinned since stays, and with four of those there is no room for it. */
  #with(pin: Pin, before: readonly Pin[]): readonly Pin[] {
    if (this.has(pin) || this.full) return this.#all;
    return this.#all.toSpliced(before.indexOf(pin), 0, pin);
  }

  #keep(pins: readonly Pin[]): void {
    this.#all = pins;
    if (pins.length === 0) this.#storage.removeItem(this.#key);
    else this.#storage.setItem(this.#key, JSON.stringify(pins));
    toldPins.tell(this.#storage, this.#key, pins);
  }
}

function parse(stored: string | null): Pin[] {
  try {
    const pins: unknown = JSON.parse(stored ?? '[]');
    if (!Array.isArray(pins)) return [];
    const valid = (pin: unknown): pin is Pin =>
      Number.isInteger(pin) || (typeof pin === 'string' && pin !== '');
    return pins.filter(valid).slice(0, mostPins);
  } catch {
    return [];
  }
}
