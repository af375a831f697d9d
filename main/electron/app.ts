/** The life of the application: one instance, one window, from start to a quit that loses nothing. */
import path from 'node:path';
import { app, BrowserWindow, Menu, protocol, session, shell } from 'electron';
import { createAwakeKeeper } from './awake.ts';
import { Benchmarks } from './benchmarks.ts';
import { SearchBenchmarks } from './search-benchmarks.ts';
import { ComputeTurn } from './compute-turn.ts';
import { DataOpening } from './data-opening.ts';
import { askToStop, createDesktop } from './desktop.ts';
import { createHandlers } from './handlers.ts';
import { lastLines, logError, logEvent, logTo } from './log.ts';
import { runnerCacheFolder, stateFolder } from '../system-folders.ts';
import { productVersion } from '../version.ts';
import { aboutPanelOptions, applicationMenu } from './menu.ts';
import { Conversions } from './conversions.ts';
import { ModelGraphs } from './model-graphs.ts';
import { Models } from './models.ts';
import { noticesFile } from './notices-file.ts';
import { createNotifier, endingWords, queueWords } from './notify.ts';
import { hearOpenedFiles, OpenedFiles } from './opened-files.ts';
import { builtInSpaces } from '../space/index.ts';
import { OwnSpaces } from './own-spaces.ts';
import { ElsewhereFile } from './elsewhere.ts';
import { FarmFile } from './farm/farm-file.ts';
import { FarmLink } from './farm/farm-link.ts';
import { systemSecrets } from './farm/secrets.ts';
import { PhonesAtWork } from './phones/at-work.ts';
import { Proofs } from './phones/proofs.ts';
import { PhoneWatch } from './phones/watch.ts';
import { adbVersion } from '../phone/adb/server.ts';
import { scheme, servePage } from './page.ts';
import { PendingTrash } from './pending-trash.ts';
import { PreferenceFile } from './preferences.ts';
import { createEmitter, registerHandlers } from './register.ts';
import { CandidateRepeats } from './repeats.ts';
import { Queue } from './queue/queue.ts';
import { QueueFile } from './queue/queue-file.ts';
import { Runs } from './runs.ts';
import { confinePages, confineSession, sandboxPages } from './security.ts';
import { TrainedModels } from './trained.ts';
import { createTaskbar } from './taskbar.ts';
import { Trends } from './trends.ts';
import { Trials } from './trials.ts';
import { TriedNetworks } from './tried-networks.ts';
import type { FarmServices, PhoneServices, Services } from './services.ts';
import { throttle } from './throttle.ts';
import { Updates } from './updates.ts';
import { wantedSearches } from './wanted-search.ts';
import { createWindow } from './window.ts';

/** Longer than any candidate takes to stop; a child that hangs must not keep the app alive for ever. */
const quitLimitMs = 15_000;

/** Events of phones come in bursts while files are pushed. */
const phonesIntervalMs = 200;
/** A search on a farm has news with every sign of life of its workers. */
const farmIntervalMs = 500;

type WindowServices = Services & PhoneServices & FarmServices;

export interface AppOptions {
  /** Folder of the built parts, with renderer/ and preload/ in it. */
  readonly dist: string;
  /** Called once, when the app is ready. */
  readonly createServices: () => Promise<WindowServices> | WindowServices;
}

/** Must be called before the app is ready: schemes get their privileges only then. */
export function startApp(options: AppOptions): void {
  // One instance for each user-data folder: a second one would open the same runs.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  sandboxPages(app);
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  confinePages(app);
  app.on('second-instance', focusWindow);
  // Has to come before the app is ready: macOS reports at once for which file it was started.
  const arrivals = { heard: (): void => undefined };
  const openedFiles = new OpenedFiles(() => arrivals.heard());
  hearOpenedFiles(app, openedFiles);
  app
    .whenReady()
    .then(() => run(options, openedFiles, (heard) => (arrivals.heard = heard)))
    .catch((error: unknown) => {
      logError('ZiCo Workbench could not start', error);
      app.exit(1);
    });
}

