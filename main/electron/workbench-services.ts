/** The workbench as the window's services. */
import { exportInChild } from '../export/in-child.ts';
import { summarise } from '../graph/summary.ts';
import { defaultSearchSettings } from '../search/settings.ts';
import { spaces } from '../space/index.ts';
import { embeddedDataDescription } from '../task/embedded.ts';
import type { Workbench } from '../workbench.ts';
import type { Services } from './services.ts';

/** @param exporting how the child is started that writes exports */
export function workbenchServices(
  workbench: Workbench,
  productVersion: string,
  exporting: Parameters<typeof exportInChild>[0],
): Services {
  return {
    productVersion,
    engine: workbench.engine,
    defaultSettings: defaultSearchSettings,
    embeddedData: embeddedDataDescription,
    spaces,
    summarise,
    describeData: (path) => workbench.describeData(path),
    startSearch: (settings, path, onEvent) => workbench.startSearch(settings, path, onEvent),
    resumeSearch: (path, onEvent) => workbench.resumeSearch(path, onEvent),
    openRunReadOnly: (path) => workbench.openRunReadOnly(path),
    exportCandidate: (request, onProgress) =>
      exportInChild(exporting, { ...request, productVersion }, onProgress),
    openEngine: () => workbench.openEngine({ threads: null }),
    scoreModel: (request, engine, signal) => workbench.scoreModel(request, engine, signal),
    close: () => workbench.close(),
  };
}
