/**
 * What the main side knows of a search before it begins: how long a candidate takes here, and with which runs'
 * candidates it may begin.
 */
import { differingSettings } from '../../../main/common/take-over.ts';
import type {
  Bridge,
  MethodArguments,
  RunSummary,
  SearchRate,
  SearchSettings,
} from '../../../preload/contract.ts';
import { ask } from '../../ground/bridge.ts';

/** A search as the form asks for it. */
export type ForeseenSearch = MethodArguments<'search.rate'>[0];

/** As many of the latest runs are asked about. */
const mostRuns = 20;

export class Foresight {
  readonly #bridge: Bridge;
  #rate: { readonly key: string; readonly rate: SearchRate | null } | null = $state.raw(null);
  #trying: string | null = $state(null);
  #beginnings: { readonly key: string; readonly runs: readonly string[] } | null = $state.raw(null);

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** By a few networks that were scored for that; null where it was not tried, or nobody knows. */
  rateOf(wanted: ForeseenSearch | null): SearchRate | null {
    return wanted !== null && this.#rate?.key === keyOf(wanted) ? this.#rate.rate : null;
  }

  /** Whether such networks are being scored. */
  isTrying(wanted: ForeseenSearch | null): boolean {
    return wanted !== null && this.#trying === keyOf(wanted);
  }

  /** Asks for the rate, unless that was done. */
  async tryRate(wanted: ForeseenSearch): Promise<void> {
    const key = keyOf(wanted);
    if (this.#rate?.key === key || this.#trying === key) return;
    this.#trying = key;
    try {
      const rate = await ask(this.#bridge, 'search.rate', wanted);
      // The answer to an earlier request may come after that to a later one.
      if (this.#trying === key) this.#rate = { key, rate };
    } finally {
      if (this.#trying === key) this.#trying = null;
    }
  }

  /** Of these runs those that it may begin with; none until the main side has answered. */
  beginningsOf(wanted: ForeseenSearch | null, runs: readonly RunSummary[]): readonly RunSummary[] {
    if (wanted === null || this.#beginnings?.key !== keyOf(wanted)) return [];
    const { runs: fitting } = this.#beginnings;
    return runs.filter(({ run }) => fitting.includes(run));
  }

  /** Asks which of these runs it may begin with; the main side looks only at those that may fit. */
  async lookForBeginnings(wanted: ForeseenSearch, runs: readonly RunSummary[]): Promise<void> {
    const alike = runs.filter((one) => mayBegin(one, wanted.settings)).slice(0, mostRuns);
    const key = keyOf(wanted);
    if (alike.length === 0) {
      this.#beginnings = { key, runs: [] };
      return;
    }
    const asked = { ...wanted, runs: alike.map(({ run }) => run) };
    const fitting = await ask(this.#bridge, 'search.beginnings', asked);
    this.#beginnings = { key, runs: fitting };
  }
}

const keyOf = (wanted: ForeseenSearch): string => JSON.stringify(wanted);

/** As far as a list of runs tells. */
function mayBegin(
  { error, evaluated, settings: stored, state }: RunSummary,
  settings: SearchSettings,
): boolean {
  return (
    error === null &&
    evaluated > 0 &&
    state !== 'searching' &&
    stored.space === settings.space &&
    stored.data === settings.data &&
    differingSettings(stored, settings).length === 0
  );
}
