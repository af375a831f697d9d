/**
 * Exporting a candidate: its contents are chosen here, and the folder on the main side, which reports progress.
 */
import { createContext } from 'svelte';
import type { Bridge, EventPayload, ExportFormat, MethodResult } from '../../preload/contract.ts';
import { exportFormats, isCalibrated, neededBy } from '../../main/common/export-formats.ts';
import { usualRanges, type RangeChoice } from '../../main/common/quantising.ts';
import { ask, CallError } from '../ground/bridge.ts';
import type { ErrandStore } from '../ground/errands.svelte.ts';
import { candidateName } from '../ground/words/format.ts';
import { severalText } from './text.ts';

export interface ExportedCandidate {
  readonly id: number;
  readonly folder: string;
  readonly files: readonly string[];
}

/** Several candidates, each in a folder of its own. */
export type ExportedSeveral = NonNullable<MethodResult<'candidate.exportSeveral'>>;

/** Figures (json) come with every export. */
export type ChosenFormat = Exclude<ExportFormat, 'json'>;
export const choosable: readonly ChosenFormat[] = exportFormats.filter((one) => one !== 'json');

const usualFormats: readonly ChosenFormat[] = ['onnx', 'pytorch', 'safetensors', 'html'];

export class ExportStore {
  #running = $state(false);
  #last: ExportedCandidate | null = $state.raw(null);
  #lastSeveral: ExportedSeveral | null = $state.raw(null);
  #progress: EventPayload<'export.progress'> | null = $state.raw(null);
  #formats = $state.raw(usualFormats);
  #ranges: RangeChoice = $state.raw(usualRanges);
  readonly #bridge: Bridge;
  /** Changes with the name of its file. */
  #run: string;
  /** Of another run, or of this one by a name that is not known here yet. */
  #early: EventPayload<'export.progress'> | null = null;
  readonly #onError: (error: unknown) => void;

  readonly #errands: ErrandStore;
  readonly #settled: () => void;
  /** The candidate that is being written is the last. */
  #cancelled = $state(false);
  #left = false;

  /** @param settled told of an export that went well on its own page, where an earlier failure is now mended */
  constructor(
    bridge: Bridge,
    run: string,
    onError: (error: unknown) => void,
    errands: ErrandStore,
    settled: () => void = () => undefined,
  ) {
    this.#errands = errands;
    this.#settled = settled;
    this.#bridge = bridge;
    this.#run = run;
    this.#onError = onError;
  }

  get running(): boolean {
    return this.#running;
  }

  get last(): ExportedCandidate | null {
    return this.#last;
  }

  get lastSeveral(): ExportedSeveral | null {
    return this.#lastSeveral;
  }

  /** Null while a folder is being chosen. */
  get progress(): EventPayload<'export.progress'> | null {
    return this.#progress;
  }

  get formats(): readonly ChosenFormat[] {
    return this.#formats;
  }

  /** How int8 files come to the ranges of their values; null where none is chosen. */
  get ranges(): RangeChoice | null {
    return this.#formats.some(isCalibrated) ? this.#ranges : null;
  }

  setRanges(ranges: RangeChoice): void {
    this.#ranges = ranges;
  }

