/** A model and batches that fit each other: everything that a score needs except an engine. */
import { plural } from '../common/figures.ts';
import { presetValues } from '../common/presets.ts';
import { outputClasses } from '../engine/task-loss.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { BatchSet, Task } from '../task/batches.ts';
import type { DataChoice, Waiting } from '../task/data-source.ts';
import type { Dataset } from '../task/dataset.ts';
import { drawBatches } from '../task/draw-batches.ts';
import { inGrey, ofFirstClasses } from '../task/fitted-dataset.ts';
import { batchesForNetwork } from '../task/network-batches.ts';
import { batchesFromNpy, imageShape, taskOfTargets } from '../task/npy-batches.ts';
import { readNpy } from '../task/npy.ts';
import { syntheticDataset } from '../task/synthetic.ts';
import type { Warning } from '../warning.ts';
import type { readModelFile } from './model-file.ts';
import type { ArrayData, DrawnData, ScoreModelRequest } from './request.ts';
import { scorableNetwork, type ScorableNetwork } from './scored-network.ts';
import { likelyTask, withTaskHint } from './task-hint.ts';
import { fewerClassesWarning, syntheticWarning, transformWarning } from './data-notes.ts';
import {
  findDetector,
  hasSeveralScales,
  headNote,
  readDetector,
  unlessRefused,
  withDetectorHint,
  type DetectorReader,
} from './detector.ts';

export interface PreparedModel extends ScorableNetwork {
  readonly batches: BatchSet;
  /** Classes that the network tells apart. */
  readonly outputs: number;
  /** How the data were made to fit, where a person should know. */
  readonly dataNotes: readonly Warning[];
}

export interface PrepareServices {
  openData(choice: DataChoice, waiting?: Waiting): Promise<Dataset>;
  readonly readModel: typeof readModelFile;
}

type Image = readonly [number, number, number];
/** @param task detectors are read up to their raw predictions */
type ReadImage = (image: Image, batchSize: number, task: Task | null) => Promise<Graph>;

/** Size of the images for models that leave it open, where no data decide it. */
const usualSize = [224, 224] as const;

/**
 * Throws WorkbenchError: what reading the model, opening and drawing the data throw; `shape-mismatch` where network,
 * data and task do not fit.
 */
export async function prepareModel(
  request: ScoreModelRequest,
  services: PrepareServices,
  signal?: AbortSignal,
): Promise<PreparedModel> {
  const read: ReadImage = async (image, batchSize, task) => {
    if (request.graph) return request.graph;
    const reader = detectorReader(request, services.readModel, image, batchSize);
    if (task === 'detection') return await readDetector(reader);
    return await reader.plain().catch(async (error: unknown) => {
      const told = await withDetectorHint(error, reader);
      if (told !== error || request.outputs) throw told;
      return await reader.read({ readableOutputs: true });
    });
  };
  const { data } = request;
  if (data.kind === 'arrays') return await arrays(request, data, read);
  return data.synthetic
    ? await synthetic(request, data, read, services.readModel)
    : await drawn(request, data, read, services, signal);
}

interface ReadPart {
  readonly image: Image;
  readonly batchSize: number;
  readonly forLastMaps?: boolean;
  readonly readableOutputs?: boolean;
}

/**
 * The model, or only a part of it where the value asked for is not an output of the whole, or where the rest cannot
 * be read.
 */
export async function readPart(
  { model, outputs, constants }: ScoreModelRequest,
  readModel: typeof readModelFile,
  part: ReadPart,
): Promise<Graph> {
  const options = { ...part, ...(constants && { constants }) };
  if (part.forLastMaps) return await readModel(model, { ...options, ...(outputs && { outputs }) });
  if (!outputs) return await readModel(model, options);
  try {
    const whole = await readModel(model, options);
    const named = outputs.every((name) => whole.outputs.includes(name));
    if (named && whole.inputs.length === 1) return whole;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
  }
  return await readModel(model, { ...options, outputs });
}

