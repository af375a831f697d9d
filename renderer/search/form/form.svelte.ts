/** The form of a new search: what was typed, what is wrong with it, what it would cost. */
import { isEstimate } from '../../../main/common/latency-sources.ts';
import {
  defaultInFlight,
  generational,
  generationalDefaults,
  usualCandidates,
} from '../../../main/common/settings/method.ts';
import type { Preset } from '../../../main/common/settings/score.ts';
import type {
  MethodResult,
  RunSummary,
  SearchRate,
  SearchSettings,
  SpaceSummary,
  Warning,
} from '../../../preload/contract.ts';
import { answered, ask, errorReportOf } from '../../ground/bridge.ts';
import { plannedCandidates } from '../../../main/common/planned-candidates.ts';
import { estimatedSeconds, isEqualWork, measuredRate } from '../../runs/estimate.ts';
import { afterField, suitingSpace, takingPreset } from './field-changes.ts';
import {
  formOf,
  scoringWish,
  validate,
  type FormErrors,
  type FormField,
  type FormResult,
  type FormValues,
} from './settings-form.ts';
import { embeddedImages } from '../../../main/common/tasks.ts';
import { readSize } from '../../spaces/editor/space-form.ts';
import type { Draft, FolderDescription } from './draft.svelte.ts';
import { Foresight, type ForeseenSearch } from './foresight.svelte.ts';
import { FarmPart } from './farm-part.svelte.ts';
import type { FormPlace } from './form-place.ts';
import { PhonePart } from './phone-part.svelte.ts';
import { SweepPart } from './sweep-part.svelte.ts';
import { formText } from './text.ts';

/** The search that values ask for, with these settings. */
function wantedOf(values: FormValues, settings: SearchSettings): ForeseenSearch {
  const { space, scoringSize } = values;
  const own = space.startsWith('own/') ? { ownSpace: space.slice('own/'.length) } : {};
  const size = scoringSize.trim() === '' ? undefined : readSize(scoringSize)?.value;
  const scored = size === undefined ? {} : { scoringSize: size as [number, number] };
  const scoring = scoringWish(values);
  return { settings: $state.snapshot(settings), ...own, ...scored, ...(scoring && { scoring }) };
}

export interface SpaceChoice {
  /** A built-in one's name, or `own/` and the id of one of the person's own. */
  readonly key: string;
  readonly own: boolean;
  readonly space: SpaceSummary;
}

export interface FormStart {
  /** Name of the run; by default derived from that of the space. */
  readonly name?: string;
  /** In place of the defaults. */
  readonly draft?: Draft | null;
}

export class FormStore {
  readonly #place: FormPlace;
  readonly #foresight: Foresight;
  readonly values: FormValues;
  readonly phones: PhonePart;
  readonly farm: FarmPart;
  readonly sweep: SweepPart;
  /** What the main side said about the chosen folder; null also where an earlier search named it. */
  #data: FolderDescription | null = $state.raw(null);
  #starting = $state(false);
  /** The main side's objection to the scoring size. */
  #refusedSize: string | null = $state(null);

  constructor(
    defaults: SearchSettings,
    place: FormPlace,
    { name = formText.defaultName(defaults.space), draft = null }: FormStart = {},
  ) {
    this.#place = place;
    this.#foresight = new Foresight(place.shell.bridge);
    const values = $state(draft?.values ?? formOf(defaults, name));
    this.values = values;
    this.phones = new PhonePart(values, place);
    this.farm = new FarmPart(values, place, () => this.nearest);
    const sweptForm = {
      values,
      spaceOf: (key: string) => this.spaceOf(key),
      searchWith: (varied: FormValues, phone: string | null) => this.#searchWith(varied, phone),
      secondsPerCandidate: (settings: SearchSettings) => this.#secondsPerCandidate(settings),
    };
    this.sweep = new SweepPart(sweptForm, draft?.lists);
    this.#untouched = draft === null ? JSON.stringify(values) : null;
    this.#data = draft?.data ?? null;
  }

  readonly #result = $derived.by(() => this.#resultOf(this.values));

  /** What can be searched: the built-in spaces, and those of the person's own that are valid. */
  readonly spaces: readonly SpaceChoice[] = $derived.by(() => {
    const { shell, spaces } = this.#place;
    return [
      ...shell.app.spaces.map((space) => ({ key: space.name, own: false, space })),
      ...(spaces.own ?? []).flatMap(({ id, space }) =>
        space ? [{ key: `own/${id}`, own: true, space }] : [],
      ),
    ];
  });

