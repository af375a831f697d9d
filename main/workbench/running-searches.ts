/** Searches that this process runs: begun anew, or gone on with from a run file. */
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SearchSettings } from '../common/settings/index.ts';
import { asScoredBy } from '../engine/revision.ts';
import { engineForResume } from '../engine/scoring-plan.ts';
import type { LatencySource } from '../latency/latency.ts';
import type { RunInfo } from '../run/run-store.ts';
import {
  assertLatencyLimit,
  assertPhoneSettings,
  assertSearchMethod,
  budgetRaised,
  type Budget,
} from '../search/settings-checks.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceNamed } from '../space/index.ts';
import { createRun, openRunForWriting } from '../store/run-file.ts';
import type { DataSource } from '../task/data-source.ts';
import type { Agreements } from './agreements.ts';
import { assertNoFarmForCode, spaceToGoOn } from './code-spaces.ts';
import type { Engines } from './engines.ts';
import { estimateWarning } from './estimate-range.ts';
import { assertFarmForPhones, measuresOnFarm } from './farm-wish.ts';
import type { Farms, JoinedFarm } from './farms.ts';
import type { GuideProcess } from './guides.ts';
import type { LatencySources, MeasuringContext } from './latency-sources.ts';
import type { SessionOptions } from './options.ts';
import { earlierLatencies, runnerOfRun } from './phone-source.ts';
import {
  beginSearch,
  type RunningSearch,
  type SearchListener,
  type SearchParts,
} from './running-search.ts';
import { planOf, type Scorers } from './scorers.ts';
import { scoringTrial, type TrialRate } from './scoring-trial.ts';
import { assertSameData, batchesFor, runWarnings } from './search-data.ts';
import type { ChosenEngine } from './start-scoring.ts';
import { engineToTakeOver, takenFrom, type WantedFromRun } from './taken-over.ts';

export interface RunningSearchesOptions {
  readonly productVersion: string;
  readonly data: DataSource;
  readonly engines: Engines;
  readonly scorers: Scorers;
  readonly latencies: LatencySources;
  readonly agreements: Agreements;
  readonly farms: Farms;
  /** The child that computes for guided searches; null: this process does. */
  readonly guide: GuideProcess | null;
}

export class RunningSearches {
  readonly #options: RunningSearchesOptions;
  readonly #running = new Set<RunningSearch>();

  constructor(options: RunningSearchesOptions) {
    this.#options = options;
  }

