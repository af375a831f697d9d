/** Everything of one open run, tied together: the page makes one and closes it when it goes. */
import type { Bridge } from '../../preload/contract.ts';
import { latencyDecimals } from '../lib/format.ts';
import { blocksOf, type Block } from '../lib/genotype.ts';
import { BiasFindings } from './bias.svelte.ts';
import { DetailStore } from './detail.svelte.ts';
import { ExportStore } from './export.svelte.ts';
import { MarkStore } from './marks.svelte.ts';
import { Pins } from './pins.svelte.ts';
import { Playback } from './playback.svelte.ts';
import { Ranking } from './ranking.svelte.ts';
import { RunData } from './run-data.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { TableStore } from './table.svelte.ts';
import { Viewport, type Extent } from './viewport.svelte.ts';
import { hasLatency } from '../lib/settings-words.ts';

export class RunSession {
  readonly data: RunData;
  readonly ranking: Ranking;
  readonly findings: BiasFindings;
  readonly selection = new Selection();
  readonly viewport = new Viewport();
  readonly details: DetailStore;
  readonly exports: ExportStore;
  readonly table: TableStore;
  readonly playback: Playback;
  readonly marks: MarkStore;
  readonly pins: Pins;

  constructor(
    bridge: Bridge,
    run: string,
    onError: (error: unknown) => void,
    storage: Storage = window.localStorage,
  ) {
    this.data = new RunData(bridge, run, onError);
    this.ranking = new Ranking(this.data);
    this.findings = new BiasFindings(this.data, this.ranking);
    this.details = new DetailStore(bridge, run, onError);
    this.exports = new ExportStore(bridge, run, onError);
    this.marks = new MarkStore(bridge, run, onError);
    this.pins = new Pins(storage, run);
    this.table = new TableStore(this.data, this.ranking, this.marks);
    this.playback = new Playback(this.data, this.ranking);
  }

  /** Opens the run, ranked as its search ranks it; answers whether that was possible. */
  async open(): Promise<boolean> {
    void this.marks.load();
    return this.data.open(({ summary: { settings } }) => {
      this.ranking.beta = settings.beta;
      this.ranking.capped = settings.termCap !== null;
      this.ranking.axis = hasLatency(settings) ? 'latency' : 'macs';
      this.ranking.mostLatencyMs = settings.maxLatencyMs;
    });
  }

  close(): void {
    this.playback.stop();
    this.data.close();
  }

  get selectedIndex(): number | undefined {
    const { id } = this.selection;
    return id === null ? undefined : this.data.columns.index(id);
  }

  blocks(values: readonly number[]): Block[] {
    return blocksOf(values, this.data.view?.space.genes ?? []);
  }

  /** One number of decimals for every latency of the run. */
  readonly latencyDecimals = $derived.by((): number => {
    const { columns } = this.data;
    let fastest = Infinity;
    for (let i = 0; i < columns.length; i++) {
      if (columns.latencyMs[i] < fastest) fastest = columns.latencyMs[i];
    }
    return latencyDecimals(Number.isFinite(fastest) ? fastest : 1);
  });

  /** The largest network so far; units are chosen by it. */
  readonly largest = $derived.by(() => {
    let macs = 0;
    let parameters = 0;
    for (const row of this.data.columns.rows) {
      macs = Math.max(macs, row.macs);
      parameters = Math.max(parameters, row.parameters);
    }
    return { macs, parameters };
  });

  /** Range of all points in axis coordinates, whatever generation is shown. */
  extent(): Extent {
    const { order, costs, scores } = this.ranking;
    let low = Infinity;
    let high = -Infinity;
    let first = -1;
    let last = -1;
    for (const i of order) {
      const score = scores[i];
      if (!Number.isFinite(score)) continue;
      if (first < 0) first = i;
      last = i;
      if (score < low) low = score;
      if (score > high) high = score;
    }
    if (first < 0) return null;
    return {
      x: { from: Math.log10(costs[first]), to: Math.log10(costs[last]) },
      y: { from: low, to: high },
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
      const right = front.findIndex((member) => costs[member] >= costs[index]);
      const edge = right < 0 ? front.length : right;
      next = Math.max(0, Math.min(front.length - 1, step > 0 ? edge : edge - 1));
    }
    this.#select(front[next]);
  }

  /** Up and down the table as it is sorted and filtered. */
  walkTable(step: 1 | -1): void {
    const { rows } = this.table;
    if (rows.length === 0) return;
    const index = this.selectedIndex;
    const at = index === undefined ? -1 : rows.indexOf(index);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    this.#select(rows[Math.max(0, Math.min(rows.length - 1, next))]);
  }

  selectKnee(): void {
    const { knee } = this.ranking;
    if (knee !== null) this.#select(knee);
  }

  #select(index: number): void {
    this.selection.select(this.data.columns.rows[index].id);
    const cost = this.ranking.costs[index];
    const score = this.ranking.scores[index];
    if (Number.isFinite(cost) && Number.isFinite(score)) {
      this.viewport.reveal(Math.log10(cost), score);
    }
  }
}
