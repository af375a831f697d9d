/**
 * One space being written: its text, its undo history, and what the main side says about it. The text is the
 * only source of truth; the form is another view of it. Unsaved changes survive the page and the window.
 */
import type {
  Bridge,
  DrawnNetwork,
  SpaceSummary,
  SpaceFault,
  SpaceSizes,
  TriedNetwork,
} from '../../../preload/contract.ts';
import { ask } from '../../ground/bridge.ts';
import {
  jsonText,
  isWithin,
  parseText,
  valueAt,
  withValue,
  type Json,
  type JsonPath,
} from './space-json.ts';

const debounceMs = 250;
/** Changes of one field within this time are one undo step. */
const oneStepMs = 800;
/** A part of the sample should take about this long, so that a change is noticed soon. */
const partMs = 250;
const mostInPart = 200;
const mostSteps = 500;
const noSizes: SpaceSizes = { parameters: [], macs: [] };

interface Draft {
  readonly text: string;
  /** The version of the file from which it started. */
  readonly version: string;
}

export const draftKey = (id: string): string => `zico.space-draft.${id}`;

export class SpaceEditor {
  readonly id: string;
  readonly #bridge: Bridge;
  readonly #storage: Storage;
  #text = $state('');
  #saved = $state('');
  #version = '';
  #loaded = $state(false);
  /** Unsaved changes of an earlier visit were found. */
  #recovered = $state(false);
  /** Incremented when the text changes from outside the form, whose fields then start over. */
  #epoch = $state(0);
  #past: readonly string[] = $state.raw([]);
  #future: readonly string[] = $state.raw([]);
  #lastStep: { readonly key: string; readonly at: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The current check; an older one stops when it sees a newer one. */
  #look = 0;
  #space: SpaceSummary | null = $state.raw(null);
  #faults: readonly SpaceFault[] = $state.raw([]);
  #checking = $state(false);
  #drawn: DrawnNetwork | null = $state.raw(null);
  #number = 0;
  /** The score of the drawn network, once somebody asked for it. */
  #tried: TriedNetwork | null = $state.raw(null);
  #trying = $state(false);
  #sizes: SpaceSizes = $state.raw(noSizes);
  #sampled = $state(0);
  #watched = false;
  readonly #onError: (error: unknown) => void;

  constructor(id: string, bridge: Bridge, storage: Storage, onError: (error: unknown) => void) {
    this.id = id;
    this.#bridge = bridge;
    this.#storage = storage;
    this.#onError = onError;
  }

  readonly #parsed = $derived.by(() => parseText(this.#text));

