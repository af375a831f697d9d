/**
 * Scores one ONNX model of the user: any task, any data. The command line and the window both call it,
 * through the workbench.
 */
import { totalmem } from 'node:os';
import type { Biases, BiasLayerSet, BiasSize } from '../common/zico-bc.ts';
import type { Engine, EngineIdentity, LayerStatistics, Statistics } from '../engine/engine.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph, LayerSummary, WeightScheme } from '../graph/graph.ts';
import { findLayers } from '../graph/layers.ts';
import { summarise } from '../graph/summary.ts';
import { countedBias, countedScore, logTerm } from '../proxy/zico.ts';
import type { BatchSet, DataProblem, Task } from '../task/batches.ts';
import type { DataChoice, Waiting } from '../task/data-source.ts';
import type { Dataset } from '../task/dataset.ts';
import { batchNormalizationOf, type BatchNormalizationState } from './batch-normalization.ts';
import { bareConvolutions } from './bare-convolutions.ts';
import { computedLayers } from './computed-layers.ts';
import { withFreshWeights } from './fresh-weights.ts';
import { looseLayersOf } from './loose-layers.ts';
import type { NetworkFacts } from '../common/network-facts.ts';
import type { ProxyName } from '../common/proxies.ts';
import type { ProxyResult } from '../engine/engine.ts';
import { networkFacts } from '../proxy/network-facts.ts';
import { noiseLayers } from './noise-layers.ts';
import type { Warning } from '../warning.ts';
import { readModelFile } from './model-file.ts';
import { prepareModel, readPart, type PreparedModel } from './prepared-model.ts';
import type { ScoreModelRequest } from './request.ts';
import { warningsOf } from './warnings.ts';
import { writtenOutNorms } from './written-out-norms.ts';

export type { ScoreModelRequest } from './request.ts';

export interface ScoreModelServices {
  openData(choice: DataChoice, waiting?: Waiting): Promise<Dataset>;
  /** The caller keeps it and closes it. */
  readonly engine: Engine;
  /** Where the model is read; in this process unless stated. */
  readonly readModel?: typeof readModelFile;
}

export interface ModelLayer extends LayerStatistics {
  /** Weights and bias of the layer. */
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  /** ln of the sum: what the layer adds to ZiCo. */
  readonly log: number;
  readonly logCapped: number;
  /** What the layer adds to the bias. */
  readonly bias: number;
}

/** ZiCo and bias stay apart: ZiCo-BC = zico - beta * bias for any beta. */
export interface ModelScore {
  readonly model: string;
  /** The network's name in the file. */
  readonly network: string;
  readonly task: Task;
  readonly data: {
    readonly description: string;
    readonly classes: number;
    readonly inputShape: readonly [number, number, number];
    /** Images that were left out or used in part. */
    readonly problems: readonly DataProblem[];
  };
  readonly weights: { readonly scheme: 'file' | WeightScheme; readonly seed: number | null };
  readonly batchNormalization: BatchNormalizationState;
  readonly zico: number;
  readonly zicoCapped: number;
  /** As `biasSize` and `biasLayers` count it. */
  readonly bias: number;
  readonly biasSize: BiasSize;
  readonly biasLayers: BiasLayerSet;
  readonly biases: Biases;
  /** How many layers get no gradient. */
  readonly silentLayers: number;
  /** True where no layer gets one and only such layers count: the network ranks below all others. */
  readonly ranksLast: boolean;
  readonly termCap: number;
  readonly parameters: number;
  /** For one image. */
  readonly macs: number;
  readonly layers: readonly ModelLayer[];
  /** Counts of its layers, and what proxies say. */
  readonly facts: NetworkFacts;
  /** Layers of rounding noise that were left out of ZiCo and bias, because that was asked for. */
  readonly ignoredLayers?: readonly string[];
  readonly losses: readonly number[];
  readonly batches: number;
  readonly batchSize: number;
  readonly engine: EngineIdentity;
  /** Why it is not the engine that was asked for, or the usual one; null where it is. */
  readonly engineNote: string | null;
  readonly seconds: number;
  /** What a person should read before comparing this score with another. */
  readonly warnings: readonly Warning[];
}

/** A network, what it was scored with, and the result. */
interface Scored extends PreparedModel {
  readonly statistics: Statistics;
  /** Layers of the model as it is deployed; none where that is as it is scored. */
  readonly deployed: readonly LayerSummary[];
  readonly readings: ProxyResult['readings'];
}

/**
 * Throws WorkbenchError: what reading the model, opening and drawing the data and the engine throw;
 * `shape-mismatch` where network, data and task do not fit, before anything is scored.
 */
export async function scoreModel(
  request: ScoreModelRequest,
  { openData, engine, readModel = readModelFile }: ScoreModelServices,
  signal?: AbortSignal,
): Promise<ModelScore> {
  const { weights, termCap } = request;
  const prepared = await prepareModel(request, { openData, readModel }, signal);
  const { graph: read, batches } = prepared;
  const graph =
    weights === 'file' || request.graph
      ? read
      : withFreshWeights(read, weights.scheme, weights.seed);
  signal?.throwIfAborted();
  // First, because it may refuse, which should happen before anything is scored.
  const deployed = await deployedLayers(request, read, batches, readModel);
  await engine.useBatches(batches);
  const statistics = await engine.statistics({ graph, termCap }, signal);
  const readings = await readingsOf(engine, graph, request.proxies ?? [], signal);
  return modelScore(request, { ...prepared, graph, statistics, deployed, readings });
}

