/** Results of a long bench, kept line by line so that it can continue where it was stopped. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../dist/bench');

export class Resumable<T> {
  readonly #file: string;
  readonly #known = new Map<string, T>();
  readonly #end: number;

  /**
   * @param name of the file in dist/bench; everything that the results depend on has to be in it
   * @param seconds after which `done` asks to stop for now
   */
  constructor(name: string, seconds: number) {
    this.#file = path.join(folder, `${name}.jsonl`);
    this.#end = performance.now() + 1000 * seconds;
    mkdirSync(folder, { recursive: true });
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      // A process killed while writing leaves half a line, whose result is computed again.
      if (!line.endsWith('}')) continue;
      const { key, result } = JSON.parse(line) as { key: string; result: T };
      this.#known.set(key, result);
    }
  }

  get file(): string {
    return path.relative(process.cwd(), this.#file);
  }

  /** The stored result, or a new one; null if there is none and time is up. */
  async get(key: string, compute: () => Promise<T>): Promise<T | null> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (performance.now() > this.#end) return null;
    const result = await compute();
    this.#known.set(key, result);
    appendFileSync(this.#file, `${JSON.stringify({ key, result })}\n`);
    return result;
  }
}
