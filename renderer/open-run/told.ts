/**
 * What is kept outside of the page and shown by several stores at a time: that of the page that is open, and that of
 * one that was left and whose undo is still offered. Whoever changes it tells the others.
 */
export class Told<T> {
  readonly #listeners = new WeakMap<object, Map<string, Set<(value: T) => void>>>();

  /**
   * @param place where it is kept
   * @param key under what
   * @returns the function that ends hearing
   */
  hear(place: object, key: string, listener: (value: T) => void): () => void {
    let keys = this.#listeners.get(place);
    if (keys === undefined)
      this.#listeners.set(place, (keys = new Map<string, Set<(value: T) => void>>()));
    let all = keys.get(key);
    if (all === undefined) keys.set(key, (all = new Set()));
    all.add(listener);
    return () => void all.delete(listener);
  }

  tell(place: object, key: string, value: T): void {
    for (const listener of this.#listeners.get(place)?.get(key) ?? []) listener(value);
  }
}