  spaceOf(wanted: string): SpaceSummary | undefined {
    return this.spaces.find(({ key }) => key === wanted)?.space;
  }

  get space(): SpaceSummary | undefined {
    return this.spaceOf(this.values.space);
  }

  get errors(): FormErrors {
    const { fault } = this.phones;
    const { fault: farmFault } = this.farm;
    const errors = {
      ...(this.#result.ok ? {} : this.#result.errors),
      ...(fault !== null && { phone: { message: fault, offer: null } }),
      ...(farmFault !== null && { computers: { message: farmFault, offer: null } }),
    };
    if (this.#refusedSize === null || errors.scoringSize) return errors;
    return { ...errors, scoringSize: { message: this.#refusedSize, offer: null } };
  }

  /** Null while a field is faulty. */
  get settings(): SearchSettings | null {
    if (!this.#result.ok || this.#refusedSize !== null) return null;
    if (this.farm.fault !== null) return null;
    return this.#onPhones(this.#result.settings);
  }

  /** With the phones that are chosen now; null while something is wrong with them. */
  #onPhones(settings: SearchSettings): SearchSettings | null {
    if (settings.latency !== 'phone') return settings;
    if (this.phones.fault !== null || this.phones.badNumbers.length > 0) return null;
    const { onFarm, ...here } = this.phones.settings;
    if (onFarm && this.farm.choice !== null)
      return { ...settings, phone: { ...here, serials: null, onFarm } };
    // Settled when the search begins: another phone that is connected meanwhile does not change it.
    const serials = this.phones.chosen.map(({ serial }) => serial);
    return { ...settings, phone: { ...here, serials } };
  }

  /** Settings name a space by its own name, built-in or not. */
  #resultOf(values: FormValues): FormResult {
    const [result, space] = [validate(values), this.spaceOf(values.space)];
    if (!result.ok || !space) return result;
    return { ok: true, settings: { ...result.settings, space: space.name } };
  }

  /** The last valid settings, with the faulty fields left as they were, so that an estimate remains. */
  get nearest(): SearchSettings | null {
    if (this.#result.ok) return this.#result.settings;
    // What it is called changes neither its cost nor its images.
    const mended = { ...this.values, name: 'search' };
    for (const [field, error] of Object.entries(this.#result.errors)) {
      if (field === 'name') continue;
      if (error.offer === null) return null;
      Object.assign(mended, { [field]: error.offer });
    }
    const result = this.#resultOf(mended);
    return result.ok ? result.settings : null;
  }

  get starting(): boolean {
    return this.#starting;
  }

  /** What is wrong with the chosen folder. */
  get dataProblems(): readonly string[] {
    return this.#data?.problems ?? [];
  }

  /** What the main side says about the chosen folder. */
  get dataDescription(): string | null {
    return this.#data?.description ?? null;
  }

  /** How many images there are and how many a score needs, if these are more; null where it is not known. */
  get tooFewImages(): { readonly there: number; readonly needed: number } | null {
    const settings = this.nearest;
    if (!settings) return null;
    const there =
      this.values.data === null
        ? embeddedImages[this.space?.task ?? 'classification']
        : this.#data?.images;
    const needed = settings.batches * settings.batchSize;
    return there !== undefined && needed > there ? { there, needed } : null;
  }

  /** What is worth knowing beforehand about the space and the source of latencies, as the main side says. */
  get estimateWarning(): Warning | null {
    const known = this.#estimateWarning;
    return known?.space === this.values.space && known.latency === this.values.latency
      ? known.warning
      : null;
  }
  #estimateWarning: {
    readonly space: string;
    readonly latency: SearchSettings['latency'];
    readonly warning: Warning | null;
  } | null = $state.raw(null);

  /** Asks for it, if space or source have changed. */
  async lookAtEstimates(): Promise<void> {
    const { space: key, latency } = this.values;
    const { space } = this;
    if (!space || !isEstimate(latency)) return;
    const own = key.startsWith('own/') ? { ownSpace: key.slice('own/'.length) } : {};
    const asked = { space: space.name, latency, ...own };
    await this.#place.shell.attempt(async () => {
      const warning = await ask(this.#place.shell.bridge, 'search.estimateWarning', asked);
      // The answer to an earlier request may come after that to a later one.
      if (this.values.space !== key || this.values.latency !== latency) return;
      this.#estimateWarning = { space: key, latency, warning };
    });
  }

  get planned(): number | null {
    const settings = this.nearest;
    return settings && plannedCandidates(settings, this.space?.networks ?? Infinity);
  }

  /** By an earlier run that did the same work. */
  get rate() {
    const settings = this.nearest;
    const { runs, shell } = this.#place;
    if (!settings || !shell.app.description) return null;
    return measuredRate(settings, runs.list ?? [], shell.app.description.runsFolder);
  }

  /** By a few networks that were scored for that, where there is no such run. */
  get trialRate(): SearchRate | null {
    return this.rate === null ? this.#foresight.rateOf(this.#wanted) : null;
  }

  get tryingRate(): boolean {
    return this.#foresight.isTrying(this.#wanted);
  }

  /** To be called in an effect, a while after anything was typed. */
  async lookAhead(): Promise<void> {
    const { runs } = this.#place;
    const wanted = this.#wanted;
    if (wanted === null) return;
    try {
      await this.#foresight.lookForBeginnings(wanted, runs.list ?? []);
      if (this.rate === null && this.planned !== null && !runs.active) {
        await this.#foresight.tryRate(wanted);
      }
    } catch {
      // Nobody asked for it: whoever starts such a search is told what is wrong with it.
    }
  }

  /** What is looked ahead to, as text: when it changes, the look ahead begins anew. */
  get ahead(): string {
    const { list, active } = this.#place.runs;
    return JSON.stringify([this.#wanted, list?.length, active?.run]);
  }

  get seconds(): number | null {
    const { takenOver, planned } = this;
    const left = planned === null ? null : Math.max(0, planned - takenOver);
    return estimatedSeconds(left, this.rate ?? this.trialRate, this.nearest?.seconds ?? null);
  }

  /** Runs with whose candidates it may begin. */
  get beginnings(): readonly RunSummary[] {
    return this.#foresight.beginningsOf(this.#wanted, this.#place.runs.list ?? []);
  }

  /** The run with whose candidates it begins; null where it is no longer among these. */
  get from(): string | null {
    return this.beginnings.some(({ run }) => run === this.#from) ? this.#from : null;
  }

  set from(run: string | null) {
    this.#from = run;
  }
  #from: string | null = $state(null);

  /** Candidates that it has before it begins. */
  get takenOver(): number {
    return this.beginnings.find(({ run }) => run === this.#from)?.evaluated ?? 0;
  }

  /** A search as it is asked for; null while a field is faulty. */
  get #wanted(): ForeseenSearch | null {
    const { settings } = this;
    return settings && wantedOf(this.values, settings);
  }

  /** The search whose images can be looked at: what is faulty elsewhere does not matter for these. */
  get pictured(): ForeseenSearch | null {
    return this.nearest && wantedOf(this.values, this.nearest);
  }

  #searchWith(values: FormValues, phone: string | null): ForeseenSearch | string {
    const result = this.#resultOf(values);
    if (!result.ok) return Object.values(result.errors)[0]!.message;
    const { settings } = result;
    const settled =
      phone === null
        ? this.#onPhones(settings)
        : { ...settings, phone: { ...this.phones.settings, serials: [phone] } };
    const fault = this.#refusedSize ?? this.farm.fault;
    if (fault !== null || settled === null) return fault ?? this.phones.fault ?? formText.badNumber;
    return wantedOf(values, settled);
  }

  /** By a run that did the same work, or by networks that were scored for the form's own search. */
  #secondsPerCandidate(settings: SearchSettings): number | null {
    const { runs, shell } = this.#place;
    const folder = shell.app.description?.runsFolder ?? null;
    const rate = folder === null ? null : measuredRate(settings, runs.list ?? [], folder);
    if (rate !== null) return rate.secondsPerCandidate;
    const { nearest } = this;
    const same = nearest !== null && isEqualWork(settings, nearest);
    return same ? (this.trialRate?.secondsPerCandidate ?? null) : null;
  }

  set(field: FormField, value: string): void {
    Object.assign(this.values, { [field]: value });
    if (field === 'space' || field === 'scoringSize') this.#refusedSize = null;
    if (field === 'space') this.#suit();
    if (field === 'search') this.#suitMethod();
    const { space } = this;
    if (field === 'preset') Object.assign(this.values, takingPreset(value as Preset, space));
    else Object.assign(this.values, afterField(this.values, field, space));
  }

  /** The limits of one kind of search are hidden for the other; what was typed is kept. */
  #suitMethod(): void {
    const { candidates, generations, inFlight, seconds } = this.values;
    const unlimited = candidates.trim() === '' && seconds.trim() === '';
    if (!generational(this.values)) {
      if (unlimited) this.values.candidates = String(usualCandidates);
      if (inFlight.trim() === '') this.values.inFlight = String(defaultInFlight);
      return;
    }
    if (inFlight === String(defaultInFlight)) this.values.inFlight = '';
    if (generations.trim() === '')
      this.values.generations = String(generationalDefaults.generations);
    if (candidates === String(usualCandidates)) this.values.candidates = '';
  }

  #suit(): void {
    const { space } = this;
    if (!space) return;
    this.#data = null;
    Object.assign(this.values, suitingSpace(this.values, space));
  }

  /**
   * What is worth keeping when the page is left: nothing if nobody typed, or once a search was started with it.
   */
  get draft(): Draft | null {
    const untouched = !this.sweep.used && JSON.stringify(this.values) === this.#untouched;
    if (this.#started || untouched) return null;
    const { lists } = this.sweep;
    return { values: $state.snapshot(this.values), data: this.#data, lists };
  }
  #started = false;
  /** The values that the form began with; null where they are a draft already. */
  readonly #untouched: string | null;

  useEmbedded(): void {
    this.values.data = null;
    this.#data = null;
  }

  async chooseFolder(): Promise<void> {
    const { bridge } = this.#place.shell;
    await this.#takeData(() => ask(bridge, 'data.chooseFolder'));
  }

  /** Takes a folder that was dropped as the images. */
  async takeFolder(folder: File): Promise<void> {
    const { bridge } = this.#place.shell;
    await this.#takeData(() => answered(bridge.dropData(folder)));
  }

  async #takeData(choose: () => Promise<MethodResult<'data.chooseFolder'>>): Promise<void> {
    await this.#place.shell.attempt(async () => {
      const chosen = await choose();
      if (!chosen) return;
      this.values.data = chosen.path;
      this.#data = chosen;
    });
  }

  /** Whether what is typed can be searched: by itself, or as a sweep. */
  get valid(): boolean {
    return this.sweep.used ? this.sweep.searches.length > 0 : this.settings !== null;
  }

  /** Lets the search, or the sweep, wait for its turn, and shows the queue. */
  async add(): Promise<void> {
    if (!this.valid || this.#starting) return;
    const title = this.values.name.trim();
    const { from } = this;
    const single = this.#wanted;
    const searches = this.sweep.used
      ? this.sweep.searches
      : [{ ...single!, name: title, group: '', ...(from !== null && { from }) }];
    const farm = this.farm.choice;
    this.#starting = true;
    await this.#place.shell.attempt(async () => {
      const sweep = await this.#place.queue.add(
        this.sweep.used ? title : null,
        searches.map((one) => (farm === null ? one : { ...one, farm })),
      );
      this.#started = true;
      this.#place.runActions.openQueue(sweep);
    }, 'start');
    this.#starting = false;
  }

  async start(): Promise<void> {
    if (this.sweep.used) return this.add();
    const wanted = this.#wanted;
    if (!wanted || this.#starting || this.#place.runs.active) return;
    const { settings } = wanted;
    this.#starting = true;
    await this.#place.shell.attempt(async () => {
      const { ownSpace, scoringSize, scoring } = wanted;
      const { from } = this;
      try {
        const begun = {
          ...(ownSpace !== undefined && { ownSpace }),
          ...(scoringSize !== undefined && { scoringSize }),
          ...(scoring !== undefined && { scoring }),
          ...(from !== null && { from }),
          ...(this.farm.choice !== null && { farm: this.farm.choice }),
        };
        const run = await this.#place.runs.start(this.values.name.trim(), settings, begun);
        // The phone that was measured on last is the default for the next search.
        const [serial, ...others] = this.phones.settings.serials ?? [];
        if (settings.latency === 'phone' && serial && others.length === 0) {
          void this.#place.phones.prefer(serial);
        }
        this.#started = true;
        this.#place.runActions.open(run);
      } catch (error) {
        const { code, message, hint } = errorReportOf(error);
        if (code === 'data-aborted') return; // the person stopped it
        if (code !== 'space-invalid' || wanted.scoringSize === undefined) throw error;
        this.#refusedSize = `${message} ${hint}`;
      }
    }, 'start');
    this.#starting = false;
  }
}
