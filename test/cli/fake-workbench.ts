/** A workbench without an engine: scores follow from the widths, runs live in memory. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../../main/cli/run.ts';
import type {
  AskedServices,
  AskedRunningSearch,
  SearchListener,
} from '../../main/asked/services.ts';
import type { Scored } from '../../main/engine/engine-choice.ts';
import type { Engine, StatisticsRequest } from '../../main/engine/engine.ts';
import { WorkbenchError } from '../../main/errors.ts';
import { exportCandidate } from '../../main/export/export-candidate.ts';
import { generatorFor } from '../../main/random.ts';
import { summarise } from '../../main/graph/summary.ts';
import type { PhoneReport } from '../../main/phone/report.ts';
import {
  besides,
  type Candidate,
  type CandidateId,
  type EvaluatedCandidate,
} from '../../main/run/candidate.ts';
import type { RunInfo } from '../../main/run/run-store.ts';
import type { TrainedModel, TrainedPrecision } from '../../main/run/trained-model.ts';
import { pathOfRun } from '../../main/workbench/stored-networks.ts';
import { assertStated, attachedModel, notAttached } from '../../main/workbench/trained.ts';
import type { SearchEvent } from '../../main/search/search.ts';
import type { SearchSettings } from '../../main/common/settings/index.ts';
import { scoreModel } from '../../main/score-model/score-model.ts';
import { measureModel } from '../../main/measure-model/measure-model.ts';
import type { LatencySource, LatencyRequest } from '../../main/latency/latency.ts';
import { PredictedLatency } from '../../main/latency/predicted/predicted-latency.ts';
import { spaceNamed } from '../../main/space/index.ts';
import type { Genotype } from '../../main/space/space.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import type { DataChoice } from '../../main/task/data-source.ts';
import { embeddedData } from '../../main/task/embedded.ts';
import { inspectDataset } from '../../main/task/inspect-dataset.ts';
import { openDataset } from '../../main/task/open-dataset.ts';
import type { Warning } from '../../main/warning.ts';

const assetsFolder = path.join(import.meta.dirname, '../../main/assets');

interface StoredRun {
  info: RunInfo;
  candidates: Candidate[];
  /** Scored besides. */
  extras?: EvaluatedCandidate[];
  trained?: TrainedModel[];
}

export interface FakeWorkbench extends AskedServices {
  closed: boolean;
  /** What is plugged in. */
  phones: readonly PhoneReport[];
  /** Whether runners were looked for, each time. */
  readonly phonesAsked: boolean[];
  /** What the last engine was given. */
  batches: BatchSet | null;
  threads: number | null;
  scored: Scored | undefined;
  workers: number | 'auto' | undefined;
  /** What searches find of their space and data when they begin. */
  warnings: readonly Warning[];
  /** Hears what searches say, before the command does. */
  onEvent: SearchListener;
  /** In which precisions trained models were to be measured, each time. */
  readonly trainedMeasured: (readonly TrainedPrecision[])[];
}