async function run(
  { dist, createServices }: AppOptions,
  openedFiles: OpenedFiles,
  hear: (heard: () => void) => void,
): Promise<void> {
  const testing = process.env['ZICO_TEST'] === '1';
  protocol.handle(scheme, (request) => servePage(path.join(dist, 'renderer'), request));
  confineSession(session.defaultSession);

  const logs = app.getPath('logs');
  logTo(path.join(logs, 'workbench.log'));
  logEvent(`ZiCo Workbench ${productVersion} started`);
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    // What is cancelled or done is ended on purpose.
    if (reason === 'killed' || reason === 'clean-exit') return;
    logEvent(`A process ended: ${name ?? type}, ${reason}, ${exitCode}`);
  });
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) =>
    logEvent(`The window's page ended: ${reason}, ${exitCode}`),
  );

  const services = await createServices();
  const windows = (): BrowserWindow[] => BrowserWindow.getAllWindows();
  const emit = createEmitter(windows);
  hear(() => emit('files.opened', {}));
  const preferences = new PreferenceFile(path.join(app.getPath('userData'), 'preferences.json'));
  const updates = new Updates({
    resources: process.resourcesPath,
    packaged: app.isPackaged,
    wanted: () => preferences.current.checkForUpdates,
    changed: () => emit('updates.changed', {}),
    loadUpdater: async () => (await import('electron-updater')).default.autoUpdater,
  });
  const adb = () => ({ file: preferences.current.adbFile, port: preferences.current.adbPort });
  let phonesOf: string | null = null;
  const tellOfPhones = throttle(() => {
    if (phonesOf !== null) emit('search.phonesChanged', { run: phonesOf });
  }, phonesIntervalMs);
  const atWork: PhonesAtWork = new PhonesAtWork({
    adb,
    changed: (run, working) => {
      phones.observe(working);
      phonesOf = run ?? phonesOf;
      if (run !== null) tellOfPhones();
    },
  });
  const desktop = createDesktop(() => windows()[0] ?? null);
  const turn = new ComputeTurn();
  const opening = new DataOpening((purpose, progress) =>
    emit('data.progress', { purpose, progress }),
  );
  const farmFile = new FarmFile(path.join(app.getPath('userData'), 'farm.json'));
  const farm = new FarmLink({
    ...{ file: farmFile, secrets: systemSecrets, farms: services.farms },
    password: farmPassword(),
    changed: throttle(() => emit('farm.changed', {}), farmIntervalMs),
  });
  const taskbar = createTaskbar(windows);
  const notify = createNotifier(windows, () => preferences.current.notifyWhenDone);
  const runs: Runs = new Runs({
    ...{ services, atWork, turn, opening },
    farm: {
      wish: (choice) => farm.wish(choice),
      ended: () => farm.ended(),
      chosenFor: (file) => farmFile.current.runs[file] ?? null,
      remember: (file, choice) => farmFile.remember(file, choice),
    },
    folder: runsFolder(),
    elsewhere: new ElsewhereFile(path.join(app.getPath('userData'), 'opened-runs.json'), (file) =>
      app.addRecentDocument(file),
    ),
    indexFile: path.join(app.getPath('userData'), 'runs-index.json'),
    renamed: (from, to) => {
      queue.renamed(from, to);
      farmFile.renamed(from, to);
    },
    changed: (event) => {
      taskbar(runs.searches.progressOf(event.run) ?? null);
      emit('run.changed', event);
    },
    exporting: (progress) => emit('export.progress', progress),
    searching: createAwakeKeeper(),
    ended: (name, progress) => {
      // A queue is announced once, when all of it has ended.
      if (!queue.ended(progress)) notify(endingWords(name, progress));
    },
    askForData: (name, data) => desktop.askForData(name, data),
  });
  const models = new Models({
    ...{ services, turn },
    changed: () => emit('models.changed', {}),
  });
  const conversions = new Conversions({
    ...{ convert: services.convertModel, models, turn },
    progress: (progress) => emit('models.converting', progress),
  });
  const benchmarks = new Benchmarks({
    ...{ services, turn },
    folder: path.join(app.getPath('userData'), 'benchmarks'),
    changed: () => emit('benchmarks.changed', {}),
    judging: (progress) => emit('benchmarks.judging', progress),
  });
  const searchBenchmarks = new SearchBenchmarks({
    ...{ services, turn },
    folder: path.join(app.getPath('userData'), 'benchmarks'),
    changed: () => emit('searchBenchmarks.changed', {}),
  });
  const trials = new Trials({
    ...{ services, turn },
    file: path.join(app.getPath('userData'), 'rates.json'),
  });
  const repeats = new CandidateRepeats({
    ...{ services, runs, atWork, turn },
    askForData: (name, data) => desktop.askForData(name, data),
  });
  const trained = new TrainedModels({
    ...{ services, runs, atWork, turn },
    chooseFile: (title, kind, extension) => desktop.chooseFile(title, kind, extension),
  });
  const modelGraphs = new ModelGraphs({
    ...{ services, models },
    chooseFile: (title, kind, extension) => desktop.chooseFile(title, kind, extension),
  });
  const triedNetworks = new TriedNetworks({ services, turn });
  const phones: PhoneWatch = new PhoneWatch({
    open: (choice) => services.openPhones(choice),
    adb,
    preferred: () => preferences.current.preferredPhone,
    version: adbVersion,
    check: services.checkPhone,
    proofs: new Proofs(path.join(app.getPath('userData'), 'phones.json'), services.productVersion),
    measuring: (serial) => atWork.activityOf(serial),
    firstWatched: () => {
      if (!preferences.current.followPhones) preferences.change({ followPhones: true });
    },
    changed: throttle(() => emit('phones.changed', {}), phonesIntervalMs),
  });
  const ownSpaces = new OwnSpaces(
    path.join(app.getPath('userData'), 'spaces'),
    builtInSpaces().map(({ name }) => name),
  );
  const searchWanted = wantedSearches(services, ownSpaces);
  const queue: Queue = new Queue({
    ...{ turn, runFiles: runs.files, searches: runs.searches },
    file: new QueueFile(path.join(app.getPath('userData'), 'queue.json')),
    infoOf: (file) => services.looking.look('info', file, null),
    prepare: async ({ from, farm: farmChoice, ...wanted }) => ({
      ...(await searchWanted(wanted)),
      ...{ from, farm: farmChoice },
    }),
    changed: () => emit('queue.changed', {}),
    emptied: (ended, searchedSeconds) => notify(queueWords(ended, searchedSeconds)),
  });
  const trash = new PendingTrash({
    pathOf: (run) => runs.files.pathOf(run),
    isSearched: (run) => runs.searches.liveOf(run) !== null,
    moveToTrash: (file) => desktop.moveToTrash(file),
    forget: (run) => runs.files.forget(run),
    passed: (some, error) => emit('runs.trashPassed', { runs: [...some], error }),
  });
  const handlers = createHandlers({
    ...{ services, runs, queue, models, conversions, benchmarks, repeats, desktop, openedFiles },
    ...{ preferences, updates, trash },
    ...{ searchBenchmarks, trials, triedNetworks, trained, modelGraphs },
    ...{ ownSpaces, spaceDesktop: desktop, atWork, opening },
    trends: new Trends(path.join(app.getPath('userData'), 'trends.json')),
    ...{ phones, farm },
    support: {
      folders: {
        runs: runs.files.folder,
        settings: app.getPath('userData'),
        scores: stateFolder(),
        cache: runnerCacheFolder(),
        logs,
      },
      lastLines,
    },
  });
  registerHandlers(handlers, windows, { checkResults: testing || !app.isPackaged });
  const icon = path.join(dist, 'main', 'icon.png');
  const { execPath: executable, platform } = process;
  const licences = noticesFile({ packaged: app.isPackaged, dist, executable, platform });
  app.setAboutPanelOptions(aboutPanelOptions(productVersion, icon));
  Menu.setApplicationMenu(
    applicationMenu({
      run: (command) => emit('menu.command', { command }),
      showRunsFolder: () => void shell.openPath(runs.files.folder),
      showLogs: () => void shell.openPath(logs),
      showLicences: () => void shell.openPath(licences),
      development: !app.isPackaged,
    }),
  );

  const window = createWindow({
    preload: path.join(dist, 'preload', 'preload.cjs'),
    icon,
    boundsFile: path.join(app.getPath('userData'), 'window.json'),
  });
  updates.begin();
  // After the window is there, and only for people who have looked at phones before, since this starts an adb
  // server.
  if (preferences.current.followPhones) window.once('ready-to-show', () => phones.begin());
  const closing = askBeforeClosing(window, () => runs.searches.busy && !testing);
  quitSafely(closing, async () => {
    updates.close();
    queue.close();
    const parts = [
      runs.searches.stopAll(),
      models.close(),
      conversions.close(),
      benchmarks.close(),
      searchBenchmarks.close(),
      trials.close(),
      repeats.close(),
      triedNetworks.close(),
      trained.close(),
      phones.close(),
      farm.close(),
      trash.close(),
    ];
    await Promise.all(parts);
    await services.close();
  });
}