function detectorReader(
  request: ScoreModelRequest,
  readModel: typeof readModelFile,
  image: Image,
  batchSize: number,
): DetectorReader {
  const { model, outputs, constants } = request;
  const options = { batchSize, image, ...(constants && { constants }) };
  return {
    plain: () => readPart(request, readModel, { image, batchSize }),
    read: (part) => readModel(model, { ...options, ...part }),
    imageOf: (graph) => sizedAs(graph, image),
    outputs,
  };
}

async function arrays(
  { outputs }: ScoreModelRequest,
  data: ArrayData,
  readModel: ReadImage,
): Promise<PreparedModel> {
  const { inputs, targets } = data;
  const names = { inputs, targets };
  const arrayOf = { inputs: await readNpy(inputs), targets: await readNpy(targets) };
  const task = data.task ?? taskOfTargets(arrayOf.targets);
  const shape = imageShape(arrayOf.inputs, inputs);
  const images = arrayOf.inputs.shape[0]!;
  const batchSize = data.batchSize ?? Math.max(1, Math.floor(images / 2));
  const read = await readModel(shape, batchSize, task);
  const prepared = scorableNetwork(read, task, shape, outputs);
  const request = { ...arrayOf, batchSize: data.batchSize, names };
  if (task === 'classification') {
    const batches = batchesForNetwork(prepared.graph, request);
    return { ...prepared, batches, outputs: batches.classes, dataNotes: notesOf(prepared.graph) };
  }
  const told = outputClasses(prepared.graph, { task, classes: 1, batchSize, inputShape: shape });
  const classes = severalClasses(told, task);
  const batches = batchesFromNpy({ ...request, task, classes });
  return { ...prepared, batches, outputs: classes, dataNotes: notesOf(prepared.graph) };
}

async function drawn(
  request: ScoreModelRequest,
  data: DrawnData,
  readModel: ReadImage,
  { openData }: PrepareServices,
  signal?: AbortSignal,
): Promise<PreparedModel> {
  const { choice, size: asked } = data;
  const opened = await openData(choice, { signal });
  const [colours, ...stored] = opened.inputShape;
  const usual = data.batchSize ?? usualBatchSize(opened, data);
  const image: Image = [colours, ...(asked ?? stored)];
  const read = await readModel(image, usual, opened.task);
  const prepared = scorableNetwork(read, opened.task, sizedAs(read, image), request.outputs);
  const { graph } = prepared;
  const grey = graph.inputs[0]?.shape[1] === 1 && colours === 3;
  const dataset = grey ? inGrey(opened) : opened;
  const batchSize = batchSizeOf(request, data, graph, usual);
  const inputShape = sizedAs(graph, [dataset.inputShape[0], image[1], image[2]]);
  const size = inputShape.slice(1) as [number, number];
  const { task, classes } = dataset;
  const facts = { task, batchSize, inputShape };
  const told = classesTold(graph, facts);
  const fewer = told !== null && told < classes;
  // Before an image is decoded or an engine started: throws where they do not fit.
  let outputs: number;
  try {
    outputs = outputClasses(graph, { ...facts, classes: fewer ? told : classes });
  } catch (error) {
    throw withTaskHint(error, graph, inputShape, task);
  }
  const { batches, seed } = data;
  const fitting = fewer ? ofFirstClasses(dataset, told) : dataset;
  return {
    ...prepared,
    batches: await drawBatches(fitting, { batches, batchSize, seed, size }),
    outputs,
    dataNotes: [...notesOf(graph), ...(fewer ? [fewerClassesWarning(told, classes)] : [])],
  };
}

