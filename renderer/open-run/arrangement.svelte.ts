/**
 * How a person arranged the table's columns and the axes of parallel coordinates. Kept for each kind of run, so that
 * the next search of that kind is shown the same way.
 */
import type { SearchSettings } from '../../preload/contract.ts';
import { hasLatency } from '../runs/settings-words.ts';
import { arranged, moved, remembered } from './arrangement.ts';

/** One list of things to arrange: their order, and those that are marked (hidden columns, inverted axes). */
interface Chosen {
  readonly order: readonly string[];
  readonly marked: readonly string[];
}

const nothing: Chosen = { order: [], marked: [] };

/** Runs of one kind have the same figures of their candidates. */
export function kindOfRun(settings: SearchSettings): string {
  const cost = hasLatency(settings) ? 'latency' : 'macs';
  return [settings.score, cost, settings.search === 'guided' ? 'estimates' : 'scores'].join(' ');
}

class ArrangedList {
  #chosen: Chosen = $state.raw(nothing);
  readonly #storage: Storage;
  readonly #what: string;
  #key: string | null = null;

  constructor(storage: Storage, what: string) {
    this.#storage = storage;
    this.#what = what;
  }

  restore(kind: string): void {
    this.#key = `zico.${this.#what}.${kind}`;
    this.#chosen = parse(this.#storage.getItem(this.#key));
  }

  of<T extends { readonly key: string }>(all: readonly T[]): T[] {
    return arranged(all, this.#chosen.order);
  }

  isMarked(key: string): boolean {
    return this.#chosen.marked.includes(key);
  }

  /** Whether anything was chosen at all. */
  get untouched(): boolean {
    return this.#chosen.order.length + this.#chosen.marked.length === 0;
  }

  /** @param keys all that are there now, in the order in which they stand */
  move(keys: readonly string[], key: string, by: number): void {
    const { order, marked } = this.#chosen;
    this.#keep({ order: remembered(moved(keys, key, by), order), marked });
  }

  toggle(key: string): void {
    const { order, marked } = this.#chosen;
    const others = marked.filter((other) => other !== key);
    this.#keep({ order, marked: others.length < marked.length ? others : [...marked, key] });
  }

  reset(): void {
    this.#keep(nothing);
  }

  #keep(chosen: Chosen): void {
    this.#chosen = chosen;
    if (this.#key === null) return;
    if (this.untouched) this.#storage.removeItem(this.#key);
    else this.#storage.setItem(this.#key, JSON.stringify(chosen));
  }
}

export class Arrangement {
  /** Marked ones are hidden. */
  readonly columns: ArrangedList;
  /** Marked ones are inverted. */
  readonly axes: ArrangedList;

  constructor(storage: Storage) {
    this.columns = new ArrangedList(storage, 'columns');
    this.axes = new ArrangedList(storage, 'axes');
  }

  restore(settings: SearchSettings): void {
    for (const list of [this.columns, this.axes]) list.restore(kindOfRun(settings));
  }
}

/** Whatever else is found there counts as nothing chosen. */
function parse(stored: string | null): Chosen {
  try {
    const found = JSON.parse(stored ?? 'null') as Partial<Record<keyof Chosen, unknown>> | null;
    return { order: keysIn(found?.order), marked: keysIn(found?.marked) };
  } catch {
    return nothing;
  }
}

function keysIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return [...new Set(value.filter((key: unknown) => typeof key === 'string'))];
}
