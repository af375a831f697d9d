/** Composition root of the window: the shell, and the stores of the rooms that live as long as it does. */
import { createContext } from 'svelte';
import type { Bridge, EventPayload } from '../../preload/contract.ts';
import { BenchmarksStore, provideBenchmarks } from '../benchmarks/benchmarks.svelte.ts';
import { AgainStore, provideAgain } from '../candidate/again.svelte.ts';
import { FarmStore, provideFarm } from '../farm/farm.svelte.ts';
import { provideTheme } from '../ground/theme.svelte.ts';
import {
  provideSearchBenchmarks,
  SearchBenchmarksStore,
} from '../benchmarks/searches/searches.svelte.ts';
import { GraphStore, provideGraph } from '../graphs/graph.svelte.ts';
import { ImagesStore, provideImages } from '../images/images.svelte.ts';
import { ExportStores, provideExports } from '../open-run/export.svelte.ts';
import { PhonesStore, providePhones } from '../phones/phones.svelte.ts';
import { provideQueue, QueueStore } from '../runs/queue/queue.svelte.ts';
import { provideRunActions, RunActions } from '../runs/run-actions.svelte.ts';
import { provideRuns, RunsStore } from '../runs/runs.svelte.ts';
import { provideTrends, TrendStore } from '../runs/trends.svelte.ts';
import { ModelsStore, provideModels } from '../score/models.svelte.ts';
import { FormDraft, provideFormDraft } from '../search/form/draft.svelte.ts';
import { provideShell, Shell } from '../shell/shell.svelte.ts';
import { provideSpaces, SpacesStore } from '../spaces/spaces.svelte.ts';
import { LoadStore } from './load.svelte.ts';

export class WorkbenchShell extends Shell {
  readonly runs: RunsStore;
  readonly runActions: RunActions;
  readonly queue: QueueStore;
  readonly trends: TrendStore;
  readonly models: ModelsStore;
  readonly benchmarks: BenchmarksStore;
  readonly searchBenchmarks: SearchBenchmarksStore;
  readonly spaces: SpacesStore;
  readonly again: AgainStore;
  readonly phones: PhonesStore;
  readonly farm: FarmStore;
  readonly graph: GraphStore;
  readonly images: ImagesStore;
  readonly exports: ExportStores;
  readonly formDraft = new FormDraft();
  readonly engineLoad: LoadStore;

  constructor(bridge: Bridge, host: Window = window) {
    super(bridge, host);
    this.runs = new RunsStore(bridge, this.fail);
    this.runActions = new RunActions(this, this.runs, (from, to) => {
      this.exports.renamed(from, to);
      this.errands.renamed(from, to);
    });
    this.queue = new QueueStore(bridge, this.fail);
    this.trends = new TrendStore(bridge);
    this.models = new ModelsStore(bridge, this.fail);
    this.benchmarks = new BenchmarksStore(bridge, this.fail);
    this.searchBenchmarks = new SearchBenchmarksStore(bridge, this.fail);
    this.spaces = new SpacesStore(bridge, host.localStorage, this.fail);
    this.again = new AgainStore(bridge, this.fail);
    this.phones = new PhonesStore(bridge, this.fail);
    this.farm = new FarmStore(bridge, this.fail);
    const settled = (): void => this.notices.settled();
    this.graph = new GraphStore({ bridge, onError: this.fail, onOpened: settled });
    this.images = new ImagesStore(bridge);
    const exportFailed = (error: unknown): void => this.notices.fail(error, 'export');
    this.exports = new ExportStores(bridge, exportFailed, this.errands, settled);
    this.engineLoad = new LoadStore(bridge);
    bridge.on('files.opened', () => void this.runActions.openHandedOver());
    bridge.on('menu.command', ({ command }) => this.#menu(command));
  }

  async load(): Promise<void> {
    await Promise.all([
      this.app.load().catch(this.fail),
      this.runs.refresh(),
      this.queue.refresh(),
      this.layout.load(),
      this.phones.refresh(),
      this.farm.refresh(),
    ]);
    await this.runActions.openHandedOver();
  }

  #menu(command: EventPayload<'menu.command'>['command']): void {
    switch (command) {
      case 'new-search':
        return this.router.go({ page: 'new' });
      case 'open-run':
        return void this.runActions.openFile();
      case 'runs':
        return this.router.go({ page: 'searches' });
      case 'settings':
        return this.router.go({ page: 'settings' });
      case 'guide':
        return this.router.go({ page: 'guide' });
      case 'shortcuts':
      case 'report':
        return this.dialogs.open(command);
      case 'palette':
        this.commands.paletteOpen = true;
    }
  }
}

const [useWorkbench, setWorkbench] = createContext<WorkbenchShell>();
export { useWorkbench };

/** Provides every room below with its own store. */
export function provideWorkbench(workbench: WorkbenchShell): void {
  setWorkbench(workbench);
  provideShell(workbench);
  provideTheme(workbench.theme);
  provideRuns(workbench.runs);
  provideRunActions(workbench.runActions);
  provideQueue(workbench.queue);
  provideTrends(workbench.trends);
  provideModels(workbench.models);
  provideBenchmarks(workbench.benchmarks);
  provideSearchBenchmarks(workbench.searchBenchmarks);
  provideSpaces(workbench.spaces);
  provideAgain(workbench.again);
  providePhones(workbench.phones);
  provideFarm(workbench.farm);
  provideGraph(workbench.graph);
  provideImages(workbench.images);
  provideExports(workbench.exports);
  provideFormDraft(workbench.formDraft);
}