async function synthetic(
  request: ScoreModelRequest,
  data: DrawnData,
  readModel: ReadImage,
  readFile: typeof readModelFile,
): Promise<PreparedModel> {
  const image: Image = [3, ...(data.size ?? usualSize)];
  const anyBatch = data.batchSize ?? usualBatchSize(unlimited('classification', image), data);
  const task =
    data.choice.task ??
    (request.graph
      ? likelyTask(request.graph, sizedAs(request.graph, image))
      : await taskOfFile(detectorReader(request, readFile, image, anyBatch))) ??
    'classification';
  const read = await readModel(image, anyBatch, task);
  const inputShape = sizedAs(read, image);
  const prepared = scorableNetwork(read, task, inputShape, request.outputs);
  const { graph } = prepared;
  const usual = data.batchSize ?? usualBatchSize(unlimited(task, inputShape), data);
  const batchSize = batchSizeOf(request, data, graph, usual);
  const facts = { task, batchSize, inputShape };
  let told: number;
  try {
    told = severalClasses(outputClasses(graph, { ...facts, classes: 1 }), task);
  } catch (error) {
    throw withTaskHint(error, graph, inputShape, task);
  }
  const { batches, seed } = data;
  const dataset = syntheticDataset({ task, inputShape, classes: told, seed });
  return {
    ...prepared,
    batches: await drawBatches(dataset, { batches, batchSize, seed }),
    outputs: told,
    dataNotes: [syntheticWarning, ...notesOf(graph)],
  };
}

/** How a head was read, and what of a file was left out. */
function notesOf(graph: Graph): readonly Warning[] {
  const note = headNote(graph);
  return [...(note ? [note] : []), ...(graph.behindTransform ? [transformWarning] : [])];
}

/** What a file's outputs look like, or what its network ends in behind them; null where neither says anything. */
async function taskOfFile(reader: DetectorReader): Promise<Task | null> {
  try {
    const graph = await reader.plain();
    const likely = likelyTask(graph, reader.imageOf(graph));
    if (likely !== null) return likely;
  } catch (error) {
    // What cannot be read as a whole may still be a detector up to its post-processing.
    if (!(error instanceof WorkbenchError)) throw error;
  }
  const found = await findDetector(reader);
  if (found && hasSeveralScales(found)) return 'detection';
  if (reader.outputs) return null;
  const part = await unlessRefused(reader.read({ readableOutputs: true }));
  return part instanceof WorkbenchError ? null : likelyTask(part, reader.imageOf(part));
}

const unlimited = (task: Task, inputShape: Image) => ({ task, inputShape, count: Infinity });

/** One logit tells two classes apart, except in detection, where the other is nothing. */
const severalClasses = (outputs: number, task: Task): number =>
  task === 'detection' ? outputs : Math.max(2, outputs);

/** How many classes the network tells apart, whatever the data have; null where it does not fit the task at all. */
function classesTold(
  graph: Graph,
  facts: { readonly task: Task; readonly batchSize: number; readonly inputShape: Image },
): number | null {
  try {
    return severalClasses(outputClasses(graph, { ...facts, classes: 1 }), facts.task);
  } catch (error) {
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
}

/** The sizes that a network is scored at: its own, and where it leaves them open those of the data. */
export function sizedAs(graph: Graph, data: Image): Image {
  const [, channels = null, height = null, width = null] = graph.inputs[0]?.shape ?? [];
  return [channels ?? data[0], height ?? data[1], width ?? data[2]];
}

function usualBatchSize(
  { task, inputShape: scoringShape, count }: Pick<Dataset, 'task' | 'inputShape' | 'count'>,
  { preset, batches }: DrawnData,
): number {
  const [, height, width] = scoringShape;
  // Version 0.1 took small images in large batches, and photographs in what memory holds.
  const former = task !== 'classification' ? 4 : height * width <= 64 * 64 ? 64 : 16;
  const facts = { task, scoringShape, varies: 'blocks' } as const;
  const usual = preset === 'custom' ? former : presetValues(preset, facts).batchSize;
  return Math.max(1, Math.min(usual, Math.floor(count / batches)));
}

/** Throws `shape-mismatch` where the model takes another number of images than was asked for. */
function batchSizeOf(
  { model }: ScoreModelRequest,
  data: DrawnData,
  graph: Graph,
  usual: number,
): number {
  const frozen = graph.inputs[0]?.shape[0] ?? null;
  const batchSize = data.batchSize ?? frozen ?? usual;
  if (frozen === null || frozen === batchSize) return batchSize;
  throw new WorkbenchError(
    'shape-mismatch',
    `${model} takes exactly ${plural(frozen, 'image', 'images')} at once, not ${batchSize}: the number is part of its arithmetic.`,
    `Use a batch size of ${frozen}, or export the model with an open batch size.`,
  );
}
