/** Searches: starting, following, stopping and resuming them. */
import { asKey } from '../asked/called.ts';
import {
  assertConsistent,
  checkedSearch,
  settingsAsked,
  type SearchAsked,
} from '../asked/configuration.ts';
import { readRun } from '../asked/run-contents.ts';
import { estimatesOfRun } from '../workbench/run-contents.ts';
import { searchResult, type SearchResult } from '../asked/search-result.ts';
import { newSearch, prepareSearch, resumedSearch, type Begin } from '../asked/search.ts';
import { WorkbenchError } from '../errors.ts';
import type { DataProgress } from '../common/data-progress.ts';
import type { PhoneActivity } from '../common/phone-activity.ts';
import type { SearchEvent } from '../search/search.ts';
import type { Warning } from '../warning.ts';
import type { Workbench } from '../workbench.ts';
import { inSession } from './session.ts';

/** Events of a running search, in the order in which they happen. */
export type Progress =
  /** The path of its run file. */
  | { readonly kind: 'run'; readonly run: string }
  /** Something that should be read before the result is used. */
  | { readonly kind: 'warning'; readonly warning: Warning }
  /** Images are being opened. */
  | { readonly kind: 'data'; readonly progress: DataProgress }
  /** A candidate was proposed, is scored, measured or stored, or the search has ended. */
  | { readonly kind: 'search'; readonly event: SearchEvent }
  /** What phones are doing, where a search measures on them. */
  | { readonly kind: 'phones'; readonly phones: readonly PhoneActivity[] };

export interface Following {
  /** Stops the search: what is stored stays, and `resume` continues it. */
  readonly signal?: AbortSignal;
  /** Called with every event; if it throws, the search ends. */
  readonly onProgress?: (progress: Progress) => void;
}

export type SearchOptions = SearchAsked & Following;

/** Options for resuming a run: larger limits, and anything it was started with. */
export type ResumeOptions = Omit<SearchAsked, 'run'> & Following;

/**
 * Searches, and resolves to what `zico search --json` prints. An aborted search resolves as well, with the status
 * `stopped`: what it found is stored. Rejects with a WorkbenchError; `aborted` if nothing was stored yet.
 */
export function search(options: SearchOptions = {}): Promise<SearchResult> {
  const { signal, onProgress: listener, ...rest } = options;
  const onProgress = heard(listener);
  return inSession(signal, async (workbench, halted) => {
    const asked = checkedSearch(rest);
    const given = settingsAsked(asked);
    assertConsistent(given, asKey);
    const prepared = await prepareSearch(given, asked);
    if (prepared.warning) onProgress({ kind: 'warning', warning: prepared.warning });
    return await newSearch(workbench, prepared, asked.run, asked, (run, begin) =>
      followed(workbench, run, begin, halted, onProgress),
    );
  });
}

/** Resumes a run; otherwise like `search`. Options have to agree with the run's, except for limits, which may grow. */
export function resume(run: string, options: ResumeOptions = {}): Promise<SearchResult> {
  const { signal, onProgress: listener, ...rest } = options;
  const onProgress = heard(listener);
  return inSession(signal, async (workbench, halted) => {
    const asked = checkedSearch(rest);
    const given = () => settingsAsked(asked);
    return await resumedSearch(workbench, run, given, asked, (_stored, _settings, begin) =>
      followed(workbench, run, begin, halted, onProgress),
    );
  });
}

async function followed(
  workbench: Workbench,
  run: string,
  begin: Begin,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<SearchResult> {
  let scoring: SearchEvent['scoring'] | null = null;
  let [rejected, repaired] = [0, 0];
  onProgress({ kind: 'run', run });
  const running = await begin(
    (event) => {
      scoring = event.scoring ?? scoring;
      rejected = event.rejected ?? rejected;
      repaired = event.repaired ?? repaired;
      onProgress({ kind: 'search', event });
    },
    {
      onPhones: (phones) => onProgress({ kind: 'phones', phones }),
      opening: { signal, onProgress: (progress) => onProgress({ kind: 'data', progress }) },
    },
  );
  const stop = (): void => running.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop(); // while it was preparing
    const status = await running.finished;
    const contents = readRun(workbench, run);
    const estimates = await estimatesOfRun(contents);
    return searchResult({ run, status, scoring, rejected, repaired }, contents, estimates);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Wraps a listener: what it throws ends the search, with an error of its own. */
function heard(onProgress: Following['onProgress']): (progress: Progress) => void {
  return (progress) => {
    try {
      onProgress?.(progress);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new WorkbenchError(
        'listener-failed',
        `The function onProgress threw: ${message}.`,
        'Correct that function. What was stored until then is kept, and resume continues from it.',
        { cause: error },
      );
    }
  };
}
