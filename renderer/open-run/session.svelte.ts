/** Everything about one open run: the page creates one and closes it when it goes away. */
import type { Bridge, RunView } from '../../preload/contract.ts';
import type { Undoable } from '../ground/undo.svelte.ts';
import { betaFor } from '../../main/common/objectives.ts';
import { latencyDecimals } from '../ground/words/format.ts';
import { genotypeBlocks, type GeneBlock } from './genotype/genotype.ts';
import { KeptColumn, KeptExtent } from './columns/kept-column.ts';
import { placeOnAxis, type MeasureKey } from './measures/measures.ts';
import { Arrangement } from './arrangement.svelte.ts';
import { BiasFindings } from './ranking/findings.svelte.ts';
import { ChartChoices, type Side } from './chart.svelte.ts';
import { DetailStore } from './detail.svelte.ts';
import { ExportStore } from './export.svelte.ts';
import { FrontAgainStore } from './front-again.svelte.ts';
import { Filter } from './measures/filter.svelte.ts';
import { SavedFilters, type SavedFilter } from './measures/saved-filters.svelte.ts';
import { MarkStore } from './marks.svelte.ts';
import { MeasureStore } from './measures/measures.svelte.ts';
import { ModelStore } from './model.svelte.ts';
import { periodsOf } from '../../main/common/periods.ts';
import { Pins } from './pins.svelte.ts';
import { Playback } from './playback.svelte.ts';
import { RunRanking } from './ranking/ranking.svelte.ts';
import { RunData } from './columns/run-data.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { TableStore } from './table.svelte.ts';
import { TrainedStore } from './trained.svelte.ts';
import { ZicoStore } from './zico.svelte.ts';
import { Viewport, type PointRange } from '../ground/chart/viewport.svelte.ts';
import { hasLatency } from '../runs/settings-words.ts';
import { ErrandStore } from '../ground/errands.svelte.ts';

/** What of a run goes on when its page is left. */
export interface Outliving {
  readonly errands?: ErrandStore;
  readonly exports?: ExportStore;
}

export class RunSession {
  readonly data: RunData;
  readonly ranking: RunRanking;
  readonly findings: BiasFindings;
  readonly selection = new Selection();
  readonly viewport = new Viewport();
  readonly details: DetailStore;
  readonly exports: ExportStore;
  readonly zico: ZicoStore;
  readonly frontAgain: FrontAgainStore;
  readonly table: TableStore;
  readonly playback: Playback;
  readonly marks: MarkStore;
  readonly trained: TrainedStore;
  readonly pins: Pins;
  readonly measures: MeasureStore;
  readonly model: ModelStore;
  readonly filter: Filter;
  readonly savedFilters: SavedFilters;
  readonly chart: ChartChoices;
  readonly arrangement: Arrangement;

  constructor(
    bridge: Bridge,
    run: string,
    onError: (error: unknown) => void,
    storage: Storage = window.localStorage,
    did?: (action: Undoable) => void,
    { errands = new ErrandStore(), exports }: Outliving = {},
  ) {
    this.data = new RunData(bridge, run, onError);
    this.ranking = new RunRanking(this.data);
    this.findings = new BiasFindings(this.data, this.ranking);
    this.details = new DetailStore(bridge, run, onError);
    this.zico = new ZicoStore(bridge, this.data, this.details, onError);
    this.frontAgain = new FrontAgainStore(bridge, this.data, this.ranking, onError, errands);
    this.exports = exports ?? new ExportStore(bridge, run, onError, errands);
    this.marks = new MarkStore(bridge, run, onError, did);
    this.trained = new TrainedStore(bridge, run, onError);
    this.pins = new Pins(storage, run, did);
    this.measures = new MeasureStore(this.data, this.ranking);
    const { details, pins } = this;
    this.model = new ModelStore(bridge, this.data, this.ranking, onError, { details, pins });
    this.savedFilters = new SavedFilters(storage);
    this.filter = new Filter(this.data, this.ranking, this.measures);
    this.chart = new ChartChoices(this.ranking, storage, run);
    this.arrangement = new Arrangement(storage);
    this.table = new TableStore(this.data, this.ranking, this.marks, this.filter, this.chart);
    this.playback = new Playback(this.data, this.ranking);
  }

  /** Opens the run, ranked as its search ranks it; returns whether that was possible. */
  async open(): Promise<boolean> {
    this.exports.open();
    void this.marks.load();
    const rank = ({ summary: { settings }, space, readOnly }: RunView): void => {
      this.marks.readOnly = readOnly;
      this.ranking.score = settings.score;
      this.ranking.beta = betaFor(settings.score, settings.beta);
      this.ranking.capped = settings.termCap !== null;
      this.chart.restore(space.genes, hasLatency(settings) ? 'latency' : 'macs');
      this.arrangement.restore(settings);
      this.ranking.mostLatencyMs = settings.maxLatencyMs;
    };
    return this.data.open(rank, () => this.#prepare());
  }

  /**
   * Computes what is kept while the next candidates are on their way, so that the first picture has to wait for
   * less.
   */
  #prepare(): void {
    void [this.ranking.front, this.ranking.order, this.findings.generations];
    this.extent();
  }

