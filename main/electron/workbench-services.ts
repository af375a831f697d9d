/** The workbench as the window's services. */
import { exportCandidate } from '../export/export-candidate.ts';
import { summarise } from '../graph/summary.ts';
import { defaultSearchSettings } from '../search/settings.ts';
import { builtInSpaces } from '../space/index.ts';
import { embeddedDataDescription } from '../task/embedded.ts';
import type { Workbench } from '../workbench.ts';
import type { Services } from './services.ts';

export function workbenchServices(workbench: Workbench, productVersion: string): Services {
  return {
    productVersion,
    engine: workbench.engine,
    defaultSettings: defaultSearchSettings,
    embeddedData: embeddedDataDescription,
    get spaces() {
      return builtInSpaces();
    },
    summarise,
    describeData: (path) => workbench.describeData(path),
    startSearch: (settings, path, onEvent, scoring) =>
      workbench.startSearch(settings, path, onEvent, { threads: null, ...scoring }),
    resumeSearch: (path, onEvent) => workbench.resumeSearch(path, onEvent),
    openRunReadOnly: (path) => workbench.openRunReadOnly(path),
    exportCandidate: (info, candidate, folder) =>
      exportCandidate({
        run: { info: () => info, candidate: () => candidate },
        id: candidate.id,
        folder,
        productVersion,
      }),
    openEngine: (engine) => workbench.openEngine({ threads: null, engine }),
    scoreModel: (request, engine, signal) => workbench.scoreModel(request, engine, signal),
    close: () => workbench.close(),
  };
}
