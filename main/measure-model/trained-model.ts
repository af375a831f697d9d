/** Whether a trained model is that of a candidate, whatever its weights are. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';
import { compareNetworks } from '../graph/compare/difference.ts';
import type { Graph } from '../graph/graph.ts';
import { decodeModel } from '../graph/onnx/decode.ts';
import { readOnnx } from '../graph/onnx/read.ts';
import { storedPrecision } from '../graph/onnx/stored-form.ts';
import { summarise } from '../graph/summary.ts';
import { networkOfCandidate, type Candidate } from '../run/candidate.ts';
import type { RunFile, RunInfo } from '../run/run-store.ts';
import type { ModelOfCandidate } from '../run/trained-model.ts';
import { externalDataBeside } from '../score-model/model-file.ts';
import { spaceOfRun } from '../space/index.ts';

export interface TrainedRequest {
  /** The .onnx file. */
  readonly model: string;
  readonly info: RunInfo;
  /** As they are stored, in full. The first is the one that was named. */
  readonly candidates: readonly Candidate[];
}

export interface LookedAtModel {
  readonly model: ModelOfCandidate;
  /** The first of the candidates whose network it is; null where it is that of none. */
  readonly candidate: number | null;
  /** What of it is not as in the first; empty where everything is. */
  readonly difference: string;
  /** For one image, in inference form. */
  readonly graph: Graph;
  readonly macs: number;
}

/** Where a model is looked at: in this process, or in a child. */
export type LookAtTrained = (
  request: TrainedRequest,
  signal?: AbortSignal,
) => Promise<LookedAtModel>;

/**
 * Throws what reading the model throws, `unsupported-tensor` where its weights are not float32, and what decoding a
 * candidate throws.
 */
export async function lookAtTrained(request: TrainedRequest): Promise<LookedAtModel> {
  const { model: file, info, candidates } = request;
  const space = spaceOfRun(info, candidates.map(networkOfCandidate));
  const networks = candidates.map(({ genotype }) => space.decode(genotype));
  const { graph, digest } = await readTrained(file, imageOf(networks[0]!));
  const name = path.basename(file);
  const read = { graph, macs: summarise(graph).macs };
  let difference = '';
  for (const [i, network] of networks.entries()) {
    const compared = compareNetworks(graph, network);
    if (compared.same) {
      const model = { digest, name, newHead: compared.newHead };
      return { ...read, difference, model, candidate: candidates[i]!.id };
    }
    if (i === 0) difference = compared.difference;
  }
  return { ...read, difference, model: { digest, name, newHead: null }, candidate: null };
}

function imageOf({ inputs }: Graph): readonly [number, number, number] {
  const [, channels = 3, height = 1, width = 1] = inputs[0]!.shape;
  return [channels ?? 3, height ?? 1, width ?? 1];
}

/** The digest is that of the file, and of weights that lie beside it, in the order in which they are read. */
async function readTrained(
  file: string,
  image: readonly [number, number, number],
): Promise<{ readonly graph: Graph; readonly digest: string }> {
  const bytes = await readInputFile(file);
  const precision = storedPrecision(decodeModel(bytes, file));
  if (precision !== 'float32') {
    throw new WorkbenchError(
      'unsupported-tensor',
      `The weights of ${file} are stored as ${precision}: it cannot be told whose network it is.`,
      'Attach the float32 model that it was made from. Its latency in int8 can be measured all the same.',
    );
  }
  const hash = createHash('sha256').update(bytes);
  const beside = externalDataBeside(file);
  const graph = readOnnx(bytes, file, {
    ...{ batchSize: 1, deployed: true, image },
    external: (...place) => {
      const part = beside(...place);
      hash.update(part);
      return part;
    },
  });
  return { graph, digest: hash.digest('hex') };
}

/** @param found the candidate whose network it is, where that is known */
export function otherNetwork(
  { model, difference }: LookedAtModel,
  wanted: number,
  found: number | null,
): WorkbenchError {
  return new WorkbenchError(
    'other-network',
    `${model.name} is not the network of candidate ${wanted}: ${difference}`,
    found === null
      ? 'Attach the model that was trained from the export of this candidate.'
      : `It is the network of candidate ${found}: attach it there.`,
  );
}

/** So many candidates are compared to say whose network a model is. */
const mostCompared = 20;

/** The candidates with so many MACs, in full. */
export function candidatesWith(
  run: Pick<RunFile, 'candidate' | 'candidates'>,
  macs: number,
): readonly Candidate[] {
  const found = run.candidates().filter((one) => one.macs === macs && one.status === 'evaluated');
  return found.slice(0, mostCompared).flatMap(({ id }) => run.candidate(id) ?? []);
}