/** Children of the app need not know it. */
function farmPassword(): string | null {
  const password = process.env['ZICO_FARM_PASSWORD'];
  delete process.env['ZICO_FARM_PASSWORD'];
  return password === undefined || password === '' ? null : password;
}

/**
 * Run files are kept in the app's own folder, not among the documents: these are often mirrored to a cloud
 * (OneDrive, iCloud) that copies and locks a database while it is being written. To leave the computer, a run
 * is sent.
 */
function runsFolder(): string {
  return process.env['ZICO_RUNS_FOLDER'] ?? path.join(app.getPath('userData'), 'runs');
}

function focusWindow(): void {
  const window = BrowserWindow.getAllWindows()[0];
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

interface Closing {
  /** From here on nobody is asked to confirm. */
  confirm(): void;
}

/** Closing is safe at any time, but a search that somebody is waiting for should not end by accident. */
function askBeforeClosing(window: BrowserWindow, searching: () => boolean): Closing {
  let confirmed = false;
  let asking = false;
  window.on('close', (event) => {
    if (confirmed || !searching()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void askToStop(window).then((stop) => {
      asking = false;
      confirmed = stop;
      if (stop) window.close();
    });
  });
  return { confirm: () => void (confirmed = true) };
}

/** The app ends when its window is closed: a search that nobody sees is a search nobody stops. */
function quitSafely(closing: Closing, wrapUp: () => Promise<void>): void {
  let wrappedUp = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (wrappedUp) return;
    event.preventDefault();
    wrappedUp = true;
    const limit = setTimeout(() => app.exit(1), quitLimitMs);
    void wrapUp()
      .catch((error: unknown) => logError('Quitting was not clean', error))
      .finally(() => {
        clearTimeout(limit);
        app.exit(0);
      });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      closing.confirm(); // there may be nothing that answers
      app.quit();
    });
  }
}
