/** Networks of run files, each by itself: scored, measured, given their ZiCo, exported. */
import { isCalibrated } from '../common/export-formats.ts';
import { usualRanges, type RangeChoice } from '../common/quantising.ts';
import { exportCandidate, type ExportRequest } from '../export/export-candidate.ts';
import type { Latency } from '../latency/latency.ts';
import {
  besides,
  hasZico,
  type CandidateId,
  type CandidateScore,
  type EvaluatedCandidate,
} from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import { spaceOfRun } from '../space/index.ts';
import { openRunForWriting, openRunReadOnly } from '../store/run-file.ts';
import type { DataChoice, DataSource } from '../task/data-source.ts';
import { measureAgain, scoreAgain } from './again.ts';
import type { Agreements } from './agreements.ts';
import type { Engines } from './engines.ts';
import { evaluatedCandidate, knownNetwork, measureBesides, scoreBesides } from './extra-scores.ts';
import type { LatencySources, PhoneSession } from './latency-sources.ts';

export interface ExportChoices extends Pick<ExportRequest, 'formats' | 'onProgress'> {
  /** How int8 files come to their ranges. */
  readonly ranges?: RangeChoice | undefined;
  /** The path of images that the person has agreed to, as the run names it. */
  readonly agreedData?: string | null | undefined;
}

/** Where a run lies: asked again where that may have changed since it was read. */
export type RunLocation = string | { readonly path: string };

export const pathOfRun = (place: RunLocation): string =>
  typeof place === 'string' ? place : place.path;

export interface StoredNetworksOptions {
  readonly productVersion: string;
  readonly data: DataSource;
  readonly engines: Engines;
  readonly latencies: LatencySources;
  readonly agreements: Agreements;
}

export class StoredNetworks {
  readonly #options: StoredNetworksOptions;

  constructor(options: StoredNetworksOptions) {
    this.#options = options;
  }

  /**
   * Scores a stored candidate again. Throws `data-not-agreed`, and what `scoreAgain` of workbench/again.ts
   * throws.
   */
  async scoreAgain(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    signal: AbortSignal,
  ): Promise<CandidateScore> {
    const { data, engines, agreements } = this.#options;
    agreements.assert(info, null);
    return scoreAgain({ data, engines }, info, candidate, signal);
  }

  /** Takes the latency of a stored candidate again. Throws `not-measured`, and what measuring throws. */
  measureAgain(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    signal: AbortSignal,
    session: PhoneSession = {},
  ): Promise<Latency> {
    return measureAgain(this.#options.latencies, info, candidate, signal, session);
  }

  /**
   * A network of a run's space: as its search scored it, or else scored now as the search would have, and
   * stored besides the candidates.
   * @param text a genotype
   * @param agreedData the path of images that the person has agreed to, as the run names it
   * Throws `genotype-outside-space`, `candidate-failed`, `run-in-use`, `data-not-agreed`, `data-changed`,
   * `engine-missing`, and what scoring throws.
   */
  async scoreNetwork(
    place: RunLocation,
    text: string,
    signal: AbortSignal,
    agreedData: string | null = null,
  ): Promise<EvaluatedCandidate> {
    const reader = openRunReadOnly(pathOfRun(place));
    const info = reader.info();
    const genotype = spaceOfRun(info).parse(text);
    let known: EvaluatedCandidate | null;
    try {
      known = knownNetwork(reader, genotype);
    } finally {
      reader.close();
    }
    if (known !== null) return known;
    this.#options.agreements.assert(info, agreedData);
    const { data, engines, latencies } = this.#options;
    const scored = await scoreBesides({ data, engines, latencies }, info, genotype, signal);
    const store = openRunForWriting(pathOfRun(place));
    try {
      // Somebody may have been quicker.
      if (store.extra(genotype) === null) store.addExtra(scored);
    } finally {
      store.close();
    }
    return scored;
  }

  /**
   * Latency of a network that `scoreNetwork` gave: from the source of its run, and stored with a network that was
   * scored besides and has none; of a run that counts MACs on this computer, where nothing is stored. Throws what
   * measuring throws.
   */
  async measureNetwork(
    place: RunLocation,
    network: EvaluatedCandidate,
    signal: AbortSignal,
    session: PhoneSession = {},
  ): Promise<Latency> {
    const reader = openRunReadOnly(pathOfRun(place));
    const info = reader.info();
    reader.close();
    const latency = await measureBesides(this.#options.latencies, info, network, signal, session);
    if (network.id !== besides || info.settings.latency === 'macs') return latency;
    const store = openRunForWriting(pathOfRun(place));
    try {
      const stored = store.extra(network.genotype);
      if (stored?.latency === null) store.addExtra({ ...stored, latency });
    } finally {
      store.close();
    }
    return latency;
  }

  /**
   * A candidate of a run that ranks by other scores, with its ZiCo: computed now as the search would have, and
   * stored with it. One that has it is given as it is stored.
   * @param agreedData as for `scoreNetwork`
   * Throws `unknown-candidate`, `candidate-failed`, and what `scoreNetwork` throws.
   */
  async giveZico(
    place: RunLocation,
    id: CandidateId,
    signal: AbortSignal,
    agreedData: string | null = null,
  ): Promise<{ readonly info: RunInfo; readonly candidate: EvaluatedCandidate }> {
    const reader = openRunReadOnly(pathOfRun(place));
    const info = reader.info();
    let candidate: EvaluatedCandidate;
    try {
      candidate = evaluatedCandidate(reader, id);
    } finally {
      reader.close();
    }
    if (hasZico(candidate.score)) return { info, candidate };
    this.#options.agreements.assert(info, agreedData);
    const { data, engines } = this.#options;
    const score = await scoreAgain({ data, engines }, info, candidate, signal, true);
    const store = openRunForWriting(pathOfRun(place));
    try {
      store.setZico(id, score);
      return { info, candidate: evaluatedCandidate(store, id) };
    } finally {
      store.close();
    }
  }

  /** Writes the files of a network that `scoreNetwork` gave into the folder; returns their names. */
  async exportNetwork(
    path: string,
    network: EvaluatedCandidate,
    folder: string,
    options: ExportChoices = {},
  ): Promise<readonly string[]> {
    const stored = openRunReadOnly(path);
    try {
      const more = network.id === besides ? [network] : [];
      const run = {
        info: () => stored.info(),
        candidate: () => network,
        candidates: () => [...stored.candidates(), ...more],
        trained: () => stored.trained(),
      };
      return await this.#exported(run, network.id, folder, options);
    } finally {
      stored.close();
    }
  }

  /** Writes the candidate's files into the folder; returns their names. */
  async exportCandidate(
    path: string,
    id: CandidateId,
    folder: string,
    options: ExportChoices = {},
  ): Promise<readonly string[]> {
    const run = openRunReadOnly(path);
    try {
      return await this.#exported(run, id, folder, options);
    } finally {
      run.close();
    }
  }

  #exported(
    run: ExportRequest['run'],
    id: CandidateId,
    folder: string,
    { ranges = usualRanges, agreedData = null, ...options }: ExportChoices,
  ): Promise<readonly string[]> {
    if (options.formats?.some(isCalibrated))
      this.#options.agreements.assert(run.info(), agreedData);
    const { productVersion, data } = this.#options;
    const calibrating = { open: (choice: DataChoice) => data.open(choice), ranges };
    return exportCandidate({ run, id, folder, productVersion, calibrating, ...options });
  }
}