  /** As it goes to the main side. */
  get asked(): { readonly formats: ChosenFormat[]; readonly ranges: RangeChoice } {
    return { formats: [...this.#formats], ranges: this.#ranges };
  }

  /** What a chosen format needs comes with it. */
  toggle(format: ChosenFormat): void {
    const wanted = new Set(this.#formats);
    if (!wanted.delete(format)) wanted.add(format);
    this.#formats = choosable.filter((one) => wanted.has(one) || this.#neededFor(one, wanted));
  }

  /** Whether one of the chosen formats cannot do without it. */
  needs(format: ChosenFormat): boolean {
    return this.#neededFor(format, new Set(this.#formats));
  }

  #neededFor(format: ChosenFormat, wanted: ReadonlySet<ChosenFormat>): boolean {
    return [...wanted].some((one) => neededBy[one]?.includes(format));
  }

  async write(id: number): Promise<void> {
    await this.#follow(false, async () => {
      const asked = { run: this.#run, id, ...this.asked };
      const written = await ask(this.#bridge, 'candidate.export', asked);
      if (written) this.#last = { id, ...written };
      return written !== null;
    });
  }

  /** Each into a folder of its own. */
  async writeSeveral(ids: readonly number[]): Promise<void> {
    await this.#follow(true, async () => {
      const asked = { run: this.#run, ids: [...ids], ...this.asked };
      const written = await ask(this.#bridge, 'candidate.exportSeveral', asked);
      if (!written) return false;
      this.#lastSeveral = written;
      const [first] = written.failed;
      // The page that would say so has been left.
      if (this.#left && first) throw new CallError(notExported(written.failed.length, first));
      return first === undefined;
    });
  }

  /** The run goes by another name from now on, also for what is being written. */
  renamed(to: string): void {
    this.#run = to;
    if (this.#early?.run === to) this.#progress = this.#early;
    this.#early = null;
  }

  /** Nobody would miss it: its page was left, nothing is being written, and nothing in it differs from a new one. */
  get isSpent(): boolean {
    const kept = this.#last ?? this.#lastSeveral;
    const chosen = this.#formats !== usualFormats || this.#ranges !== usualRanges;
    return this.#left && !this.#running && kept === null && !chosen;
  }

  /** The page is there, or there again: it shows what is being written, and how that ended meanwhile. */
  open(): void {
    this.#left = false;
  }

  /** The page is left: what is being written goes on, and what goes wrong is told at once. */
  close(): void {
    this.#left = true;
  }

  /** What is being written is finished; nothing more is begun. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    try {
      await ask(this.#bridge, 'candidate.cancelExports', { run: this.#run });
    } catch (error) {
      this.#onError(error);
    }
  }

  /** @param write tells whether all that was asked for has been written, which a person may call off */
  async #follow(several: boolean, write: () => Promise<boolean>): Promise<void> {
    if (this.#running || this.#formats.length === 0) return;
    this.#running = true;
    this.#cancelled = false;
    const ended = this.#errands.begin({
      ...{ run: this.#run, kind: 'export' },
      share: () => shareOf(this.#progress),
      stoppable: () => several && !this.#cancelled,
      cancel: () => void this.cancel(),
    });
    const unsubscribe = this.#bridge.on('export.progress', (progress) => {
      if (progress.run === this.#run) this.#progress = progress;
      else this.#early = progress;
    });
    try {
      if ((await write()) && !this.#left) this.#settled();
    } catch (error) {
      this.#onError(error);
    } finally {
      ended();
      unsubscribe();
      this.#progress = null;
      this.#early = null;
      this.#running = false;
    }
  }

  async reveal(): Promise<void> {
    try {
      await ask(this.#bridge, 'candidate.reveal', { run: this.#run });
    } catch (error) {
      this.#onError(error);
    }
  }

  dismiss(): void {
    this.#last = null;
  }

  dismissSeveral(): void {
    this.#lastSeveral = null;
  }
}

/** One for each run that is open or has something to show: its exports go on when the page is left. */
export class ExportStores {
  readonly #create: (run: string) => ExportStore;
  readonly #all = new Map<string, ExportStore>();

  constructor(
    bridge: Bridge,
    onError: (error: unknown) => void,
    errands: ErrandStore,
    settled: () => void,
  ) {
    this.#create = (run) => new ExportStore(bridge, run, onError, errands, settled);
  }

  of(run: string): ExportStore {
    for (const [other, store] of this.#all) {
      if (other !== run && store.isSpent) this.#all.delete(other);
    }
    const store = this.#all.get(run) ?? this.#create(run);
    this.#all.set(run, store);
    return store;
  }

  /** How many runs have one. */
  get size(): number {
    return this.#all.size;
  }

  renamed(from: string, to: string): void {
    const store = this.#all.get(from);
    if (!store) return;
    this.#all.delete(from);
    this.#all.set(to, store);
    store.renamed(to);
  }
}

export const [useExports, provideExports] = createContext<ExportStores>();

/** Of a single network it is known which file is written; of several, how many are done. */
function shareOf(progress: EventPayload<'export.progress'> | null): number | null {
  if (progress === null) return null;
  const { several } = progress;
  return several ? (several.at - 1) / several.of : null;
}

function notExported(
  n: number,
  { id, error }: ExportedSeveral['failed'][number],
): ExportedSeveral['failed'][number]['error'] {
  const message = severalText.failed(candidateName(id), error.message);
  return { ...error, message: n > 1 ? `${message} ${severalText.more(n - 1)}` : message };
}
