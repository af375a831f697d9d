/**
 * How long a search would take that is not begun yet: by a trial, which gives way to whatever a person starts, or by
 * one of the same search that was made before. The rates are kept for later sessions of the app.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { SearchRate } from '../../preload/contract.ts';
import { writeSmallFileAtomically } from '../atomic-write.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import type { ComputeTurn } from './compute-turn.ts';
import type { SearchChoice } from './searches.ts';
import type { Services } from './services.ts';

export interface TrialsOptions {
  readonly services: Pick<Services, 'scoringTrial' | 'describedSpace' | 'productVersion'>;
  readonly turn: ComputeTurn;
  /** Where rates are kept. */
  readonly file: string;
}

const keptRate = z.object({
  key: z.string(),
  secondsPerCandidate: z.number().positive(),
  networks: z.number(),
});
const keptRates = z.array(keptRate);
type KeptRate = z.infer<typeof keptRate>;

/** Rates that are kept, the latest. */
const most = 100;

export interface WantedSearch extends SearchChoice {
  readonly settings: SearchSettings;
}

export class Trials {
  readonly #options: TrialsOptions;
  #kept: readonly KeptRate[];
  #running: { readonly key: string; readonly abort: AbortController } | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: TrialsOptions) {
    this.#options = options;
    this.#kept = read(options.file);
  }

  /** Null where nobody knows: something else computes, a phone measures, or a network cannot be scored. */
  async rate(wanted: WantedSearch): Promise<SearchRate | null> {
    const key = this.#keyOf(wanted);
    const known = this.#kept.find((one) => one.key === key);
    if (known !== undefined) return rateOf(known);
    // The form asks for the latest that was typed.
    this.#running?.abort.abort();
    await this.#ended;
    const abort = new AbortController();
    const giveBack = this.#options.turn.takeYielding(() => abort.abort());
    if (giveBack === null) return null;
    this.#running = { key, abort };
    const trying = this.#try(wanted, key, abort.signal).finally(() => {
      this.#running = null;
      giveBack();
    });
    this.#ended = trying.catch(() => undefined);
    return await trying;
  }

  /** Gives up what is tried, and waits until its processes have ended. */
  async close(): Promise<void> {
    this.#running?.abort.abort();
    await this.#ended;
  }

  async #try(
    { settings, space: own, scoring }: WantedSearch,
    key: string,
    signal: AbortSignal,
  ): Promise<SearchRate | null> {
    const { services } = this.#options;
    try {
      const space = own ?? services.describedSpace(settings.space);
      const rate = await services.scoringTrial(settings, space, scoring ?? {}, signal);
      if (rate === null) return null;
      this.#keep({ key, ...rate });
      return rateOf(rate);
    } catch (error) {
      // Whoever starts such a search hears of it.
      if (signal.aborted || error instanceof WorkbenchError) return null;
      throw error;
    }
  }

  /** What decides how long a candidate takes. */
  #keyOf({ settings, space, scoring }: WantedSearch): string {
    const { batches, batchSize, score, proxies, weights, latency, data } = settings;
    const { intervalPercent, repeats } = settings;
    return JSON.stringify([
      ...[this.#options.services.productVersion, space?.description ?? settings.space],
      ...[batches, batchSize, score, proxies, weights, data, scoring ?? null, latency],
      ...(latency === 'macs' ? [] : [intervalPercent, repeats]),
    ]);
  }

  #keep(rate: KeptRate): void {
    this.#kept = [rate, ...this.#kept].slice(0, most);
    try {
      writeSmallFileAtomically(this.#options.file, JSON.stringify(this.#kept));
    } catch {
      // It is found out anew by the next session.
    }
  }
}

const rateOf = ({ secondsPerCandidate, networks }: Omit<KeptRate, 'key'>): SearchRate => ({
  secondsPerCandidate,
  networks,
});

/** A file that is missing or damaged counts as none. */
function read(file: string): readonly KeptRate[] {
  try {
    const known = keptRates.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return known.success ? known.data : [];
  } catch {
    return [];
  }
}
