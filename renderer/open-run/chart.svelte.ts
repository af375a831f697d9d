/** How a person wants to see a run: axes, colours, view below the chart, caps. Remembered per run. */
import {
  geneOf,
  isMeasure,
  naturallyLogarithmic,
  type GeneKey,
  type MeasureKey,
} from './measures/measures.ts';
import { tableFilters, type TableFilter } from './table-rows.ts';
import type { Genes } from './genotype/genotype.ts';
import { rankedBy, type RankedBy } from './ranking/estimates.ts';
import { isCost, type CostAxis, type RunRanking } from './ranking/ranking.svelte.ts';

export type ColourKey = 'generation' | 'status' | GeneKey;
export type Side = 'x' | 'y';
export const lowerViews = ['table', 'parallel', 'bands', 'course', 'model', 'trained'] as const;
export type LowerView = (typeof lowerViews)[number];

interface Axis {
  readonly key: MeasureKey;
  readonly logarithmic: boolean;
}

interface Stored {
  readonly x?: unknown;
  readonly y?: unknown;
  readonly xLog?: unknown;
  readonly yLog?: unknown;
  readonly colour?: unknown;
  readonly view?: unknown;
  readonly caps?: unknown;
  readonly bands?: unknown;
  readonly each?: unknown;
  readonly tab?: unknown;
  readonly by?: unknown;
}

export const mostBands = 12;
export const mostOfEach = 5;

export class ChartChoices {
  #x: Axis = $state.raw({ key: 'latency', logarithmic: true });
  #y: Axis = $state.raw({ key: 'score', logarithmic: false });
  #colour: ColourKey = $state('generation');
  #view: LowerView = $state('table');
  #bands = $state(5);
  #each = $state(1);
  #tab: TableFilter = $state('front');
  readonly #ranking: RunRanking;
  readonly #storage: Storage;
  readonly #key: string;

  constructor(ranking: RunRanking, storage: Storage, run: string) {
    this.#ranking = ranking;
    this.#storage = storage;
    this.#key = `zico.chart.${run}`;
  }

  /** Restores what was chosen for this run before, as far as the run still has it. */
  restore(genes: Genes, cost: CostAxis): void {
    this.#ranking.axis = cost;
    this.#x = { key: cost, logarithmic: true };
    const stored = this.#read();
    const known = (key: unknown): key is MeasureKey =>
      isMeasure(key, genes) && (key !== 'latency' || cost === 'latency');
    if (known(stored.x) && known(stored.y) && stored.x !== stored.y) {
      this.#x = { key: stored.x, logarithmic: stored.xLog === true };
      this.#y = { key: stored.y, logarithmic: stored.yLog === true };
    }
    const { colour, view, bands, each } = stored;
    if (
      colour === 'status' ||
      (typeof colour === 'string' && geneOf(colour) !== null && known(colour))
    )
      this.#colour = colour as ColourKey;
    if (lowerViews.some((one) => one === view)) this.#view = view as LowerView;
    if (tableFilters.some((one) => one === stored.tab)) this.#tab = stored.tab as TableFilter;
    if (rankedBy.some((one) => one === stored.by)) this.#ranking.by = stored.by as RankedBy;
    if (isCount(bands, 2, mostBands)) this.#bands = bands;
    if (isCount(each, 1, mostOfEach)) this.#each = each;
    if (typeof stored.caps === 'object') this.#ranking.restoreCaps(stored.caps ?? {});
    this.#followCost();
  }

  get x(): Axis {
    return this.#x;
  }

  get y(): Axis {
    return this.#y;
  }

  /** The axis that holds the cost while the other one holds the score; null where there is no front line. */
  readonly costSide: Side | null = $derived.by(() => {
    const cost = this.#ranking.axis;
    if (this.#x.key === cost && this.#y.key === 'score') return 'x';
    return this.#y.key === cost && this.#x.key === 'score' ? 'y' : null;
  });

  /** Another measure for one axis; one that the other axis has already changes places with it. */
  setAxis(side: Side, key: MeasureKey): void {
    const own = side === 'x' ? this.#x : this.#y;
    const other = side === 'x' ? this.#y : this.#x;
    if (own.key === key) return;
    const axis = other.key === key ? other : { key, logarithmic: naturallyLogarithmic(key) };
    const left = other.key === key ? own : other;
    this.#place(side === 'x' ? axis : left, side === 'x' ? left : axis);
  }

  swap(): void {
    this.#place(this.#y, this.#x);
  }

  /** Score against cost, as the run was searched. */
  standard(): void {
    const key = this.#ranking.axis;
    this.#place({ key, logarithmic: true }, { key: 'score', logarithmic: false });
  }

  setLogarithmic(side: Side, logarithmic: boolean): void {
    if (side === 'x') this.#x = { ...this.#x, logarithmic };
    else this.#y = { ...this.#y, logarithmic };
    this.keep();
  }

  get colour(): ColourKey {
    return this.#colour;
  }

  set colour(colour: ColourKey) {
    this.#colour = colour;
    this.keep();
  }

  get view(): LowerView {
    return this.#view;
  }

  set view(view: LowerView) {
    this.#view = view;
    this.keep();
  }

  /** Which candidates are listed. */
  get tab(): TableFilter {
    return this.#tab;
  }

  set tab(tab: TableFilter) {
    this.#tab = tab;
    this.keep();
  }

  /** Into how many bands of cost the candidates are divided. */
  get bands(): number {
    return this.#bands;
  }

  set bands(bands: number) {
    this.#bands = bands;
    this.keep();
  }

  /** By what candidates are ranked; null leaves it to the run. */
  set by(by: RankedBy) {
    this.#ranking.by = by;
    this.keep();
  }

  get by(): RankedBy {
    return this.#ranking.wantsEstimates ? 'estimates' : 'scores';
  }

  /** How many of each band are listed. */
  get each(): number {
    return this.#each;
  }

  set each(each: number) {
    this.#each = each;
    this.keep();
  }

  /** Null removes the cap of the cost that is looked at now. */
  set cap(cap: number | null) {
    this.#ranking.cap = cap;
    this.keep();
  }

  get cap(): number | null {
    return this.#ranking.cap;
  }

  keep(): void {
    const stored: Stored = {
      x: this.#x.key,
      y: this.#y.key,
      xLog: this.#x.logarithmic,
      yLog: this.#y.logarithmic,
      colour: this.#colour,
      view: this.#view,
      caps: this.#ranking.caps,
      bands: this.#bands,
      each: this.#each,
      tab: this.#tab,
      by: this.#ranking.by,
    };
    this.#storage.setItem(this.#key, JSON.stringify(stored));
  }

  #place(x: Axis, y: Axis): void {
    this.#x = x;
    this.#y = y;
    this.#followCost();
    this.keep();
  }

  /** The cost that is shown is also the cost of the front. */
  #followCost(): void {
    for (const { key } of [this.#x, this.#y]) {
      if (isCost(key)) {
        this.#ranking.axis = key;
        return;
      }
    }
  }

  #read(): Stored {
    try {
      const stored: unknown = JSON.parse(this.#storage.getItem(this.#key) ?? '{}');
      return typeof stored === 'object' && stored !== null ? stored : {};
    } catch {
      return {}; // anything else found there counts as nothing chosen
    }
  }
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
