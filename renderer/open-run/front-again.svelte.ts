/**
 * Measures every member of a front again, one after the other, and says how the new latencies compare with the stored
 * ones. Nothing is stored: a run says what its search found.
 */
import { withinErrors, type BoundedCost } from '../../main/common/latency-bounds.ts';
import { isEstimate } from '../../main/common/latency-sources.ts';
import type { Bridge, MeasuredAgain } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import { hasLatency } from '../runs/settings-words.ts';
import type { ErrandStore } from '../ground/errands.svelte.ts';
import type { RunData } from './columns/run-data.svelte.ts';
import type { RunRanking } from './ranking/ranking.svelte.ts';

export interface MemberAgain {
  readonly id: number;
  /** The latency of the run file, in ms. */
  readonly stored: BoundedCost;
  readonly again: MeasuredAgain;
}

export interface FrontAgainSummary {
  readonly measured: number;
  /** Whose two latencies differ by less than their errors. */
  readonly agreeing: number;
  /** Of those for which both errors are known. */
  readonly judged: number;
  /** Neighbours on the front, by the stored latencies, that are the other way round now. */
  readonly swapped: number;
  /** Never became steady now. */
  readonly unsteady: number;
  /** Measured under other conditions than the search: the two cannot be compared. */
  readonly otherConditions: number;
}

export class FrontAgainStore {
  readonly #bridge: Bridge;
  readonly #data: RunData;
  readonly #ranking: Pick<RunRanking, 'front'>;
  readonly #onError: (error: unknown) => void;
  readonly #errands: ErrandStore;
  #running: { readonly done: number; readonly all: number } | null = $state.raw(null);
  #members: readonly MemberAgain[] = $state.raw([]);
  #cancelled = $state(false);

  constructor(
    bridge: Bridge,
    data: RunData,
    ranking: Pick<RunRanking, 'front'>,
    onError: (error: unknown) => void,
    errands: ErrandStore,
  ) {
    this.#errands = errands;
    this.#bridge = bridge;
    this.#data = data;
    this.#ranking = ranking;
    this.#onError = onError;
  }

  get running(): { readonly done: number; readonly all: number } | null {
    return this.#running;
  }

  /** By the stored latencies, the quickest first. */
  get members(): readonly MemberAgain[] {
    return this.#members;
  }

  /** Estimates come out the same every time, and MACs are no latencies. */
  get possible(): boolean {
    const settings = this.#data.view?.summary.settings;
    return settings !== undefined && hasLatency(settings) && !isEstimate(settings.latency);
  }

  readonly summary: FrontAgainSummary = $derived.by(() => frontAgainSummary(this.#members));

  /** What was measured before a cancel or an error stays. */
  async measure(): Promise<void> {
    if (this.#running !== null || !this.possible) return;
    const { columns, run } = this.#data;
    const front = [...this.#ranking.front].sort(
      (a, b) => columns.latencyMs[a]! - columns.latencyMs[b]!,
    );
    const ids = front.map((index) => columns.ids[index]!);
    this.#cancelled = false;
    this.#members = [];
    const ended = this.#errands.begin({
      ...{ run, kind: 'front' },
      share: () => this.#running && this.#running.done / this.#running.all,
      stoppable: () => !this.#cancelled,
      cancel: () => void this.cancel(),
    });
    try {
      for (const [done, id] of ids.entries()) {
        this.#running = { done, all: ids.length };
        const again = await ask(this.#bridge, 'candidate.measureAgain', { run, id });
        if (again === null) break;
        const index = columns.index(id);
        if (index !== undefined) {
          const bounds = columns.latencyBounds(index);
          const cost = columns.latencyMs[index]!;
          const stored = { cost, low: bounds?.lowMs ?? null, high: bounds?.highMs ?? null };
          this.#members = [...this.#members, { id, stored, again }];
        }
        if (this.#isCancelled()) break;
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#running = null;
      ended();
    }
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
    try {
      await ask(this.#bridge, 'candidate.cancelAgain');
    } catch (error) {
      this.#onError(error);
    }
  }

  dismiss(): void {
    this.#members = [];
  }

  #isCancelled(): boolean {
    return this.#cancelled;
  }
}

/** @param members by their stored latencies, the quickest first */
export function frontAgainSummary(members: readonly MemberAgain[]): FrontAgainSummary {
  const judged = members.filter(
    ({ stored, again }) => stored.low !== null && again.bounds !== null,
  );
  return {
    measured: members.length,
    judged: judged.length,
    agreeing: judged.filter(({ stored, again }) => withinErrors(stored, costOf(again))).length,
    swapped: members
      .slice(1)
      .filter(({ again }, i) => again.latencyMs < members[i]!.again.latencyMs).length,
    unsteady: members.filter(({ again }) => isUnsteady(again)).length,
    otherConditions: members.filter(({ again }) => !again.sameConditions).length,
  };
}

export const isUnsteady = ({ unsteady, phone }: MeasuredAgain): boolean =>
  unsteady.length > 0 || (phone?.unsteady.length ?? 0) > 0;

function costOf({ latencyMs, bounds }: MeasuredAgain): BoundedCost {
  return { cost: latencyMs, low: bounds?.lowMs ?? null, high: bounds?.highMs ?? null };
}
