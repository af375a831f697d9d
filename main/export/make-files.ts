/** The files of an export, made in memory: nothing is written before all of them exist. */
import { createHash } from 'node:crypto';
import { analyseBias } from '../analysis/bias.ts';
import { needsZico } from '../common/objectives.ts';
import type { Graph } from '../graph/graph.ts';
import { producer } from '../graph/onnx/builder.ts';
import { writeDeployableOnnx } from '../graph/onnx/write.ts';
import { summarise } from '../graph/summary.ts';
import {
  networkOfCandidate,
  nameOfCandidate,
  type Candidate,
  type CandidateId,
  type EvaluatedCandidate,
} from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import { spaceOfRun } from '../space/index.ts';
import { initialNetwork } from '../space/initial-network.ts';
import { architectureJson } from './architecture.ts';
import type { NamedFile } from '../atomic-write.ts';
import type { Task } from '../task/batches.ts';
import { fileNames, imagesFile, leastFormats, readmeFile, type ExportFormat } from './formats.ts';
import { npz } from './npz.ts';
import { pytorchModule, type PyTorchModule } from './pytorch/module-file.ts';
import { readmeText } from './readme.ts';
import { boundsOf } from '../latency/bounds.ts';
import { boundsInWords, conditionsInWords } from '../latency/conditions.ts';
import { indistinctFromInWords } from '../run/latency-errors.ts';
import { standingOf, type Standing } from '../run/standing.ts';
import { reportHtml } from './report/report.ts';
import { safetensors } from './safetensors.ts';
import { writeTflite } from '../tflite/index.ts';
import { int8Files, type Calibrating } from './int8-files.ts';
import { imagesModule } from './training/images-module.ts';
import { trainProgram } from './training/train-program.ts';
import { namedTensors, ownNames } from './weight-files.ts';

export interface FilesRequest {
  readonly run: {
    candidates?(): readonly Candidate[];
    standing?(): Standing;
    trained?(): readonly TrainedModel[];
  };
  readonly info: RunInfo;
  readonly candidate: EvaluatedCandidate;
  readonly productVersion: string;
  readonly formats?: readonly ExportFormat[];
  /** How int8 files come to their ranges; they cannot be made without. */
  readonly calibrating?: Calibrating | undefined;
  readonly onProgress?: (file: string, index: number, count: number) => void;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

export async function makeFiles(request: FilesRequest): Promise<NamedFile[]> {
  const { run, info, candidate, productVersion, onProgress } = request;
  const { settings } = info;
  const { genotype } = candidate;
  const space = spaceOfRun(info, [networkOfCandidate(candidate)]);
  const asked = request.formats ?? leastFormats;
  // README.md says that there is no training program for detection.
  const formats = asked.filter((format) => format !== 'training' || isTrained(space.task));
  const graph = initialNetwork(space, genotype, settings.weights, settings.seed);
  const summary = summarise(graph);
  const module = formats.some((format) => ['pytorch', 'safetensors', 'npz'].includes(format))
    ? moduleOf(graph, request, formats)
    : null;
  const tensors = () => namedTensors(graph, module?.state ?? ownNames(graph));
  const candidates = run.candidates?.() ?? [candidate];
  const standing = run.standing?.() ?? standingOf(candidate, candidates, info, space.name);
  let model: NamedFile | null = null;
  const modelFile = () =>
    (model ??= { name: fileNames.onnx, bytes: writeDeployableOnnx(graph, 1, productVersion) });
  const tflite = (precision: 'float32' | 'float16') =>
    writeTflite(graph, precision, `${producer} ${productVersion}`);
  const images = { task: space.task, settings };
  const int8 = int8Files(graph, images, request.calibrating ?? null, productVersion);
  const makers: Record<ExportFormat, () => Uint8Array | Promise<Uint8Array>> = {
    onnx: () => modelFile().bytes,
    pytorch: () => utf8(module!.source),
    safetensors: () =>
      safetensors(tensors(), { format: 'pt', space: space.name, genotype, state: 'initial' }),
    npz: () => npz(tensors()),
    json: () => {
      const sha256 = createHash('sha256').update(modelFile().bytes).digest('hex');
      const source = { space, run: info, candidate, summary, productVersion, ...standing };
      const file = { file: formats.includes('onnx') ? fileNames.onnx : null, sha256 };
      return utf8(`${JSON.stringify(architectureJson({ ...source, model: file }), null, 2)}\n`);
    },
    training: () => utf8(trainProgram),
    tflite: () => tflite('float32'),
    'tflite-float16': () => tflite('float16'),
    'tflite-int8': () => int8.tflite(),
    'onnx-int8': () => int8.onnx(),
    html: () => {
      // The bias is a property of ZiCo: a run ranked by other scores has none to analyse.
      const analysis = needsZico(settings.score) ? analyseBias(candidates, space, settings) : null;
      return utf8(
        reportHtml({
          ...{ space, info, candidate, candidates, summary, analysis, productVersion },
          trained: run.trained?.() ?? [],
        }),
      );
    },
  };
  const withReadme = formats.some((format) => !leastFormats.includes(format));
  const count = formats.length + Number(withReadme);
  const files: NamedFile[] = [];
  for (const [i, format] of formats.entries()) {
    onProgress?.(fileNames[format], i + 1, count);
    files.push({ name: fileNames[format], bytes: await makers[format]() });
  }
  if (formats.includes('training')) files.push({ name: imagesFile, bytes: utf8(imagesModule) });
  if (!withReadme) return files;
  onProgress?.(readmeFile, count, count);
  const readme = readmeText({
    space: space.name,
    genotype,
    candidate: nameOfCandidate(candidate.id),
    parameters: summary.parameters,
    macs: summary.macs,
    image: space.imageShape(genotype, 'deployment'),
    formats,
    untrained: asked.includes('training') && !isTrained(space.task),
    className: module?.className ?? null,
    calibration: int8.facts,
    latency: latencyLines(candidate, standing.indistinctFrom),
  });
  return [...files, { name: readmeFile, bytes: utf8(readme) }];
}

/** The latency with its error, and what that leaves open. */
function latencyLines({ latency }: EvaluatedCandidate, alike: readonly CandidateId[]): string[] {
  if (latency === null) return [];
  const bounds = boundsOf(latency);
  const figure = `Latency: ${latency.latencyMs.toFixed(3)} ms`;
  const open = indistinctFromInWords(alike);
  return [
    `${figure}${bounds === null ? '' : ` (${boundsInWords(bounds)})`}. ${conditionsInWords(latency.conditions)}`,
    ...(open === null ? [] : [open]),
  ];
}

/** Whether train.py can train for the task. */
const isTrained = (task: Task): boolean => task !== 'detection';

/** Null if the network cannot be written as PyTorch code and only its weights are asked for. */
function moduleOf(
  graph: Graph,
  { info, candidate }: FilesRequest,
  formats: readonly ExportFormat[],
): PyTorchModule | null {
  const { space, seed } = info.settings;
  try {
    return pytorchModule(graph, {
      title: space,
      weights: fileNames.safetensors,
      about: [
        `Network ${candidate.genotype} of the search space ${space}.`,
        '',
        `${nameOfCandidate(candidate.id)} of a search with seed ${seed}, written by ZiCo Workbench.`,
        'Its weights are the initial ones that were scored; it has not been trained.',
      ],
    });
  } catch (error) {
    if (formats.includes('pytorch')) throw error;
    return null;
  }
}