  /**
   * Creates the run file and starts. Resolves when the file exists and is locked by this search.
   * @param space by default the one that the settings name; its description is stored with the run
   * Throws WorkbenchError: `run-exists`, `disk-full`, what space or data refuse.
   */
  async start(
    settings: SearchSettings,
    path: string,
    onEvent: SearchListener,
    session: SessionOptions = {},
    space: DescribedSpace = spaceNamed(settings.space),
  ): Promise<RunningSearch> {
    assertLatencyLimit(settings); // before a file is made for it
    assertPhoneSettings(settings);
    assertSearchMethod(settings);
    assertNoFarmForCode(space, session);
    const batches = await batchesFor(this.#options.data, space, settings, session.opening);
    const usual = await this.#options.scorers.choose(space, batches, session, settings);
    const ranged = await estimateWarning(space, settings.latency);
    const plan = planOf(usual);
    const begun = takenFrom(session.from ?? null, { settings, space, batches, plan });
    const begunWith = { ...settings, takenOver: begun.candidates.length };
    assertSearchMethod(begunWith);
    const asked = { ...usual, threads: begun.threads ?? usual.threads };
    const farm = await this.#joined(settings, asked, session);
    const chosen = farm?.chosen ?? asked;
    let source: LatencySource | null = null;
    const runId = randomUUID();
    try {
      const purpose = { purpose: path, kept: null, session };
      const latency = await this.#latencyFor(begunWith, purpose, runId, space);
      source = latency.source;
      const store = createRun(path, {
        runId,
        settings: latency.settings,
        scoring: planOf(chosen),
        space: space.description,
        dataDescription: batches.description,
        warnings: [
          ...(ranged ? [ranged] : []),
          ...runWarnings(space, batches),
          ...(farm?.warnings ?? []),
        ],
        productVersion: this.#options.productVersion,
        createdAt: new Date().toISOString(),
        status: 'running',
        elapsedSeconds: 0,
      });
      for (const candidate of begun.candidates) store.add(candidate, 0);
      this.#options.agreements.add(store.info());
      await nextTurn(); // making the file kept the window long enough
      return this.#begin({
        space,
        store,
        batches,
        chosen,
        ...{ source, onEvent, session },
        ...(farm && { startScoring: farm.startScoring }),
      });
    } catch (error) {
      await Promise.all([source?.close(), farm?.close()]);
      throw error;
    }
  }

  /** How fast a search would be here. Throws what `scoringTrial` of workbench/scoring-trial.ts throws. */
  trial(
    settings: SearchSettings,
    space: DescribedSpace,
    session: SessionOptions,
    signal: AbortSignal,
  ): Promise<TrialRate | null> {
    const { data, scorers, latencies } = this.#options;
    return scoringTrial({ data, scorers, latencies }, settings, space, session, signal);
  }

  /** The engine with which a new search takes over the candidates of a run; null where it cannot. */
  engineToTakeOver(info: RunInfo, wanted: WantedFromRun): ReturnType<typeof engineToTakeOver> {
    return engineToTakeOver(info, wanted, this.#options.engines);
  }

  /**
   * Continues a stored run, with its engine. `budget` raises its limits, and is kept. Throws WorkbenchError:
   * `run-in-use`, `not-a-run-file`, `data-not-agreed`, `data-changed`, `engine-missing`, `engine-contradicts`, `space-code-needed`, `space-code-changed`.
   */
  async resume(
    path: string,
    onEvent: SearchListener,
    session: SessionOptions = {},
    budget: Budget = {},
  ): Promise<RunningSearch> {
    const store = openRunForWriting(path, session.looked);
    let farm: JoinedFarm | null = null;
    try {
      const { settings, dataDescription, scoring = null } = store.info();
      const { engine: wish = 'auto', precision: asked = 'auto' } = session;
      const wished = asked === 'auto' ? null : asked;
      const goingOn = engineForResume(scoring, wish, this.#options.engines, wished);
      const { name, threads, precision, instructions, warning } = goingOn;
      this.#options.agreements.assert(store.info(), session.agreedData);
      const space = spaceToGoOn(store, session.space ?? null);
      assertNoFarmForCode(space, session);
      const drawn = await batchesFor(this.#options.data, space, settings, session.opening);
      const batches = asScoredBy(scoring?.version ?? null, drawn);
      assertSameData(dataDescription, batches.description, settings);
      const asOwn = {
        ...(await this.#options.scorers.choose(
          ...([space, batches, { ...session, engine: name, precision }, settings] as const),
        )),
        ...{ threads, instructions },
      };
      farm = await this.#joined(settings, asOwn, session);
      const chosen = farm?.chosen ?? asOwn;
      if (scoring === null) store.setScoring(planOf(chosen));
      const note = scoring?.note ?? null;
      const kept = settings.latency === 'phone' ? runnerOfRun(store.candidates()) : null;
      const earlier = () => earlierLatencies(store);
      const purpose = { purpose: path, kept, earlier, session };
      const { source } = await this.#latencyFor(settings, purpose, store.info().runId, space);
      const { warnings: before = [] } = store.info();
      const more = (farm?.warnings ?? []).filter(
        ({ code }) => !before.some((one) => one.code === code),
      );
      if (more.length > 0) store.setSettings(settings, [...before, ...more]);
      if (Object.keys(budget).length > 0) {
        const { warnings = [] } = store.info();
        store.setSettings({ ...settings, ...budget }, [
          ...warnings,
          budgetRaised(settings, budget),
        ]);
      }
      const goneOnWith = { ...chosen, note, warning };
      return this.#begin({
        ...{ space, store, batches, chosen: goneOnWith, source, onEvent, session },
        ...(farm && { startScoring: farm.startScoring }),
      });
    } catch (error) {
      await farm?.close();
      store.close();
      throw error;
    }
  }

  /** Stops searches and waits until their files are closed. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const search of running) search.stop();
    await Promise.allSettled(running.map(({ finished }) => finished));
  }

  /** The farm that a session names; null where it names none. */
  async #joined(
    settings: SearchSettings,
    asked: ChosenEngine,
    session: SessionOptions,
  ): Promise<JoinedFarm | null> {
    return session.farm
      ? await this.#options.farms.join(session.farm, settings, asked, session)
      : null;
  }

  /** The source of a search's latencies: of this computer and what is plugged in, or phones of its farm. */
  async #latencyFor(
    settings: SearchSettings,
    purpose: MeasuringContext & { readonly session: SessionOptions },
    runId: string,
    space: DescribedSpace,
  ): Promise<{ readonly settings: SearchSettings; readonly source: LatencySource | null }> {
    const { farm, onPhones } = purpose.session;
    if (!farm) {
      assertFarmForPhones(settings);
      return await this.#options.latencies.open(settings, purpose);
    }
    if (!measuresOnFarm(settings)) return await this.#options.latencies.open(settings, purpose);
    const { kept, earlier } = purpose;
    const wish = { runId, space, settings, kept, earlier, onPhones };
    return await this.#options.farms.openLatency(farm.access, wish);
  }

  #begin(parts: Omit<SearchParts, 'scorers' | 'guide'>): RunningSearch {
    const search = beginSearch({
      ...parts,
      scorers: this.#options.scorers,
      guide: this.#options.guide,
    });
    this.#running.add(search);
    const over = (): unknown => this.#running.delete(search);
    search.finished.then(over, over);
    return search;
  }
}
