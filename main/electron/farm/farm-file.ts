/** Which farm the window uses, and which of its runs used one: a small file beside the preferences. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { farmChoice, type FarmChoice } from '../../../preload/contract.ts';
import { saveSettings } from '../settings-file.ts';

const stored = z.object({
  url: z.string().max(2000).nullable(),
  insecure: z.boolean(),
  caFile: z.string().nullable(),
  /** Sealed by the system for this user, in base64. */
  password: z.string().nullable(),
  /** Path of a run file -> how its search used the farm. */
  runs: z.record(z.string(), farmChoice),
});
export type StoredFarm = Readonly<z.infer<typeof stored>>;

const nothing: StoredFarm = { url: null, insecure: false, caFile: null, password: null, runs: {} };
/** Runs that are remembered; those that are forgotten go on without a farm. */
const mostRuns = 500;

export class FarmFile {
  readonly #file: string;
  #current: StoredFarm;

  /** A file that is missing or damaged counts as no farm. */
  constructor(file: string) {
    this.#file = file;
    try {
      this.#current = stored.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      this.#current = nothing;
    }
  }

  get current(): StoredFarm {
    return this.#current;
  }

  /** Throws WorkbenchError `preferences-not-saved`; nothing changes then. */
  change(changes: Partial<StoredFarm>): void {
    const next = { ...this.#current, ...changes };
    saveSettings(this.#file, next, 'The farm');
    this.#current = next;
  }

  /** The file of a run has another name now. */
  renamed(from: string, to: string): void {
    const { [from]: choice, ...others } = this.#current.runs;
    if (choice !== undefined) this.change({ runs: { ...others, [to]: choice } });
  }

  /** @param choice null where the run's search uses none */
  remember(run: string, choice: FarmChoice | null): void {
    const others = Object.entries(this.#current.runs).filter(([path]) => path !== run);
    const own = choice === null ? [] : [[run, choice] as const];
    if (own.length === 0 && others.length === Object.keys(this.#current.runs).length) return;
    this.change({ runs: Object.fromEntries([...others, ...own].slice(-mostRuns)) });
  }
}
