/** A search on the command line: its progress on stderr, and Ctrl-C. */
import type { Ended } from '../asked/search-result.ts';
import type { Begin } from '../asked/search.ts';
import type { AskedRunningSearch, SearchListener, SessionOptions } from '../asked/services.ts';
import type { DataProgress } from '../common/data-progress.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { Candidate } from '../run/candidate.ts';
import type { FarmWish } from '../workbench/farm-wish.ts';
import type { CliEnvironment } from './environment.ts';
import { farmNewsInLines } from './farm-news.ts';
import { startTicker } from './progress.ts';
import { searchProgress } from './search-progress.ts';
import { span } from './table.ts';

/** How a search ended, and what is said of that session alone. */
export interface Followed extends Ended {
  /** The share of their time that scoring processes computed; null where nobody knows. */
  readonly computing: number | null;
}

/** Runs a search to its end or to Ctrl-C, with progress on stderr. */
export async function followSearch(
  run: string,
  settings: SearchSettings,
  earlier: readonly Candidate[],
  environment: CliEnvironment,
  begin: Begin,
  farm: FarmWish | null = null,
): Promise<Omit<Followed, 'run'>> {
  const { stderr, interrupted } = environment;
  const progress = searchProgress(settings, earlier, () => performance.now());
  const ticker = startTicker(stderr, () => progress.line());
  let scoring: ScoringPlan | null = null;
  let rejected = 0;
  let repaired = 0;
  let computing: number | null = null;
  const hear: SearchListener = (event) => {
    rejected = event.rejected ?? rejected;
    repaired = event.repaired ?? repaired;
    computing = event.computing ?? computing;
    progress.hear(event);
    if (scoring === null && event.scoring?.note) ticker.note(event.scoring.note);
    scoring = event.scoring ?? scoring;
    if (event.candidate?.status === 'failed') {
      const { id, genotype, failure } = event.candidate;
      ticker.note(`candidate ${id} (${genotype}) failed: ${failure.message}`);
    }
    ticker.changed();
  };
  const said = new Map<string, string | null>();
  const hearPhones: NonNullable<SessionOptions['onPhones']> = (phones) => {
    for (const { serial, message, limitMs } of phones) {
      // Only the figures in such a message keep changing: each wait is reported once, until the phone works again.
      const reason = message?.replace(/[\d.]+/g, '') ?? null;
      if ((said.get(serial) ?? null) !== reason && message !== null) {
        ticker.note(`phone ${serial}: ${message} ${limitWords(limitMs)}`.trim());
      }
      said.set(serial, reason);
    }
  };
  let running: AskedRunningSearch | null = null;
  const stop = () => {
    ticker.note('stopping; press Ctrl-C again to end at once');
    running?.stop();
  };
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    const onProgress = (at: DataProgress) => {
      progress.opening(at);
      ticker.changed();
    };
    const opening = { signal: interrupted, onProgress };
    const onNews = farmNewsInLines((line) => ticker.note(line));
    const onNote = (note: string) => ticker.note(`farm: ${note}`);
    const wish = farm && { ...farm, onNews, onNote };
    running = await begin(hear, { onPhones: hearPhones, opening, farm: wish });
    ticker.note(`run file ${run}`);
    if (interrupted.aborted) running.stop(); // while it was preparing
    const status = await running.finished;
    return { status, scoring, rejected, repaired, computing };
  } finally {
    interrupted.removeEventListener('abort', stop);
    ticker.stop();
  }
}

function limitWords(limitMs: number | null): string {
  return limitMs === null ? '' : `(waiting for at most ${span(limitMs / 1000)})`;
}