/** `failing` names ids of candidates that fail. */
export function fakeWorkbench(failing: readonly number[] = []): FakeWorkbench {
  const heard =
    (onEvent: SearchListener): SearchListener =>
    (event) => {
      fake.onEvent(event);
      onEvent(event);
    };
  const fake: FakeWorkbench = {
    closed: false,
    phones: [],
    phonesAsked: [],
    batches: null,
    threads: null,
    scored: undefined,
    workers: undefined,
    warnings: [],
    onEvent: () => undefined,
    trainedMeasured: [],
    farms: { openWorker: noFarm, status: noFarm, watch: noFarm },
    openEngine({ threads = null, scored }) {
      Object.assign(fake, { threads, scored });
      return fakeEngine(fake);
    },
    scoreModel(request, engine, signal, _read, onProgress) {
      const openData = ({ data, task, kind }: DataChoice) => {
        if (data !== null) onProgress?.({ doing: 'listing', names: 4096 });
        return openDataset(
          data === null
            ? embeddedData(task ?? 'classification', assetsFolder)
            : { path: data, task, kind },
        );
      };
      return scoreModel(request, { openData, engine }, signal);
    },
    measureModel(request, { kind, ...asked }, signal) {
      return measureModel(request, fakeLatency(kind, asked), signal);
    },
    async measureOnPhone() {
      throw new WorkbenchError('phone-none', 'No phone is plugged in.', 'Plug one in.');
    },
    async startScoring(_space, batches, { threads = null, workers }) {
      Object.assign(fake, { threads, workers });
      const engine = fakeEngine(fake);
      await engine.useBatches(batches);
      const layout = { workers: 3, threads: 1 };
      return {
        engine,
        layout,
        plan: { engine: 'onnxruntime', version: '0', ...layout, note: null },
      };
    },
    async startSearch(settings, file, onEvent, { threads = null, workers } = {}) {
      Object.assign(fake, { threads, workers });
      const info: RunInfo = {
        runId: randomUUID(),
        settings,
        dataDescription: 'pretended images',
        productVersion: '1.2.3',
        createdAt: '2025-01-01T00:00:00Z',
        status: 'running',
        elapsedSeconds: 0,
        warnings: fake.warnings,
      };
      try {
        const flag = existsSync(file) && statSync(file).size === 0 ? 'w' : 'wx';
        writeFileSync(file, JSON.stringify({ info, candidates: [] }), { flag });
      } catch {
        throw new WorkbenchError('run-exists', `${file} exists.`, 'Choose another name.');
      }
      return fakeSearch(file, heard(onEvent), failing);
    },
    async resumeSearch(file, onEvent, _session, budget = {}) {
      const stored = readRun(file);
      Object.assign(stored.info, { settings: { ...stored.info.settings, ...budget } });
      writeFileSync(file, JSON.stringify(stored));
      return fakeSearch(file, heard(onEvent), failing);
    },
    openRunReadOnly(file) {
      const run = readRun(file);
      return {
        info: () => run.info,
        candidates: () => run.candidates,
        counts: () => ({
          evaluated: run.candidates.filter(({ status }) => status === 'evaluated').length,
          failed: run.candidates.filter(({ status }) => status === 'failed').length,
          generation: Math.max(0, ...run.candidates.map(({ generation }) => generation)),
        }),
        tags: () => [],
        extras: () => run.extras ?? [],
        trained: () => run.trained ?? [],
        withoutDigest: () => 0,
        close: () => undefined,
      };
    },
    async exportCandidate(file, id, folder, options) {
      const { info, candidates } = readRun(file);
      const candidate = (wanted: CandidateId) => candidates.find((c) => c.id === wanted) ?? null;
      const run = { info: () => info, candidate, candidates: () => candidates };
      return exportCandidate({ run, id, folder, productVersion: '1.2.3', ...options });
    },
    async scoreNetwork(place, text) {
      const file = pathOfRun(place);
      const stored = readRun(file);
      const { candidates, extras = [], info } = stored;
      const genotype = spaceNamed(info.settings.space).parse(text);
      const known = [...candidates, ...extras].find((one) => one.genotype === genotype);
      if (known?.status === 'evaluated') return known;
      const scored = scoredAs(besides, genotype, info.settings);
      writeFileSync(file, JSON.stringify({ ...stored, extras: [...extras, scored] }));
      return scored;
    },
    async giveZico(place, id) {
      const { info, candidates } = readRun(pathOfRun(place));
      const known = candidates.find((one) => one.id === id);
      if (known?.status !== 'evaluated') throw new Error(`no candidate ${id}`);
      return { info, candidate: known };
    },
    async attachTrained(file, id, model, stated, measured) {
      if (stated !== null) assertStated(stated);
      const stored = readRun(file);
      const before = stored.trained?.find(({ candidate }) => candidate === id) ?? null;
      const looked = { digest: 'a'.repeat(64), name: path.basename(model), newHead: null };
      const attached = attachedModel({ model: looked }, id, stated, before);
      const others = (stored.trained ?? []).filter(({ candidate }) => candidate !== id);
      writeFileSync(file, JSON.stringify({ ...stored, trained: [...others, attached] }));
      fake.trainedMeasured.push(measured);
      return { attached, replaced: null };
    },
    detachTrained(file, id) {
      const stored = readRun(file);
      const attached = stored.trained?.find(({ candidate }) => candidate === id);
      if (!attached) throw notAttached(id);
      const trained = stored.trained?.filter((one) => one !== attached);
      writeFileSync(file, JSON.stringify({ ...stored, trained }));
      return attached;
    },
    async exportNetwork(file, network, folder, options) {
      const { info, candidates } = readRun(file);
      const run = { info: () => info, candidate: () => network, candidates: () => candidates };
      return exportCandidate({ run, id: network.id, folder, productVersion: '1.2.3', ...options });
    },
    async readPhones(_, { runners = false } = {}) {
      fake.phonesAsked.push(runners);
      return fake.phones;
    },
    async inspectData({ data, kind }, check) {
      return inspectDataset(await openDataset({ path: data ?? assetsFolder, kind }), check);
    },
    async close() {
      fake.closed = true;
    },
  };
  return fake;
}

function readRun(file: string): StoredRun {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StoredRun;
  } catch {
    throw new WorkbenchError('not-a-run-file', `${file} is no run file.`, 'Choose another.');
  }
}

/** Proposes random networks, one every few milliseconds. */
function fakeSearch(
  file: string,
  onEvent: SearchListener,
  failing: readonly number[],
): AskedRunningSearch {
  const run = readRun(file);
  const { settings } = run.info;
  const planned = settings.candidates ?? (settings.generations ?? 1) * settings.population;
  let stopping = false;
  const count = (status: Candidate['status']) =>
    run.candidates.filter((candidate) => candidate.status === status).length;
  const tell = (phase: SearchEvent['phase'], candidate?: Candidate) =>
    onEvent({
      phase,
      generation: 0,
      evaluated: count('evaluated'),
      failed: count('failed'),
      planned,
      elapsedSeconds: 1,
      candidate,
    });
  const work = async () => {
    while (run.candidates.length < planned && !stopping) {
      const id = run.candidates.length + 1;
      tell('scoring');
      await new Promise((resolve) => setTimeout(resolve, 3));
      const candidate = fakeCandidate(id, settings, failing.includes(id));
      run.candidates.push(candidate);
      writeFileSync(file, JSON.stringify(run));
      tell('stored', candidate);
    }
    tell('ended');
    const status = stopping ? ('stopped' as const) : ('finished' as const);
    Object.assign(run.info, { status });
    writeFileSync(file, JSON.stringify(run));
    return status;
  };
  const stop = () => {
    stopping = true;
  };
  return { info: run.info, planned, stop, finished: work() };
}

