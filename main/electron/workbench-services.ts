/** The workbench as the window's services. */
import { WorkbenchError } from '../errors.ts';
import { exportCandidate } from '../export/export-candidate.ts';
import { summarise } from '../graph/summary.ts';
import type { Candidate } from '../search/candidate.ts';
import type { SearchEvent } from '../search/search.ts';
import { defaultSearchSettings } from '../search/settings.ts';
import { spaces } from '../space/index.ts';
import { embeddedDataDescription } from '../task/embedded.ts';
import type { RunningSearch as WorkbenchSearch, Workbench } from '../workbench.ts';
import type { RunReader, RunningSearch, SearchListener, Services } from './services.ts';

export function workbenchServices(workbench: Workbench, productVersion: string): Services {
  return {
    productVersion,
    engine: workbench.engine,
    defaultSettings: defaultSearchSettings,
    embeddedData: embeddedDataDescription,
    spaces,
    summarise,
    describeData: (path) => workbench.describeData(path),
    startSearch: (settings, path, onEvent) =>
      remembering([], onEvent, (listen) => workbench.startSearch(settings, path, listen)),
    resumeSearch: (path, onEvent) =>
      remembering(storedCandidates(workbench, path), onEvent, (listen) =>
        workbench.resumeSearch(path, listen),
      ),
    openRunReadOnly: (path) => workbench.openRunReadOnly(path),
    exportCandidate: (info, candidate, folder) =>
      exportCandidate({
        run: { info: () => info, candidate: () => candidate },
        id: candidate.id,
        folder,
        productVersion,
      }),
    close: () => workbench.close(),
  };
}

function storedCandidates(workbench: Workbench, path: string): readonly Candidate[] {
  const reader = workbench.openRunReadOnly(path);
  try {
    return reader.candidates();
  } finally {
    reader.close();
  }
}

/** A running search keeps its file locked, so what the window reads of it meanwhile is remembered here. */
async function remembering(
  earlier: readonly Candidate[],
  onEvent: SearchListener,
  start: (listen: SearchListener) => Promise<WorkbenchSearch>,
): Promise<RunningSearch> {
  const found = new Map<number, Candidate>();
  const listen = (event: SearchEvent): void => {
    if (event.candidate) found.set(event.candidate.id, event.candidate);
    onEvent(event);
  };
  const search = await start(listen);
  const all = (): Candidate[] =>
    [...earlier, ...found.values()].sort((one, other) => one.id - other.id);
  const reader: RunReader = {
    info: () => search.info,
    candidates: (after = 0) => all().filter(({ id }) => id > after),
    candidate(id) {
      const candidate = found.get(id) ?? null;
      if (candidate || !earlier.some((one) => one.id === id)) return candidate;
      throw new WorkbenchError(
        'details-locked',
        `The details of candidate ${id} are in the run file, which is locked while the search runs.`,
        'Stop the search, or wait until it has finished.',
      );
    },
  };
  return { reader, stop: () => search.stop(), finished: search.finished };
}