/** A proxy that fails leaves the model its score: it has no value then, and says why. */
async function readingsOf(
  engine: Engine,
  graph: Graph,
  proxies: readonly ProxyName[],
  signal?: AbortSignal,
): Promise<ProxyResult['readings']> {
  if (proxies.length === 0) return {};
  try {
    return (await engine.proxies({ graph, proxies }, signal)).readings;
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof WorkbenchError)) throw error;
    const none = proxies.map((name) => [name, { value: null, reason: error.message }] as const);
    return Object.fromEntries(none);
  }
}

function modelScore(
  { model, weights, bias: choice, ignoreNoise = false }: ScoreModelRequest,
  { graph, ending, left, batches, outputs, statistics, deployed, readings, dataNotes }: Scored,
): ModelScore {
  const { description, classes, inputShape, task } = batches;
  const { parameters, macs, layers } = summarise(boundTo(graph, inputShape), batches.batchSize);
  const featureMaps = new Map(deployed.map((layer) => [layer.name, layer]));
  const summaries = new Map(layers.map((layer) => [layer.name, layer]));
  const problems = batches.warnings ?? [];
  const written = writtenOutNorms(graph);
  const batchNormalization = batchNormalizationOf(graph, written);
  const found = findLayers(graph);
  const noise = noiseLayers(statistics.layers);
  const counted = ignoreNoise
    ? statistics.layers.filter(({ name }) => !noise.includes(name))
    : statistics.layers;
  return {
    model,
    network: graph.name,
    task,
    data: { description, classes, inputShape, problems },
    weights:
      weights === 'file'
        ? { scheme: 'file', seed: null }
        : { scheme: weights.scheme, seed: weights.seed },
    batchNormalization,
    ...countedScore(counted, featureMaps, choice),
    ...(ignoreNoise && { ignoredLayers: noise }),
    facts: networkFacts(statistics.layers, readings),
    ...choice,
    termCap: statistics.termCap,
    parameters,
    macs,
    layers: statistics.layers.map((layer) => ({
      ...layer,
      parameters: summaries.get(layer.name)?.parameters ?? layer.weights,
      macs: summaries.get(layer.name)?.macs ?? 0,
      log: logTerm(layer.sum),
      logCapped: logTerm(layer.sumCapped),
      bias: countedBias(layer, featureMaps.get(layer.name), choice),
    })),
    losses: statistics.losses,
    batches: statistics.batches,
    batchSize: statistics.batchSize,
    engine: statistics.engine,
    engineNote: statistics.note ?? null,
    seconds: statistics.seconds,
    warnings: warningsOf({
      ...{ batchNormalization, batches, outputs, statistics, ending, left, noise, ignoreNoise },
      randomDraws: graph.randomDraws ?? 0,
      decided: graph.decided ?? false,
      storedAs: graph.storedAs ?? null,
      unread: graph.unread ?? null,
      bare: bareConvolutions(graph, found, written),
      loose: looseLayersOf(found),
      computed: computedLayers(graph),
      ...{ fixed: found.fixed, alike: found.alike, uncounted: found.uncounted },
      memoryBytes: totalmem(),
      dataNotes,
    }),
  };
}

/** With the size of its images fixed. */
function boundTo(graph: Graph, image: readonly [number, number, number]): Graph {
  const [input] = graph.inputs;
  if (!input?.shape.slice(1).includes(null)) return graph;
  return { ...graph, inputs: [{ ...input, shape: [input.shape[0]!, ...image] }] };
}

/**
 * The layers of the model as it is deployed; none where that is as it is scored.
 * Throws `deployment-size` where the model cannot take images of that size.
 */
async function deployedLayers(
  request: ScoreModelRequest,
  { lastMaps, unread }: Graph,
  { inputShape: [channels, ...scored], batchSize }: BatchSet,
  readModel: typeof readModelFile,
): Promise<readonly LayerSummary[]> {
  const { model, deployed, deploymentSize } = request;
  if (deployed !== undefined) return summarise(deployed).layers;
  if (deploymentSize === undefined || deploymentSize.every((n, i) => n === scored[i])) return [];
  const [height, width] = deploymentSize;
  const refused = (why: string, cause?: unknown) =>
    new WorkbenchError(
      'deployment-size',
      `${model} cannot take images of ${height} x ${width}: ${why}`,
      'Name a size that it can be deployed for, or leave it out to count the bias at the size that is scored.',
      { cause },
    );
  try {
    // Open sizes are fixed while a model is read.
    const image = [channels, height, width] as [number, number, number];
    const graph = await readPart(request, readModel, {
      ...{ image, batchSize },
      forLastMaps: lastMaps !== undefined,
      readableOutputs: unread !== undefined,
    });
    const taken = graph.inputs[0]?.shape.slice(2) ?? [];
    if (taken.some((n, i) => n !== null && n !== deploymentSize[i])) {
      throw refused(`it takes images of ${taken.join(' x ')} only.`);
    }
    return summarise(boundTo(graph, image)).layers;
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code === 'deployment-size') throw error;
    throw refused(error.message, error);
  }
}
