/** The drawn network of one candidate: its stages, which of them are open, and where everything is. */
import type { ArchitectureNode, Bridge } from '../../../preload/contract.ts';
import { findNodes, folds, layoutRequest, stagesOf } from './architecture.ts';
import { ask } from '../../ground/bridge.ts';
import type { Layout } from '../layout/layout.ts';
import { layoutInWorker, type LayoutTask, type StartLayout } from '../layout/layout-task.ts';

export interface ArchitectureOptions {
  readonly bridge: Bridge;
  readonly run: string;
  readonly onError: (error: unknown) => void;
  readonly start?: StartLayout;
}

export class ArchitectureStore {
  readonly #options: ArchitectureOptions;
  readonly #start: StartLayout;
  #nodes: readonly ArchitectureNode[] = $state.raw([]);
  #open: ReadonlySet<string> = $state.raw(new Set());
  #layout: Layout | null = $state.raw(null);
  /** The stages that the layout shows open, to which cancelling returns. */
  #shownOpen: ReadonlySet<string> = new Set();
  #task: LayoutTask | null = $state.raw(null);
  #selected: string | null = $state(null);
  #id: number | null = null;
  /** What a person wants unfolded, whenever its network arrives; null while they said nothing about it. */
  #wanted: 'all' | ReadonlySet<string> | null = null;
  /** How far the search for a node has got. */
  term = $state('');
  #match = $state(0);

  constructor(options: ArchitectureOptions) {
    this.#options = options;
    this.#start = options.start ?? layoutInWorker;
  }

  readonly stages = $derived.by(() => stagesOf(this.#nodes));
  readonly matches = $derived.by(() => findNodes(this.#nodes, this.term));
  /** Name of a layer -> its box. */
  readonly boxOfLayer: ReadonlyMap<string, ArchitectureNode> = $derived.by(
    () => new Map(this.#nodes.flatMap((node) => (node.layer ? [[node.layer, node]] : []))),
  );
  readonly #byId = $derived.by(() => new Map(this.#nodes.map((node) => [node.id, node])));

  get open(): ReadonlySet<string> {
    return this.#open;
  }

  /** Null until the first layout is done. */
  get layout(): Layout | null {
    return this.#layout;
  }

  get working(): boolean {
    return this.#task !== null;
  }

  /** Id of the selected box. */
  get selected(): string | null {
    return this.#selected;
  }

  get match(): number {
    return Math.min(this.#match, Math.max(0, this.matches.length - 1));
  }

  node(id: string): ArchitectureNode | undefined {
    return this.#byId.get(id);
  }

  /** Shows another candidate; a layout in progress is cancelled. */
  async load(id: number): Promise<void> {
    if (this.#id === id) return;
    this.#id = id;
    this.#task?.cancel();
    this.#task = null;
    const { bridge, run, onError } = this.#options;
    try {
      const nodes = await ask(bridge, 'candidate.architecture', { run, id });
      if (this.#id !== id) return;
      this.#nodes = nodes;
      this.#selected = null;
      this.#layout = null;
      this.#show(this.#opening());
    } catch (error) {
      // Another candidate may be waited for by now.
      if (this.#id === id) this.#id = null;
      onError(error);
    }
  }

  toggle(stage: string): void {
    const open = new Set(this.#open);
    if (!open.delete(stage)) open.add(stage);
    this.#wanted = open;
    this.#show(open);
  }

  foldAll(): void {
    this.#wanted = new Set();
    this.#show(this.#opening());
  }

  unfoldAll(): void {
    this.#wanted = 'all';
    this.#show(this.#opening());
  }

  select(id: string | null): void {
    this.#selected = id;
  }

  /** Selects a box and opens its stage. */
  reveal(id: string): void {
    const node = this.node(id);
    if (!node) return;
    this.#selected = id;
    if (!this.#open.has(node.stage)) this.toggle(node.stage);
  }

  /** Goes to the next or previous match of the search; returns its id. */
  find(step: 1 | -1 | 0): string | null {
    const { matches } = this;
    if (matches.length === 0) return null;
    this.#match = (this.match + step + matches.length) % matches.length;
    const { id } = matches[this.match]!;
    this.reveal(id);
    return id;
  }

  /** Back to what is shown. */
  cancel(): void {
    this.#task?.cancel();
    this.#task = null;
    this.#open = this.#shownOpen;
    this.#wanted = this.#shownOpen;
  }

  close(): void {
    this.#task?.cancel();
    this.#task = null;
    this.#id = null;
  }

  /** What is open of the network that has arrived. */
  #opening(): ReadonlySet<string> {
    const wanted = this.#wanted;
    if (wanted === 'all') return new Set(this.stages.filter(folds).map(({ stage }) => stage));
    const known = new Set(this.stages.map(({ stage }) => stage));
    const kept = [...(wanted ?? this.#open)].filter((stage) => known.has(stage));
    // All folded is a wish as well; stages that this network does not have are none.
    return new Set(kept.length > 0 || wanted?.size === 0 ? kept : this.#heaviest());
  }

  /** One open stage says more than none: the one that computes most. */
  #heaviest(): string[] {
    const most = this.stages
      .filter(folds)
      .reduce<(typeof this.stages)[number] | null>(
        (so, stage) => (so === null || stage.macs > so.macs ? stage : so),
        null,
      );
    return most && most.nodes.length <= 40 ? [most.stage] : [];
  }

  #show(open: ReadonlySet<string>): void {
    this.#open = open;
    this.#task?.cancel();
    // Laid out when it arrives.
    if (this.#nodes.length === 0) return;
    const task = this.#start(layoutRequest(this.stages, open));
    this.#task = task;
    task.done.then(
      (layout) => {
        if (this.#task !== task) return;
        this.#task = null;
        this.#layout = layout;
        this.#shownOpen = open;
      },
      (error: unknown) => {
        if (this.#task !== task) return;
        this.cancel();
        this.#options.onError(error);
      },
    );
  }
}
