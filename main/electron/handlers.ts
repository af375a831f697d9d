/** One thin handler for each method of the contract; the work is done by Runs and the services. */
import os from 'node:os';
import type { AppDescription, Load, MethodResult } from '../../preload/contract.ts';
import { WorkbenchError } from '../errors.ts';
import { parseFormats } from '../export/formats.ts';
import type { Handlers } from './answer.ts';
import { runFileExtension } from '../store/run-file.ts';
import type { Benchmarks } from './benchmarks.ts';
import type { DataOpening } from './data-opening.ts';
import type { Conversions } from './conversions.ts';
import type { Models } from './models.ts';
import type { ModelGraphs } from './model-graphs.ts';
import { modelHandlers } from './model-handlers.ts';
import { noteHandlers, type Bin } from './note-handlers.ts';
import { passingOnHandlers } from './passing-on-handlers.ts';
import { savingHandlers } from './saving-handlers.ts';
import { supportHandlers, type SupportOptions } from './support.ts';
import { farmHandlers, type FarmHandlerOptions } from './farm/handlers.ts';
import type { PhonesAtWork } from './phones/at-work.ts';
import { phoneHandlers, type PhoneHandlerOptions } from './phones/handlers.ts';
import type { OpenedFiles } from './opened-files.ts';
import type { PendingTrash } from './pending-trash.ts';
import type { PreferenceFile } from './preferences.ts';
import { queueHandlers } from './queue/handlers.ts';
import type { Queue } from './queue/queue.ts';
import type { CandidateRepeats } from './repeats.ts';
import type { Runs } from './runs.ts';
import type { SearchBenchmarks } from './search-benchmarks.ts';
import type { Services } from './services.ts';
import type { TrainedModels } from './trained.ts';
import type { Trends } from './trends.ts';
import type { Trials } from './trials.ts';
import type { TriedNetworks } from './tried-networks.ts';
import type { Updates } from './updates.ts';
import { estimateWarning } from '../workbench/estimate-range.ts';
import type { OwnSpaces } from './own-spaces.ts';
import { shownImageHandlers } from './shown-image-handlers.ts';
import { spaceHandlers, spaceToSearch, type SpaceDesktop } from './space-handlers.ts';
import { spaceDescriptionOf } from './views.ts';
import { wantedSearches } from './wanted-search.ts';

/** Dialogs as a small interface, so that the handlers can be tested without a window. */
export interface Desktop extends Bin {
  /** Null when the person cancels. */
  chooseFolder(title: string, button: string): Promise<string | null>;
  chooseFile(title: string, kind: string, extension: string): Promise<string | null>;
  /** Empty when the person cancels. */
  chooseFiles(title: string, kind: string, extension: string): Promise<readonly string[]>;
  showInFileManager(path: string): Promise<void>;
  readonly electronVersion: string;
  /** Load of the children since it was last read. */
  load(): Load;
}

export interface HandlerOptions extends Pick<FarmHandlerOptions, 'farm'> {
  readonly trash: Pick<PendingTrash, 'put' | 'restore' | 'has'>;
  readonly ownSpaces: OwnSpaces;
  readonly spaceDesktop: SpaceDesktop;
  readonly triedNetworks: TriedNetworks;
  readonly services: Services;
  readonly runs: Runs;
  readonly queue: Queue;
  readonly models: Models;
  readonly conversions: Pick<Conversions, 'run' | 'cancel'>;
  readonly benchmarks: Benchmarks;
  readonly searchBenchmarks: SearchBenchmarks;
  readonly repeats: CandidateRepeats;
  readonly trained: Pick<TrainedModels, 'handlers'>;
  readonly modelGraphs: Pick<ModelGraphs, 'handlers'>;
  readonly trials: Pick<Trials, 'rate'>;
  readonly desktop: Desktop;
  readonly phones: PhoneHandlerOptions['phones'];
  readonly atWork: Pick<PhonesAtWork, 'ofRun'>;
  readonly openedFiles: OpenedFiles;
  readonly opening: DataOpening;
  readonly trends: Trends;
  readonly preferences: Pick<PreferenceFile, 'current' | 'change'>;
  readonly updates: Pick<Updates, 'state' | 'check'>;
  readonly support: Pick<SupportOptions, 'folders' | 'lastLines'>;
}

