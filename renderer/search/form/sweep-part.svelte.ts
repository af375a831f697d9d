/** The part of the form that makes many searches of one: what is listed, how many that is, and what they cost. */
import { mostNameLength, withoutUnfit } from '../../../main/common/file-names.ts';
import { plannedCandidates } from '../../../main/common/planned-candidates.ts';
import type { SearchSettings, SearchToQueue, SpaceSummary } from '../../../preload/contract.ts';
import { estimatedSeconds } from '../../runs/estimate.ts';
import type { ForeseenSearch } from './foresight.svelte.ts';
import type { FormValues } from './settings-form.ts';
import {
  listedValues,
  noLists,
  sweepOf,
  type SweepLists,
  type SweptChoice,
  type SweptKey,
  type SweptNumber,
  type SweptValues,
} from './sweep-lists.ts';

/** What a sweep needs of the form around it. */
export interface SweptForm {
  readonly values: FormValues;
  spaceOf(key: string): SpaceSummary | undefined;
  /** A search with these values, or what is wrong with it. @param phone in place of the form's choice */
  searchWith(values: FormValues, phone: string | null): ForeseenSearch | string;
  /** Null where nobody knows how long a candidate of it takes here. */
  secondsPerCandidate(settings: SearchSettings): number | null;
}

/** What searches come to together. */
export interface TotalCost {
  /** Null where only time limits one of them. */
  readonly candidates: number | null;
  /** Of those whose time is known; null where of none is. */
  readonly seconds: number | null;
  /** Searches whose time is not known. */
  readonly unknown: number;
}

export class SweepPart {
  readonly #form: SweptForm;
  #lists: SweepLists = $state.raw(noLists());

  constructor(form: SweptForm, lists: SweepLists = noLists()) {
    this.#form = form;
    this.#lists = lists;
  }

  get lists(): SweepLists {
    return this.#lists;
  }

  type(key: SweptNumber, typed: string): void {
    this.#lists = { ...this.#lists, [key]: typed };
  }

  /** Takes a choice into the list, or out of it. */
  choose(key: SweptChoice, value: string, taken: boolean): void {
    const others = this.#lists[key].filter((one) => one !== value);
    this.#lists = { ...this.#lists, [key]: taken ? [...others, value] : others };
  }

  clear(): void {
    this.#lists = noLists();
  }

  /** Whether anything is listed, well or badly. */
  readonly used: boolean = $derived.by(() =>
    Object.values(this.#lists).some((list) =>
      typeof list === 'string' ? listedValues(list).length > 0 : list.length > 0,
    ),
  );

  readonly #sweep = $derived.by(() =>
    sweepOf(this.#lists, this.#form.values, (key) => this.#form.spaceOf(key)),
  );

  readonly #asked = $derived.by(() =>
    this.#sweep.searches.map((swept) => ({
      swept,
      wanted: this.#form.searchWith(swept.values, swept.phone),
    })),
  );

  /** What is wrong with each list, and under `sweep` with all of them together. */
  get faults(): Readonly<Partial<Record<SweptKey | 'sweep', string>>> {
    const { faults } = this.#sweep;
    const faulty = this.#asked.find(({ wanted }) => typeof wanted === 'string');
    if (faulty === undefined || Object.keys(faults).length > 0) return faults;
    return { sweep: `${faulty.swept.label}: ${faulty.wanted as string}` };
  }

  /** The searches as the queue takes them; empty while something is wrong. */
  get searches(): readonly SearchToQueue[] {
    const asked = this.#asked;
    if (asked.some(({ wanted }) => typeof wanted === 'string')) return [];
    const title = this.#form.values.name.trim();
    return asked.map(({ swept, wanted }) => ({
      ...(wanted as ForeseenSearch),
      ...{ name: nameOf(title, swept), group: swept.group },
    }));
  }

  get cost(): TotalCost {
    let [candidates, seconds, unknown]: [number | null, number | null, number] = [0, null, 0];
    for (const { swept, wanted } of this.#asked) {
      if (typeof wanted === 'string') continue;
      const { settings } = wanted;
      const networks = this.#form.spaceOf(swept.values.space)?.networks ?? Infinity;
      const planned = plannedCandidates(settings, networks);
      candidates = candidates === null || planned === null ? null : candidates + planned;
      const each = this.#form.secondsPerCandidate(settings);
      const rate = each === null ? null : { secondsPerCandidate: each };
      // A search that only time limits takes that time.
      const own =
        planned === null ? settings.seconds : estimatedSeconds(planned, rate, settings.seconds);
      if (own === null) unknown += 1;
      else seconds = (seconds ?? 0) + own;
    }
    return { candidates, seconds, unknown };
  }
}

/** The title gives way to what sets its searches apart. */
function nameOf(title: string, { label }: SweptValues): string {
  const room = Math.max(10, mostNameLength - label.length - 2);
  return withoutUnfit(`${title.slice(0, room).trim()}, ${label}`).slice(0, mostNameLength);
}
