/** What is asked for when a model is scored. */
import type { ProxyName } from '../common/proxies.ts';
import type { BiasChoice } from '../common/zico-bc.ts';
import type { Preset } from '../common/settings/score.ts';
import type { Graph, WeightScheme } from '../graph/graph.ts';
import type { ConstantInputs } from '../graph/onnx/constant-inputs.ts';
import type { Task } from '../task/batches.ts';
import type { DataChoice } from '../task/data-source.ts';

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
  /** Noise with random targets instead of the chosen data, of which only the task counts. */
  readonly synthetic?: boolean;
  /** Height and width of the images where the model leaves them open; by default those of the data. */
  readonly size?: readonly [number, number];
}

/** Two .npy files, used as they are, the batches one after the other. */
export interface ArrayData {
  readonly kind: 'arrays';
  /** Null takes the task that the targets are for: see `taskOfTargets`. */
  readonly task: Task | null;
  readonly inputs: string;
  readonly targets: string;
  /** Null makes two batches. */
  readonly batchSize: number | null;
}

/** How many batches an engine is chosen for. Arrays are not read for that: they count as what they usually make. */
export function plannedBatches(data: DrawnData | ArrayData): number {
  return data.kind === 'arrays' ? 2 : data.batches;
}

export interface ScoreModelRequest {
  /** The .onnx file. */
  readonly model: string;
  /** A network with its weights that is not in a file: `model` is then its name. */
  readonly graph?: Graph;
  /** The same as it is deployed; by default as it is scored. */
  readonly deployed?: Graph;
  readonly data: DrawnData | ArrayData;
  /** The file's own weights, or fresh ones by a scheme and seed. */
  readonly weights: 'file' | { readonly scheme: WeightScheme; readonly seed: number };
  /** Cap of a term in the capped figures. */
  readonly termCap: number;
  readonly bias: BiasChoice;
  /** Scores that are computed beside ZiCo; none unless stated. */
  readonly proxies?: readonly ProxyName[];
  /** Height and width of the images that the model is deployed for; by default those that it is scored with. */
  readonly deploymentSize?: readonly [number, number] | undefined;
  /**
   * Which outputs to score, or values inside the network, behind which it is cut off; the first output that fits the
   * task unless stated. Detection takes several.
   */
  readonly outputs?: readonly string[];
  /** Numbers in place of inputs other than the images. */
  readonly constants?: ConstantInputs;
  /** Leaves layers out that get nothing but rounding noise; they count unless stated. */
  readonly ignoreNoise?: boolean;
}