export function createHandlers(options: HandlerOptions): Handlers {
  const { services, runs, models, conversions, benchmarks, repeats, desktop } = options;
  const { ownSpaces, trash } = options;
  const { trials, searchBenchmarks, openedFiles, preferences, updates, trends, atWork, opening } =
    options;
  /** Images are read only from places that the person chose, in a dialog or in a run of theirs. */
  const chosenData = new Set<string>();

  async function allowData(path: string | null): Promise<void> {
    if (path === null || chosenData.has(path)) return;
    const earlier = await runs.list();
    if (earlier.some(({ error, settings }) => error === null && settings.data === path)) return;
    throw new WorkbenchError(
      'data-not-chosen',
      `The images in ${path} were not chosen in this window.`,
      'Choose the folder with “Choose folder…”.',
    );
  }

  /** Null where the person did not wait for it. */
  async function chooseData(path: string): Promise<MethodResult<'data.chooseFolder'>> {
    try {
      const described = await opening.run('choice', (waiting) =>
        services.describeData(path, waiting),
      );
      chosenData.add(path);
      return { path, ...described };
    } catch (error) {
      if (error instanceof WorkbenchError && error.code === 'data-aborted') return null;
      throw error;
    }
  }

  const searchWanted = wantedSearches(services, ownSpaces);

  return {
    'app.describe': async () => describeApp(services, runs, desktop),
    'spaces.list': async () =>
      services.spaces.map((space) => spaceDescriptionOf(space, services.summarise)),
    'data.chooseFolder': async () => {
      const path = await desktop.chooseFolder('Choose a folder of images', 'Use Folder');
      return path === null ? null : chooseData(path);
    },
    'data.dropped': ({ path }) => chooseData(path),
    'data.stop': async ({ purpose }) => {
      opening.stop(purpose);
      return null;
    },
    'search.estimateWarning': async ({ space: name, ownSpace, latency }) => {
      const chosen = { own: ownSpace, named: name, scoringSize: undefined };
      const own = await spaceToSearch(chosen, services, ownSpaces);
      return estimateWarning(own ?? services.describedSpace(name), latency);
    },
    'search.start': async ({ name, from, farm, ...wanted }) => {
      await allowData(wanted.settings.data);
      const { settings, ...choice } = await searchWanted(wanted);
      return { run: await runs.searches.start(name, settings, { ...choice, from, farm }) };
    },
    'search.beginnings': async ({ runs: asked, ...wanted }) => {
      const { settings, ...choice } = await searchWanted(wanted);
      return await runs.searches.beginnings(asked, settings, choice);
    },
    'search.rate': async (wanted) => {
      await allowData(wanted.settings.data);
      return await trials.rate(await searchWanted(wanted));
    },
    'search.stop': async ({ run }) => {
      runs.searches.stop(run);
      return null;
    },
    'search.pause': async ({ run }) => {
      runs.searches.pause(run);
      return null;
    },
    'search.goOn': async ({ run }) => {
      runs.searches.goOn(run);
      return null;
    },
    'search.resume': async ({ run, more }) => {
      await runs.searches.resume(run, more);
      return null;
    },
    'search.phones': async ({ run }) => atWork.ofRun(run),
    'runs.list': async () => (await runs.list()).filter(({ run }) => !trash.has(run)),
    'runs.chooseFile': async () => {
      const path = await desktop.chooseFile('Open a run', 'ZiCo runs', runFileExtension.slice(1));
      return path === null ? null : { run: await runs.open(path) };
    },
    'runs.opened': async () => {
      const path = openedFiles.take();
      return path === null ? null : { run: await runs.open(path) };
    },
    'runs.view': ({ run }) => runs.view(run),
    'runs.progress': ({ run }) => runs.progress(run),
    'runs.candidates': ({ run, after, most }) => runs.candidates(run, after, most),
    'runs.model': ({ run, beta }) => runs.model(run, beta),
    'runs.candidate': ({ run, id }) => runs.candidate(run, id),
    'candidate.export': async ({ run, id, formats, ranges }) => {
      const folder = await desktop.chooseFolder('Export the network to a folder', 'Export Here');
      if (folder === null) return null;
      const wanted = parseFormats(formats.join(','));
      return runs.exports.candidate(run, id, folder, { formats: wanted, ranges });
    },
    'candidate.exportSeveral': async ({ run, ids, formats, ranges }) => {
      const folder = await desktop.chooseFolder('Export the networks into a folder', 'Export Here');
      if (folder === null) return null;
      const wanted = parseFormats(formats.join(','));
      return runs.exports.several(run, ids, folder, { formats: wanted, ranges });
    },
    'candidate.cancelExports': async ({ run }) => {
      runs.exports.cancel(run);
      return null;
    },
    'candidate.reveal': async ({ run }) => {
      await desktop.showInFileManager(runs.exports.folderOf(run));
      return null;
    },
    'app.load': async () => desktop.load(),
    'runs.trend': async ({ run }) => [
      ...(await trends.of(await runs.files.pathOf(run), () => runs.trend(run))),
    ],
    'runs.dropped': async ({ paths }) => {
      openedFiles.add(paths);
      return null;
    },
    'candidate.architecture': ({ run, id }) => runs.architecture(run, id),
    'candidate.scoreAgain': ({ run, id }) => repeats.score(run, id),
    'candidate.giveZico': ({ run, id }) => repeats.giveZico(run, id),
    'candidate.scoreNetwork': ({ run, genotype }) => repeats.scoreNetwork(run, genotype),
    'candidate.network': ({ run, genotype }) => runs.network(run, genotype),
    'candidate.measureNetwork': ({ run, genotype }) => repeats.measureNetwork(run, genotype),
    'candidate.exportNetwork': async ({ run, genotype, formats, ranges }) => {
      const folder = await desktop.chooseFolder('Export the network to a folder', 'Export Here');
      if (folder === null) return null;
      const wanted = { formats: parseFormats(formats.join(',')), ranges };
      return runs.files.follow(run, async (followed) => {
        // What leaves the program was really scored.
        if ((await repeats.scoreNetwork(run, genotype)) === null) return null;
        return runs.exports.network(followed.run, genotype, folder, wanted);
      });
    },
    'candidate.measureAgain': ({ run, id }) => repeats.measure(run, id),
    'candidate.cancelAgain': async () => {
      repeats.cancel();
      return null;
    },
    ...modelHandlers({
      ...{ models, conversions, allowData },
      modelDesktop: { ...desktop, ...options.spaceDesktop },
    }),
    ...savingHandlers(runs, options.spaceDesktop),
    ...supportHandlers({
      ...options.support,
      describe: () => describeApp(services, runs, desktop),
      show: (path) => desktop.showInFileManager(path),
    }),
    ...noteHandlers(options),
    ...passingOnHandlers(runs, options.spaceDesktop),
    ...shownImageHandlers({ services, runs, opening, allowData, searchWanted }),
    ...options.trained.handlers(),
    ...options.modelGraphs.handlers(),
    'preferences.read': async () => preferences.current,
    'preferences.change': async (changes) => preferences.change(changes),
    'updates.state': async () => updates.state,
    'updates.check': () => updates.check(),
    'benchmarks.list': () => benchmarks.list(),
    'benchmarks.start': async ({ settings }) => ({ benchmark: await benchmarks.start(settings) }),
    'benchmarks.view': ({ benchmark }) => benchmarks.view(benchmark),
    'benchmarks.stop': async () => {
      benchmarks.stop();
      return null;
    },
    'benchmarks.judge': ({ benchmark, beta, models: few, only }) =>
      benchmarks.judge(benchmark, { beta, models: few, ...(only && { only }) }),
    'benchmarks.cancelJudging': async () => {
      benchmarks.cancelJudging();
      return null;
    },
    'benchmarks.delete': async ({ benchmark }) => {
      await benchmarks.delete(benchmark);
      return null;
    },
    'searchBenchmarks.state': () => searchBenchmarks.state(),
    'searchBenchmarks.start': async ({ settings }) => {
      searchBenchmarks.start(settings);
      return null;
    },
    'searchBenchmarks.view': ({ benchmark }) => searchBenchmarks.view(benchmark),
    'searchBenchmarks.stop': async () => {
      searchBenchmarks.stop();
      return null;
    },
    'searchBenchmarks.delete': async ({ benchmark }) => {
      await searchBenchmarks.delete(benchmark);
      return null;
    },
    ...phoneHandlers(options),
    ...farmHandlers(options),
    ...queueHandlers({ ...options, allowData }),
    ...spaceHandlers(options),
  };
}

function describeApp(services: Services, runs: Runs, desktop: Desktop): AppDescription {
  return {
    version: services.productVersion,
    platform: process.platform,
    electron: desktop.electronVersion,
    processor: os.cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    engine: { ...services.engine },
    bf16Obstacle: services.bf16Obstacle,
    defaultSettings: services.defaultSettings,
    embeddedData: services.embeddedData,
    embedded: services.embedded,
    runsFolder: runs.files.folder,
  };
}
