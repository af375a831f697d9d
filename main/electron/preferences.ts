/** What a person set for the app as a whole: one small file next to the one with the window's bounds. */
import { readFileSync } from 'node:fs';
import { defaultPreferences, preferencesSchema, type Preferences } from '../../preload/contract.ts';
import { saveSettings } from './settings-file.ts';

export class PreferenceFile {
  readonly #file: string;
  #current: Preferences;

  /** A file that is missing, damaged or of another version counts as nothing set. */
  constructor(file: string) {
    this.#file = file;
    this.#current = read(file);
  }

  get current(): Preferences {
    return this.#current;
  }

  /**
   * Sets some, keeps the others, and remembers all of them.
   * @throws WorkbenchError `preferences-not-saved` when the file cannot be written; nothing changes then
   */
  change(changes: Partial<Preferences>): Preferences {
    const next = { ...this.#current, ...changes };
    saveSettings(this.#file, next, 'The settings');
    return (this.#current = next);
  }
}

function read(file: string): Preferences {
  try {
    const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // Each is read by itself, so that one that is not understood does not affect the others.
    const known = Object.entries(preferencesSchema.shape).flatMap(([name, schema]) => {
      const parsed = schema.safeParse((stored as Record<string, unknown>)[name]);
      return parsed.success ? [[name, parsed.data] as const] : [];
    });
    return { ...defaultPreferences, ...Object.fromEntries(known) };
  } catch {
    return defaultPreferences;
  }
}
