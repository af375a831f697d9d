/**
 * Scores one ONNX model of the user: any task, any data. The command line and the window both call it,
 * through the workbench.
 */
import { totalmem } from 'node:os';
import { presetValues } from '../common/presets.ts';
import type { Preset } from '../common/settings/score.ts';
import type { BiasChoice, Biases, BiasLayerSet, BiasSize } from '../common/zico-bc.ts';
import { outputClasses } from '../engine/task-loss.ts';
import type { Engine, EngineIdentity, LayerStatistics, Statistics } from '../engine/engine.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph, LayerSummary, WeightScheme } from '../graph/graph.ts';
import { findLayers } from '../graph/layers.ts';
import { summarise } from '../graph/summary.ts';
import { countedBias, countedScore, logTerm } from '../proxy/zico.ts';
import type { BatchSet, DataProblem, Task } from '../task/batches.ts';
import type { DataChoice, Waiting } from '../task/data-source.ts';
import type { Dataset } from '../task/dataset.ts';
import { drawBatches } from '../task/draw-batches.ts';
import { batchesForNetwork } from '../task/network-batches.ts';
import type { NpyArray } from '../task/npy.ts';
import { readNpy } from '../task/npy.ts';
import { withTaskHint } from './task-hint.ts';
import { batchNormalizationOf, type BatchNormalizationState } from './batch-normalization.ts';
import { bareConvolutions } from './bare-convolutions.ts';
import type { FinalActivation } from './final-activation.ts';
import { scoredNetwork } from './scored-network.ts';
import { withFreshWeights } from './fresh-weights.ts';
import { looseLayersOf } from './loose-layers.ts';
import { noiseLayers } from './noise-layers.ts';
import type { Warning } from '../warning.ts';
import { readModelFile } from './model-file.ts';
import { warningsOf } from './warnings.ts';

/** Images drawn from a data set by seed. */
export interface DrawnData {
  readonly kind: 'drawn';
  /** Without data: those that ship with the product; without a task then: classification. */
  readonly choice: DataChoice;
  readonly batches: number;
  /** Null takes a size that fits the preset, the task, the images and how many there are. */
  readonly batchSize: number | null;
  readonly preset: Preset;
  readonly seed: number;
}

/** Two .npy files for classification, used as they are, the batches one after the other. */
export interface ArrayData {
  readonly kind: 'arrays';
  readonly inputs: string;
  readonly targets: string;
  /** Null makes two batches. */
  readonly batchSize: number | null;
}

export interface ScoreModelRequest {
  /** The .onnx file. */
  readonly model: string;
  /** A network that lies in no file and has its weights: `model` is then what it is called. */
  readonly graph?: Graph;
  /** The same as it is deployed; by default as it is scored. */
  readonly deployed?: Graph;
  readonly data: DrawnData | ArrayData;
  /** The file's own weights, or fresh ones by a scheme and seed. */
  readonly weights: 'file' | { readonly scheme: WeightScheme; readonly seed: number };
  /** Cap of a term in the capped figures. */
  readonly termCap: number;
  readonly bias: BiasChoice;
  /** Height and width of the images that the model is deployed for; by default those that it is scored with. */
  readonly deploymentSize?: readonly [number, number] | undefined;
  /** Which output to score, where there are several; the first that fits the task unless stated. */
  readonly output?: string;
  /** Leaves layers out that get nothing but rounding noise; they count unless stated. */
  readonly ignoreNoise?: boolean;
}

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
  /** Layers of rounding noise that were left out of ZiCo and bias, because that was asked for. */
  readonly ignoredLayers?: readonly string[];
  readonly losses: readonly number[];
  readonly batches: number;
  readonly batchSize: number;
  readonly engine: EngineIdentity;
  /** Why it is not the engine that was asked, or the usual one; null where nothing has to be said. */
  readonly engineNote: string | null;
  readonly seconds: number;
  /** What a person should read before comparing this score with another. */
  readonly warnings: readonly Warning[];
}

/** A network, what it was scored with, and what came of it. */
interface Scored {
  /** As it was scored: without a softmax at its end. */
  readonly graph: Graph;
  /** What the network of the file ends in. */
  readonly ending: FinalActivation | null;
  /** Outputs of the file that were not scored. */
  readonly left: readonly string[];
  readonly batches: BatchSet;
  /** Classes that the network tells apart. */
  readonly outputs: number;
  readonly statistics: Statistics;
  /** Layers of the model as it is deployed; none where that is as it is scored. */
  readonly deployed: readonly LayerSummary[];
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
  const { data, weights, termCap } = request;
  const {
    graph: read,
    ending,
    left,
    batches,
    outputs,
  } = data.kind === 'arrays'
    ? await arrays(request, data, readModel)
    : await drawn(request, data, { openData, readModel }, signal);
  const graph =
    weights === 'file' || request.graph
      ? read
      : withFreshWeights(read, weights.scheme, weights.seed);
  signal?.throwIfAborted();
  // What this refuses, it refuses before anything is scored.
  const deployed = await deployedLayers(request, batches, readModel);
  await engine.useBatches(batches);
  const statistics = await engine.statistics({ graph, termCap }, signal);
  return modelScore(request, { graph, ending, left, batches, outputs, statistics, deployed });
}