  close(): void {
    this.playback.stop();
    // What it finds is shown on this page alone.
    if (this.frontAgain.running !== null) void this.frontAgain.cancel();
    this.exports.close();
    this.marks.close();
    this.pins.close();
    this.data.close();
  }

  /** Generations, or what stands for them. */
  readonly periods = $derived.by(() => periodsOf(this.data.view?.summary.settings));

  get selectedIndex(): number | undefined {
    const { id } = this.selection;
    return id === null ? undefined : this.data.columns.index(id);
  }

  blocks(values: readonly number[]): GeneBlock[] {
    return genotypeBlocks(values, this.data.view?.space.genes ?? []);
  }

  /** One number of decimals for every latency of the run. */
  readonly latencyDecimals = $derived.by((): number => {
    const { fastestMs } = this.data.columns;
    return latencyDecimals(Number.isFinite(fastestMs) ? fastestMs : 1);
  });

  /** The largest network so far; units are chosen by it. */
  readonly largest = $derived.by(() => ({ ...this.data.columns.largest }));

  /** What places on each axis follow from. */
  readonly #bases = $derived.by(() => {
    const of = ({ key, logarithmic }: { key: MeasureKey; logarithmic: boolean }) => [
      ...[key, logarithmic, this.measures.get(key) === undefined],
      ...this.ranking.basisOf(key),
    ];
    return { x: of(this.chart.x), y: of(this.chart.y) };
  });
  readonly #kept = { x: new KeptColumn(), y: new KeptColumn() };
  readonly #xAt = $derived.by(() => this.#placesOn('x'));
  readonly #yAt = $derived.by(() => this.#placesOn('y'));

  #placesOn(side: Side): Float64Array {
    const { key, logarithmic } = this.chart[side];
    const values = this.measures.get(key)?.values ?? [];
    return this.#kept[side].of(this.#bases[side], this.data.columns.length, (at, from, to) =>
      placeOnAxis(at, values, logarithmic, from, to),
    );
  }

  /** Where every candidate is on the axes of the chart; NaN where it has no place. */
  get places(): { readonly x: Float64Array; readonly y: Float64Array } {
    return { x: this.#xAt, y: this.#yAt };
  }

  readonly #extents = { x: new KeptExtent(), y: new KeptExtent() };

  /** Range of all points in axis coordinates, whatever generation is shown. */
  extent(): PointRange {
    const { x, y } = this.places;
    const basis = [...this.#bases.x, ...this.#bases.y];
    // Only what has both values has a place at all.
    const together = (side: Side, axis: Float64Array, other: Float64Array) => {
      const so = this.#extents[side].of(basis, axis.length, axis, other);
      return so && { from: so.low, to: so.high };
    };
    const xSpan = together('x', x, y);
    const ySpan = together('y', y, x);
    if (!xSpan || !ySpan) return null;
    const least = (logarithmic: boolean, at: number): number =>
      logarithmic ? 0.02 : Math.abs(at) * 0.01 || 1;
    return {
      x: xSpan,
      y: ySpan,
      least: {
        x: least(this.chart.x.logarithmic, xSpan.to),
        y: least(this.chart.y.logarithmic, ySpan.to),
      },
    };
  }

  /** Left and right along the front; from a dominated candidate to its neighbour on the front. */
  walkFront(step: 1 | -1): void {
    const { front, costs } = this.ranking;
    if (front.length === 0) return;
    const index = this.selectedIndex;
    const at = index === undefined ? -1 : front.indexOf(index);
    let next: number;
    if (at >= 0) next = Math.max(0, Math.min(front.length - 1, at + step));
    else if (index === undefined) next = step > 0 ? 0 : front.length - 1;
    else {
      const right = front.findIndex((member) => costs[member]! >= costs[index]!);
      const edge = right < 0 ? front.length : right;
      next = Math.max(0, Math.min(front.length - 1, step > 0 ? edge : edge - 1));
    }
    this.select(front[next]!);
  }

  /** Up and down the table as it is sorted and filtered. */
  walkTable(step: 1 | -1): void {
    const { rows } = this.table;
    if (rows.length === 0) return;
    const index = this.selectedIndex;
    const at = index === undefined ? -1 : rows.indexOf(index);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    this.select(rows[Math.max(0, Math.min(rows.length - 1, next))]!);
  }

  /** Filters by what the run has of it; returns what it has not. A filter about nothing here changes nothing. */
  applyFilter({ ranges }: SavedFilter): MeasureKey[] {
    const known = [...ranges].filter(([key]) => this.measures.get(key) !== undefined);
    if (known.length > 0) this.filter.replace(new Map(known));
    return [...ranges.keys()].filter((key) => this.measures.get(key) === undefined);
  }

  selectKnee(): void {
    const { knee } = this.ranking;
    if (knee !== null) this.select(knee);
  }

  selectUnderCap(): void {
    const { underCap } = this.ranking;
    if (underCap !== null) this.select(underCap);
  }

  /** Selects by index and brings the point into view. */
  select(index: number): void {
    this.selection.select(this.data.columns.ids[index]!);
    const x = this.#xAt[index]!;
    const y = this.#yAt[index]!;
    if (Number.isFinite(x) && Number.isFinite(y)) this.viewport.reveal(x, y);
  }
}