  get text(): string {
    return this.#text;
  }
  get loaded(): boolean {
    return this.#loaded;
  }
  get recovered(): boolean {
    return this.#recovered;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get version(): string {
    return this.#version;
  }
  get dirty(): boolean {
    return this.#text !== this.#saved;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }
  /** Undefined while the text is not JSON. */
  get value(): Json | undefined {
    return this.#parsed.ok ? this.#parsed.value : undefined;
  }
  /** What is wrong with the text as JSON. */
  get syntax(): string | null {
    return this.#parsed.ok ? null : this.#parsed.message;
  }
  /** Everything that is wrong with the text; the first is the one to fix first. */
  get faults(): readonly SpaceFault[] {
    return this.#faults;
  }
  get checking(): boolean {
    return this.#checking;
  }
  /** What the text describes; the latest valid one while the text has a fault. */
  get space(): SpaceSummary | null {
    return this.#space;
  }
  get drawn(): DrawnNetwork | null {
    return this.#drawn;
  }
  get tried(): TriedNetwork | null {
    return this.#tried?.genotype === this.#drawn?.genotype ? this.#tried : null;
  }
  get trying(): boolean {
    return this.#trying;
  }
  get sizes(): SpaceSizes {
    return this.#sizes;
  }
  /** How many sizes there will be. */
  get sampled(): number {
    return this.#sampled;
  }
  /** It can be searched: what is written is valid. */
  get valid(): boolean {
    return this.#loaded && !this.#checking && this.syntax === null && this.#faults.length === 0;
  }

  at(place: JsonPath): Json | undefined {
    return valueAt(this.value, place);
  }

  faultAt(place: JsonPath): SpaceFault | null {
    return this.#faults.find(({ path }) => isWithin(path, place)) ?? null;
  }

  /** Reads the file, and what was not saved of it. */
  async load(): Promise<void> {
    if (this.#loaded) return;
    const { text, version } = await ask(this.#bridge, 'ownSpaces.read', { id: this.id });
    this.#saved = text;
    this.#version = version;
    this.#text = text;
    const draft = this.#readDraft();
    if (draft && draft.text !== text) {
      this.#text = draft.text;
      this.#version = draft.version; // overwriting somebody else's change is refused
      this.#recovered = true;
    }
    this.#loaded = true;
  }

  /** Checks the text for as long as it is on the page; returns the function that ends that. */
  watch(): () => void {
    this.#watched = true;
    this.#lookSoon(0);
    return () => {
      this.#watched = false;
      clearTimeout(this.#timer);
      this.#look += 1;
    };
  }

  /** A change of the form. */
  set(place: JsonPath, value: Json | undefined): void {
    if (!this.#parsed.ok) return;
    this.#change(jsonText(withValue(this.#parsed.value, place, value)), place.join('.'));
  }

  /** A change of the text. */
  write(text: string): void {
    this.#change(text, 'text');
    this.#epoch += 1;
  }

  undo(): void {
    const text = this.#past.at(-1);
    if (text === undefined) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.#text];
    this.#put(text);
  }

  redo(): void {
    const text = this.#future.at(-1);
    if (text === undefined) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.#text];
    this.#put(text);
  }

  /** Goes back to what the file holds; undoable. */
  async discard(): Promise<void> {
    const { text, version } = await ask(this.#bridge, 'ownSpaces.read', { id: this.id });
    this.#saved = text;
    this.#version = version;
    this.#recovered = false;
    if (text !== this.#text) {
      this.#past = [...this.#past, this.#text];
      this.#future = [];
      this.#put(text);
    }
    this.#keepDraft();
  }

  /** Throws what writing throws. */
  async save(): Promise<void> {
    const text = this.#text;
    const { id } = this;
    const written = { id, text, version: this.#version };
    this.#version = (await ask(this.#bridge, 'ownSpaces.write', written)).version;
    this.#saved = text;
    this.#recovered = false;
    this.#keepDraft();
  }

  async drawAnother(): Promise<void> {
    this.#number += 1;
    const look = this.#look;
    await this.#draw(this.#text, look);
  }

  /** Scores the network that is drawn. Throws what scoring throws, and what else computes. */
  async tryDrawn(): Promise<void> {
    if (this.#drawn === null || this.#trying) return;
    const { genotype } = this.#drawn;
    const text = this.#text;
    this.#trying = true;
    try {
      const tried = await ask(this.#bridge, 'spaces.score', { text, genotype });
      if (text === this.#text) this.#tried = tried;
    } finally {
      this.#trying = false;
    }
  }

  async cancelTrial(): Promise<void> {
    await ask(this.#bridge, 'spaces.cancelScore');
  }

  #change(text: string, key: string): void {
    if (text === this.#text) return;
    const at = Date.now();
    const same = this.#lastStep?.key === key && at - this.#lastStep.at < oneStepMs;
    if (!same) this.#past = [...this.#past, this.#text].slice(-mostSteps);
    this.#lastStep = { key, at };
    this.#future = [];
    this.#text = text;
    this.#changed();
  }

  #put(text: string): void {
    this.#text = text;
    this.#lastStep = null;
    this.#epoch += 1;
    this.#changed();
  }

  #changed(): void {
    this.#tried = null;
    this.#keepDraft();
    this.#look += 1; // whatever is being computed is for another text
    this.#lookSoon(debounceMs);
  }

  #keepDraft(): void {
    const draft: Draft = { text: this.#text, version: this.#version };
    if (this.dirty) this.#storage.setItem(draftKey(this.id), JSON.stringify(draft));
    else this.#storage.removeItem(draftKey(this.id));
  }

  #readDraft(): Draft | null {
    const stored = this.#storage.getItem(draftKey(this.id));
    if (stored === null) return null;
    const draft = parseText(stored);
    const [text, version] = draft.ok
      ? [valueAt(draft.value, ['text']), valueAt(draft.value, ['version'])]
      : [];
    return typeof text === 'string' && typeof version === 'string' ? { text, version } : null;
  }

  #lookSoon(ms: number): void {
    if (!this.#watched) return;
    clearTimeout(this.#timer);
    this.#checking = true;
    this.#timer = setTimeout(() => void this.#lookAt(this.#text, ++this.#look), ms);
  }

  async #lookAt(text: string, look: number): Promise<void> {
    const current = (): boolean => look === this.#look;
    if (this.syntax !== null) {
      this.#faults = [];
      this.#checking = false;
      return;
    }
    try {
      const { space, sampled, faults } = await ask(this.#bridge, 'spaces.check', { text });
      if (!current()) return;
      this.#faults = faults;
      this.#checking = false;
      if (!space) return;
      this.#space = space;
      this.#sampled = sampled;
      this.#sizes = noSizes;
      await this.#draw(text, look);
      await this.#measure(text, sampled, current);
    } catch (error) {
      if (!current()) return;
      this.#checking = false;
      this.#onError(error);
    }
  }

  async #draw(text: string, look: number): Promise<void> {
    const number = this.#number;
    const drawn = await ask(this.#bridge, 'spaces.draw', { text, number });
    if (look === this.#look && number === this.#number) this.#drawn = drawn;
  }

  /** Part by part: what is known shows at once, and a change of the text ends it after one part. */
  async #measure(text: string, all: number, current: () => boolean): Promise<void> {
    let count = 10;
    for (let from = 0; from < all && current();) {
      const began = performance.now();
      const part = await ask(this.#bridge, 'spaces.sizes', { text, from, count });
      if (!current()) return;
      const { parameters, macs } = this.#sizes;
      this.#sizes = {
        parameters: [...parameters, ...part.parameters],
        macs: [...macs, ...part.macs],
      };
      from += count;
      const took = Math.max(1, performance.now() - began);
      count = Math.max(1, Math.min(mostInPart, 2 * count, Math.round((count * partMs) / took)));
    }
  }
}