async function arrays(
  { model, output }: ScoreModelRequest,
  data: ArrayData,
  readModel: typeof readModelFile,
) {
  const { inputs, targets, batchSize } = data;
  const arrayOf = { inputs: await readNpy(inputs), targets: await readNpy(targets) };
  const [images, ...image] = arrayOf.inputs.shape as readonly [number, ...number[]];
  const read = await readModel(model, {
    batchSize: batchSize ?? Math.max(1, Math.floor(images / 2)),
    ...(image.length === 3 && { image: image as unknown as [number, number, number] }),
  });
  const prepared = scoredNetwork(read, 'classification', image as unknown as Image, output);
  const { graph } = prepared;
  const request: { inputs: NpyArray; targets: NpyArray } = arrayOf;
  const batches = batchesForNetwork(graph, { ...request, batchSize, names: { inputs, targets } });
  return { ...prepared, batches, outputs: batches.classes };
}

async function drawn(
  { model, graph: given, output }: ScoreModelRequest,
  data: DrawnData,
  { openData, readModel }: Required<Omit<ScoreModelServices, 'engine'>>,
  signal?: AbortSignal,
): Promise<Omit<Scored, 'statistics' | 'deployed'>> {
  const { choice } = data;
  const dataset = await openData(choice, { signal });
  const usual = data.batchSize ?? usualBatchSize(dataset, data);
  const read = given ?? (await readModel(model, { batchSize: usual, image: dataset.inputShape }));
  const prepared = scoredNetwork(read, dataset.task, sized(read, dataset.inputShape), output);
  const { graph } = prepared;
  const [frozen = null, , height = null, width = null] = graph.inputs[0]?.shape ?? [];
  const batchSize = data.batchSize ?? frozen ?? usual;
  if (frozen !== null && frozen !== batchSize) throw frozenBatch(model, frozen, batchSize);
  const size = [height ?? dataset.inputShape[1], width ?? dataset.inputShape[2]] as const;
  const inputShape = [dataset.inputShape[0], ...size] as const;
  const { task, classes } = dataset;
  // Before an image is decoded or an engine started: throws where they do not fit.
  let outputs: number;
  try {
    outputs = outputClasses(graph, { task, classes, batchSize, inputShape });
  } catch (error) {
    throw choice.task === null ? withTaskHint(error, graph, inputShape, task) : error;
  }
  const { batches, seed } = data;
  return {
    ...prepared,
    batches: await drawBatches(dataset, { batches, batchSize, seed, size }),
    outputs,
  };
}

type Image = readonly [number, number, number];

/** The sizes that a network is scored at: its own, and where it leaves them open those of the data. */
function sized(graph: Graph, data: Image): Image {
  const [, channels = null, height = null, width = null] = graph.inputs[0]?.shape ?? [];
  return [channels ?? data[0], height ?? data[1], width ?? data[2]];
}

function usualBatchSize(
  { task, inputShape: scoringShape, count }: Dataset,
  { preset, batches }: DrawnData,
): number {
  const [, height, width] = scoringShape;
  // Version 0.1 took small images in large batches, and photographs in what memory holds.
  const former = task !== 'classification' ? 4 : height * width <= 64 * 64 ? 64 : 16;
  const facts = { task, scoringShape, varies: 'blocks' } as const;
  const usual = preset === 'custom' ? former : presetValues(preset, facts).batchSize;
  return Math.max(1, Math.min(usual, Math.floor(count / batches)));
}

function frozenBatch(model: string, frozen: number, asked: number): WorkbenchError {
  return new WorkbenchError(
    'shape-mismatch',
    `${model} takes exactly ${frozen} images at once, not ${asked}: the number is part of its arithmetic.`,
    `Use a batch size of ${frozen}, or export the model with an open batch size.`,
  );
}

function modelScore(
  { model, weights, bias: choice, ignoreNoise = false }: ScoreModelRequest,
  { graph, ending, left, batches, outputs, statistics, deployed }: Scored,
): ModelScore {
  const { description, classes, inputShape, task } = batches;
  const { parameters, macs, layers } = summarise(boundTo(graph, inputShape));
  const featureMaps = new Map(deployed.map((layer) => [layer.name, layer]));
  const summaries = new Map(layers.map((layer) => [layer.name, layer]));
  const problems = batches.warnings ?? [];
  const batchNormalization = batchNormalizationOf(graph);
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
      bare: bareConvolutions(graph),
      loose: looseLayersOf(graph),
      ...(({ fixed, oneDimensional }) => ({ fixed, oneDimensional }))(findLayers(graph)),
      memoryBytes: totalmem(),
    }),
  };
}

/** With the size of its images settled. */
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
  { model, deployed, deploymentSize }: ScoreModelRequest,
  { inputShape: [channels, ...scored], batchSize }: BatchSet,
  readModel: typeof readModelFile,
): Promise<readonly LayerSummary[]> {
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
    // Sizes that are left open are settled while a model is read.
    const image = [channels, height, width] as [number, number, number];
    const graph = await readModel(model, { batchSize, image });
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
