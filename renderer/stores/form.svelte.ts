/** The form of a new search: what was typed, what is wrong with it, what it would cost. */
import type { SearchSettings, SpaceDescription } from '../../preload/contract.ts';
import { ask } from '../lib/bridge.ts';
import { estimatedSeconds, measuredRate, plannedCandidates } from '../lib/estimate.ts';
import {
  formOf,
  scoringOf,
  validate,
  type FormErrors,
  type FormField,
  type FormValues,
} from '../lib/settings-form.ts';
import { text } from '../text.ts';
import type { Workbench } from './workbench.svelte.ts';

export class FormStore {
  readonly #workbench: Workbench;
  readonly #spaces: readonly SpaceDescription[];
  readonly values: FormValues;
  #dataDescription: string | null = $state(null);
  #starting = $state(false);

  constructor(defaults: SearchSettings, spaces: readonly SpaceDescription[], workbench: Workbench) {
    this.#workbench = workbench;
    this.#spaces = spaces;
    const values = $state(formOf(defaults, text.form.defaultName(defaults.space)));
    this.values = values;
  }

  readonly #result = $derived.by(() => validate(this.values));

  get spaces(): readonly SpaceDescription[] {
    return this.#spaces;
  }

  get space(): SpaceDescription | undefined {
    return this.#spaces.find((space) => space.name === this.values.space);
  }

  get errors(): FormErrors {
    return this.#result.ok ? {} : this.#result.errors;
  }

  /** Null while a field is faulty. */
  get settings(): SearchSettings | null {
    return this.#result.ok ? this.#result.settings : null;
  }

  /** Last settings that were valid in every field but the faulty ones, for an estimate that stays. */
  get nearest(): SearchSettings | null {
    if (this.#result.ok) return this.#result.settings;
    const mended = { ...this.values };
    for (const [field, error] of Object.entries(this.#result.errors)) {
      if (error.offer === null) return null;
      Object.assign(mended, { [field]: error.offer });
    }
    const result = validate(mended);
    return result.ok ? result.settings : null;
  }

  get starting(): boolean {
    return this.#starting;
  }

  /** What the main side says about the chosen folder. */
  get dataDescription(): string | null {
    return this.#dataDescription;
  }

  get planned(): number | null {
    const settings = this.nearest;
    return settings && plannedCandidates(settings, this.space?.networks ?? Infinity);
  }

  get rate() {
    const settings = this.nearest;
    const { runs, app } = this.#workbench;
    if (!settings || !app.description) return null;
    return measuredRate(settings, runs.list ?? [], app.description.runsFolder);
  }

  get seconds(): number | null {
    return estimatedSeconds(this.planned, this.rate, this.nearest?.seconds ?? null);
  }

  set(field: FormField, value: string): void {
    Object.assign(this.values, { [field]: value });
    if (field === 'space') this.#suit();
  }

  /** Another space has images of another size, and perhaps of another task. */
  #suit(): void {
    const { space } = this;
    if (!space) return;
    this.useEmbedded();
    this.values.batchSize = String(space.suggested.batchSize);
    this.values.beta = String(space.suggested.beta);
    this.values.name = text.form.defaultName(space.name);
  }

  useEmbedded(): void {
    this.values.data = null;
    this.#dataDescription = null;
  }

  async chooseFolder(): Promise<void> {
    await this.#workbench.attempt(async () => {
      const chosen = await ask(this.#workbench.bridge, 'data.chooseFolder');
      if (!chosen) return;
      this.values.data = chosen.path;
      this.#dataDescription = chosen.description;
    });
  }

  async start(): Promise<void> {
    const { settings } = this;
    if (!settings || this.#starting || this.#workbench.runs.active) return;
    this.#starting = true;
    await this.#workbench.attempt(async () => {
      const { runs } = this.#workbench;
      const scoring = scoringOf(this.values);
      const run = await runs.start(this.values.name.trim(), settings, scoring);
      this.#workbench.openRun(run);
    });
    this.#starting = false;
  }
}
