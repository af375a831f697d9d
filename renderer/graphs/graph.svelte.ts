/** The model that is looked at as a graph: its boxes, where they lie, the one that is looked at closely. */
import { createContext } from 'svelte';
import type { Bridge, ModelBox, ModelGraph, ModelNode } from '../../preload/contract.ts';
import { answered, ask, errorReportOf } from '../ground/bridge.ts';
import type { GraphLayout } from './layout/graph-layout.ts';
import {
  graphLayoutInWorker,
  type GraphLayoutTask,
  type StartGraphLayout,
} from './layout/graph-layout-task.ts';

export interface GraphOptions {
  readonly bridge: Bridge;
  readonly onError: (error: unknown) => void;
  /** Told of a file that could be opened, which mends what was said of the one before. */
  readonly onOpened?: () => void;
  readonly start?: StartGraphLayout;
}

export class GraphStore {
  readonly #options: GraphOptions;
  readonly #start: StartGraphLayout;
  #graph: ModelGraph | null = $state.raw(null);
  #layout: GraphLayout | null = $state.raw(null);
  #task: GraphLayoutTask | null = $state.raw(null);
  #reading = $state(false);
  #selected: number | null = $state(null);
  #node: ModelNode | null = $state.raw(null);
  /** Counts what was opened. */
  #opened = 0;
  #match = $state(0);
  term = $state('');

  constructor(options: GraphOptions) {
    this.#options = options;
    this.#start = options.start ?? graphLayoutInWorker;
  }

  /** Numbers of the boxes in which all words of the search occur; all where nothing is looked for. */
  readonly matches: readonly number[] = $derived.by(() => {
    const words = this.term.toLowerCase().split(/\s+/).filter(Boolean);
    const order = this.#layout ? [...this.#layout.order] : [];
    if (words.length === 0) return order;
    return order.filter((box) => {
      const { title, name, shape } = this.#graph!.boxes[box]!;
      const all = `${title} ${name} ${shape}`.toLowerCase();
      return words.every((word) => all.includes(word));
    });
  });
  /** For each box those that read it. */
  readonly readers: readonly (readonly number[])[] = $derived.by(() => {
    const boxes = this.#graph?.boxes ?? [];
    const readers = boxes.map((): number[] => []);
    for (const [box, { from }] of boxes.entries()) for (const one of from) readers[one]!.push(box);
    return readers;
  });
  readonly searching: boolean = $derived(this.term.trim() !== '');

  get graph(): ModelGraph | null {
    return this.#graph;
  }

  /** Null until it is laid out. */
  get layout(): GraphLayout | null {
    return this.#layout;
  }

  get working(): 'reading' | 'layout' | null {
    return this.#reading ? 'reading' : this.#task ? 'layout' : null;
  }

  /** Number of the selected box. */
  get selected(): number | null {
    return this.#selected;
  }

  /** What is known of the selected box; null until it is there. */
  get node(): ModelNode | null {
    return this.#node?.box === this.#selected ? this.#node : null;
  }

  get match(): number {
    return Math.min(this.#match, Math.max(0, this.matches.length - 1));
  }

  box(number: number): ModelBox {
    return this.#graph!.boxes[number]!;
  }

  /** Asks for a file; returns whether there is one now. */
  choose(): Promise<boolean> {
    return this.#open(() => ask(this.#options.bridge, 'graphs.choose'));
  }

  ofModel(id: number): Promise<boolean> {
    return this.#open(() => ask(this.#options.bridge, 'graphs.ofModel', { id }));
  }

  drop(file: File): Promise<boolean> {
    return this.#open(() => answered(this.#options.bridge.dropGraph(file)));
  }

  /** What was looked at before the page was loaded again, if anything was. */
  async last(): Promise<void> {
    if (this.#graph === null && !this.#reading) {
      await this.#open(() => ask(this.#options.bridge, 'graphs.last'));
    }
  }

  /** Stops reading or laying out; what was shown before stays. */
  cancel(): void {
    if (this.#reading) void ask(this.#options.bridge, 'graphs.stop').catch(() => undefined);
    this.#task?.cancel();
    this.#task = null;
    if (this.#layout === null) this.#graph = null;
  }

  /** Nobody is looking any more; the graph stays for when somebody comes back. */
  leave(): void {
    this.cancel();
    void ask(this.#options.bridge, 'graphs.close').catch(() => undefined);
  }

  select(box: number | null): void {
    this.#selected = box;
    if (box !== null) void this.#look(box);
  }

  /** Goes to the next or previous match of the search; returns its number. */
  find(step: 1 | -1 | 0): number | null {
    const { matches } = this;
    if (!this.searching || matches.length === 0) return null;
    this.#match = step === 0 ? 0 : (this.match + step + matches.length) % matches.length;
    const box = matches[this.match]!;
    this.select(box);
    return box;
  }

  /** The box before or after the selected one, from top to bottom; returns its number. */
  walk(step: 1 | -1): number | null {
    const { matches } = this;
    const at = this.#selected === null ? -1 : matches.indexOf(this.#selected);
    const next = matches[at < 0 ? 0 : Math.max(0, Math.min(matches.length - 1, at + step))];
    if (next === undefined) return null;
    this.select(next);
    return next;
  }

  async #look(box: number): Promise<void> {
    const graph = this.#graph;
    if (graph === null || this.#node?.box === box) return;
    try {
      const node = await ask(this.#options.bridge, 'graphs.node', { model: graph.model, box });
      if (this.#graph === graph && this.#selected === box) this.#node = node;
    } catch (error) {
      if (this.#graph === graph && this.#selected === box) this.#options.onError(error);
    }
  }

  async #open(read: () => Promise<ModelGraph | null>): Promise<boolean> {
    const opened = ++this.#opened;
    this.#reading = true;
    try {
      const graph = await read();
      if (opened !== this.#opened) return false;
      this.#reading = false;
      if (graph === null) return false;
      this.#task?.cancel();
      this.#graph = graph;
      this.#layout = null;
      this.#node = null;
      this.#selected = null;
      this.term = '';
      this.#match = 0;
      this.#options.onOpened?.();
      await this.#layOut(graph);
      return true;
    } catch (error) {
      // Somebody stopped it, or opened another.
      const stopped = errorReportOf(error).code === 'reading-aborted';
      if (opened === this.#opened && !stopped) this.#options.onError(error);
      return false;
    } finally {
      if (opened === this.#opened) this.#reading = false;
    }
  }

  async #layOut({ boxes, refusal }: ModelGraph): Promise<void> {
    const task = this.#start({ from: boxes.map(({ from }) => from) });
    this.#task = task;
    const layout = await task.done;
    if (this.#task !== task) return;
    this.#task = null;
    this.#layout = layout;
    if (refusal?.box !== undefined && refusal.box !== null) this.select(refusal.box);
  }
}

export const [useGraph, provideGraph] = createContext<GraphStore>();