export function fakeCandidate(id: number, settings: SearchSettings, fails: boolean): Candidate {
  const space = spaceNamed(settings.space);
  const genotype = space.sample(generatorFor('fake', settings.seed, id));
  const scored = scoredAs(id as CandidateId, genotype, settings);
  if (!fails) return scored;
  const { generation, parents, parameters, macs } = scored;
  const failure = { code: 'scoring-timeout', message: 'It took too long.', hint: 'Wait.' };
  const proposal = { id: id as CandidateId, genotype, generation, parents, parameters, macs };
  return { ...proposal, status: 'failed', failure };
}

function scoredAs(
  id: CandidateId,
  genotype: Genotype,
  settings: SearchSettings,
): EvaluatedCandidate {
  const { parameters, macs, layers } = summarise(spaceNamed(settings.space).decode(genotype));
  return {
    ...{ id, genotype, generation: 0, parents: [], parameters, macs },
    status: 'evaluated',
    latency: null,
    score: {
      zico: Math.sqrt(parameters),
      zicoCapped: Math.sqrt(parameters) / 2,
      bias: 10 + (id % 3),
      termCap: settings.termCap ?? 100,
      losses: [2.3, 2.3],
      layers: layers.map((layer) => ({
        ...layer,
        weights: layer.parameters,
        sum: 2,
        sumCapped: 1,
        gradientNorms: [1, 1],
      })),
      engine: { name: 'onnxruntime', version: '0', threads: 1 },
      seconds: 0.1,
    },
  };
}

/** Every run takes 2 ms; the estimate is the real one, which runs nothing. */
function fakeLatency(kind: LatencyRequest['kind'], asked: Partial<LatencyRequest>): LatencySource {
  if (kind === 'predicted-s10-gpu') return new PredictedLatency('predicted-s10-gpu');
  const { runs = 20, warmUp = 3, threads = 1 } = asked;
  return {
    kind,
    exclusive: true,
    async measure() {
      return {
        latencyMs: 2,
        p90Ms: 2,
        minMs: 2,
        runsMs: Array<number>(runs).fill(2),
        conditions: {
          source: kind,
          device: 'a pretended processor',
          runner: 'onnxruntime-cpu',
          engineVersion: '0',
          precision: 'float32',
          threads,
          warmUp,
          runs,
        },
      };
    },
    close: async () => undefined,
  };
}

function noFarm(): Promise<never> {
  return Promise.reject(new WorkbenchError('farm-unreachable', 'There is no farm.', 'Start one.'));
}

function fakeEngine(fake: FakeWorkbench): Engine {
  return {
    identity: { name: 'onnxruntime', version: '0', threads: fake.threads ?? 1 },
    async useBatches(batches) {
      fake.batches = batches;
    },
    async statistics({ graph, termCap }: StatisticsRequest, signal) {
      signal?.throwIfAborted();
      if (!fake.batches) throw new Error('no batches');
      const { layers } = summarise(graph);
      return {
        layers: layers.map(({ parameters: weights, ...layer }) => ({
          ...layer,
          weights,
          sum: weights,
          sumCapped: weights / 2,
          gradientNorms: fake.batches!.batches.map((_, b) => b + 1),
        })),
        losses: fake.batches.batches.map(() => 2.5),
        termCap,
        batches: fake.batches.batches.length,
        batchSize: fake.batches.batchSize,
        engine: { name: 'onnxruntime', version: '0', threads: fake.threads ?? 1 },
        seconds: 0.5,
        peakMemoryBytes: 1,
      };
    },
    async proxies({ graph, proxies }) {
      const { parameters } = summarise(graph);
      return {
        readings: Object.fromEntries(proxies.map((name, i) => [name, { value: parameters + i }])),
        engine: { name: 'onnxruntime', version: '0', threads: fake.threads ?? 1 },
        seconds: 0.05,
        peakMemoryBytes: 1,
      };
    },
    async close() {},
  };
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line inside this process. */
export async function run(
  args: readonly string[],
  options: {
    services?: AskedServices;
    interrupted?: AbortSignal;
    isTTY?: boolean;
    /** What comes in. */
    input?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  } = {},
): Promise<Ran> {
  const { services = fakeWorkbench(), isTTY = false } = options;
  let stdout = '';
  let stderr = '';
  const code = await runCli(args, {
    version: '1.2.3',
    assetsFolder,
    stdout: (text) => (stdout += text),
    stderr: { write: (text) => (stderr += text), isTTY, columns: () => 200 },
    stdin: async function* () {
      yield* options.input ?? [];
    },
    openServices: async () => services,
    interrupted: options.interrupted ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}
