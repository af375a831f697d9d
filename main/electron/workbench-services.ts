/** The workbench as the window's services. */
import { askOnce } from '../child/one-shot.ts';
import { exportInChild, type ChildExport } from '../export/in-child.ts';
import { summarise } from '../graph/summary.ts';
import { defaultSearchSettings } from '../common/settings/index.ts';
import { checkPhone } from '../phone/check.ts';
import { runnersFor } from '../phone/runners/index.ts';
import { builtInSpaces, spaceNamed } from '../space/index.ts';
import type { SpacePreviews } from '../space/previews.ts';
import { embeddedDataDescription, embeddedDescriptions } from '../task/embedded.ts';
import type { Workbench } from '../workbench.ts';
import type { Reading } from './reading/reading.ts';
import type { ShownImages } from './shown-images.ts';
import type { FarmServices, PhoneServices, Services } from './services.ts';

/**
 * @param exporting how to start the children that write exports and converted models, and where the product's files lie
 * @param reading reads the person's files
 * @param shownImages makes pictures of what is scored
 */
export function workbenchServices(
  workbench: Workbench,
  productVersion: string,
  previews: SpacePreviews,
  exporting: Parameters<typeof exportInChild>[0] &
    Pick<ChildExport, 'assetsFolder'> & { readonly convertEntry: string },
  reading: Reading,
  shownImages: ShownImages,
): Services & PhoneServices & FarmServices {
  return {
    productVersion,
    engine: workbench.engine,
    bf16Obstacle: workbench.bf16Obstacle,
    knownInChild: workbench.knownInChild,
    defaultSettings: defaultSearchSettings,
    embeddedData: embeddedDataDescription,
    embedded: embeddedDescriptions,
    describedSpace: spaceNamed,
    previews,
    get spaces() {
      return builtInSpaces();
    },
    summarise,
    describeData: (path, waiting) => workbench.describeData(path, waiting),
    startSearch: (settings, path, onEvent, session, space) =>
      workbench.startSearch(settings, path, onEvent, session, space),
    resumeSearch: (path, onEvent, session, budget) =>
      workbench.resumeSearch(path, onEvent, session, budget),
    looking: reading,
    drawing: reading,
    shownImages,
    judgeFronts: (space, fronts) =>
      reading.judgeFronts({ space, fronts, assetsFolder: exporting.assetsFolder }),
    exportCandidate: (request, onProgress) =>
      exportInChild(
        exporting,
        { ...request, productVersion, assetsFolder: exporting.assetsFolder },
        onProgress,
      ),
    convertModel: (request, onProgress, signal) =>
      askOnce(
        { processes: exporting.processes, entry: exporting.convertEntry, name: 'convert' },
        { ...request, productVersion, assetsFolder: exporting.assetsFolder },
        onProgress,
        signal,
      ),
    dataToAgreeTo: (info) => workbench.dataToAgreeTo(info),
    agreeToData: (info) => workbench.agreeToData(info),
    scoreAgain: (info, candidate, signal) => workbench.scoreAgain(info, candidate, signal),
    scoreNetwork: (path, genotype, signal) => workbench.scoreNetwork(path, genotype, signal),
    giveZico: (path, id, signal) => workbench.giveZico(path, id, signal),
    measureAgain: (info, candidate, signal, session) =>
      workbench.measureAgain(info, candidate, signal, session),
    engineToTakeOver: (info, wanted) => workbench.engineToTakeOver(info, wanted),
    scoringTrial: (settings, space, session, signal) =>
      workbench.scoringTrial(settings, space, session, signal),
    measureNetwork: (path, network, signal, session) =>
      workbench.measureNetwork(path, network, signal, session),
    lookAtTrained: (request, signal) => reading.lookAtTrained(request, signal),
    measureTrained: (...args) => workbench.measureTrained(...args),
    openEngine: (engine, precision, scored) => workbench.openEngine({ engine, precision, scored }),
    scoreModel: (request, engine, signal) =>
      workbench.scoreModel(request, engine, signal, (file, options = {}) =>
        reading.readModel(file, options, signal),
      ),
    measureModel: (request, latency, signal) =>
      workbench.measureModel(request, latency, signal, (asked, stop) =>
        reading.readToMeasure(asked, stop),
      ),
    modelOutputs: (file, signal) => reading.modelOutputs(file, signal),
    benchmark: (settings, observer, signal) => workbench.benchmark(settings, observer, signal),
    searchBenchmark: (settings, observer, signal) =>
      workbench.searchBenchmark(settings, observer, signal),
    judgeBenchmark: (asked, onProgress, signal) =>
      workbench.judgeBenchmark(asked, onProgress, signal),
    openPhones: (choice) => workbench.openPhones(choice),
    farms: workbench.farms,
    checkPhone: (device, options) => checkPhone(device, runnersFor(null), options),
    close: async () => {
      const children = [previews.close(), reading.close(), shownImages.close()];
      await Promise.all([workbench.close(), ...children]);
    },
  };
}
