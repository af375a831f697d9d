/** Scoring a model or a network of a space: what can be asked for, and what is reported. */
import type { EngineWish } from '../common/engines.ts';
import { presetForModel, presetWith, variesBy } from '../common/presets.ts';
import { defaultSearchSettings, type SearchSettings } from '../common/settings/index.ts';
import type { ProxyName } from '../common/proxies.ts';
import { defaultTermCap, type Preset } from '../common/settings/score.ts';
import { biasCorrected, type BiasChoice } from '../common/zico-bc.ts';
import type { PrecisionWish } from '../engine/precision.ts';
import type { WorkbenchError } from '../errors.ts';
import type { WeightScheme } from '../graph/graph.ts';
import type { ConstantInputs } from '../graph/onnx/constant-inputs.ts';
import { plannedBatches } from '../score-model/request.ts';
import type { ModelScore, ScoreModelRequest } from '../score-model/score-model.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Task } from '../task/batches.ts';
import type { Waiting } from '../task/data-source.ts';
import { badArguments } from './bad-arguments.ts';
import type { Called } from './called.ts';
import { networkToScore } from './network-to-score.ts';
import type { AskedServices } from './services.ts';

export const weightChoices = ['file', 'kaiming', 'pytorch-default'] as const;
export type WeightChoice = (typeof weightChoices)[number];
const schemes: Readonly<Record<Exclude<WeightChoice, 'file'>, WeightScheme>> = {
  kaiming: 'kaiming-normal-fan-out',
  'pytorch-default': 'pytorch-default',
};

/** What is left out follows from the preset, or from the model and its images. */
export interface ScoreAsked extends Partial<BiasChoice> {
  /** What the network does. */
  readonly task?: Task | undefined;
  /** File or folder of images with targets; by default those that ship with the product. */
  readonly data?: string | undefined;
  /** The kind of data to read `data` as; by default it is detected. */
  readonly kind?: string | undefined;
  /** Instead of `data`: .npy, float32, N x C x H x W, normalised. */
  readonly inputs?: string | undefined;
  /** With `inputs`, as .npy: classes (integers, N), masks (integers, N x H x W) or boxes (float32, N x boxes x 5). */
  readonly targets?: string | undefined;
  readonly batchSize?: number | undefined;
  readonly batches?: number | undefined;
  /** Seed of the images drawn and of fresh weights; 0 by default. */
  readonly seed?: number | undefined;
  /** The file's own weights, which is the default, or fresh ones. */
  readonly weights?: WeightChoice | undefined;
  /** Strength of the bias correction; 0 is plain ZiCo. */
  readonly beta?: number | undefined;
  /** Noise with random targets instead of `data`. */
  readonly synthetic?: boolean | undefined;
  /** Height and width of the images, if the model leaves them open. */
  readonly size?: readonly [number, number] | undefined;
  /** The output, or value inside the network, to score; several for detection. */
  readonly output?: string | readonly string[] | undefined;
  /** Numbers for inputs other than the images. */
  readonly constant?: ConstantInputs | undefined;
  /** Leave out layers that get nothing but rounding noise. */
  readonly ignoreNoise?: boolean | undefined;
  readonly termCap?: number | undefined;
  /** Scores to compute besides ZiCo; none by default. */
  readonly proxies?: readonly ProxyName[] | undefined;
  readonly preset?: Preset | undefined;
  /** Height and width of images as deployed, at which the bias is counted. */
  readonly deploymentSize?: readonly [number, number] | undefined;
  readonly threads?: number | undefined;
  readonly engine?: EngineWish | undefined;
  readonly precision?: PrecisionWish | undefined;
}

/**
 * Scores a model or network as asked for.
 * @param model an ONNX file; with a space, a genotype of it
 * @param waiting can abort it, and is told the progress of opening images
 * Throws WorkbenchError: `bad-arguments`, and what scoring throws.
 */
export async function scoreAsked(
  services: Pick<AskedServices, 'openEngine' | 'scoreModel'>,
  { model, space }: { readonly model: string; readonly space: DescribedSpace | null },
  asked: ScoreAsked,
  called: Called,
  { signal, onProgress }: Waiting,
): Promise<ScoreReport> {
  if (asked.synthetic) assertSynthetic(asked, space, called);
  const file = requestOf(model, asked, called);
  const request = space === null ? file : networkToScore(file, space, called);
  const { termCap } = usualOf(asked);
  const engine = services.openEngine({
    threads: asked.threads ?? null,
    engine: asked.engine ?? 'auto',
    precision: asked.precision,
    // As in a search: without a cap the plain score ranks, which needs direct convolutions.
    scored: { termCap, batches: plannedBatches(request.data) },
  });
  let scored: ModelScore;
  try {
    scored = await services.scoreModel(request, engine, signal, undefined, onProgress);
  } finally {
    await engine.close();
  }
  const { task, data } = scored;
  const varies = space === null ? 'blocks' : variesBy(space.depth);
  const facts = { task, scoringShape: data.inputShape, varies } as const;
  const { preset, values } = presetWith(givenOf(asked, scored), facts, usualPreset);
  return reportOf(scored, preset, values.beta);
}

const usualPreset: Preset = defaultSearchSettings.preset;
/** The values that follow from the preset, whatever is scored, and from what was asked for besides. */
function usualOf({ preset, batches, termCap, biasSize, biasLayers, ...rest }: ScoreAsked) {
  const usual = presetForModel(preset ?? usualPreset, rest.task ?? 'classification');
  return {
    batches: batches ?? usual.batches,
    termCap: termCap ?? usual.termCap,
    bias: {
      biasSize: biasSize ?? usual.biasSize,
      biasLayers: biasLayers ?? usual.biasLayers,
    },
  };
}

/** Whether models scored like this rank by the score with capped terms, as in a search. */
export const ranksCapped = (asked: ScoreAsked): boolean => usualOf(asked).termCap !== null;

/** The values that override the preset: those asked for, and those that arrays imply. */
function givenOf(asked: ScoreAsked, { batches, batchSize }: ModelScore): Partial<SearchSettings> {
  const { preset, beta, termCap, biasSize, biasLayers, weights = 'file' } = asked;
  const arrays = asked.inputs !== undefined;
  return {
    ...(preset && { preset }),
    ...(beta !== undefined && { beta }),
    ...(termCap !== undefined && { termCap }),
    ...(biasSize && { biasSize }),
    ...(biasLayers && { biasLayers }),
    ...((arrays || asked.batches !== undefined) && { batches }),
    ...((arrays || asked.batchSize !== undefined) && { batchSize }),
    ...(weights !== 'file' && { weights: schemes[weights] }),
  };
}

function requestOf(model: string, asked: ScoreAsked, called: Called): ScoreModelRequest {
  const { weights = 'file', termCap = defaultTermCap, deploymentSize, seed = 0 } = asked;
  return {
    model,
    data: dataOf(asked, called),
    weights: weights === 'file' ? weights : { scheme: schemes[weights], seed },
    termCap,
    bias: usualOf(asked).bias,
    deploymentSize,
    ...(asked.output !== undefined && { outputs: [asked.output].flat() }),
    ...(asked.constant && { constants: asked.constant }),
    ...(asked.ignoreNoise && { ignoreNoise: true }),
    ...(asked.proxies && { proxies: asked.proxies }),
  };
}

function dataOf(asked: ScoreAsked, called: Called): ScoreModelRequest['data'] {
  const { inputs, targets, data = null, task = null, kind = null, batches, seed = 0 } = asked;
  const { preset = usualPreset, synthetic = false, size } = asked;
  const batchSize = asked.batchSize ?? null;
  const contradiction = (message: string): WorkbenchError =>
    badArguments(
      message,
      `Give ${called('inputs')} and ${called('targets')}, or ${called('data')}, or neither for the images shipped with zico.`,
    );
  if (inputs === undefined && targets === undefined) {
    if (kind !== null && data === null) {
      throw contradiction(`${called('kind')} says what ${called('data')} is, which is not given.`);
    }
    const choice = { data, task, kind };
    const drawn = { batches: usualOf(asked).batches, batchSize, preset, seed };
    return { kind: 'drawn', choice, ...drawn, synthetic, ...(size && { size }) };
  }
  const both = `${called('inputs')} and ${called('targets')}`;
  if (inputs === undefined || targets === undefined) {
    throw contradiction(`${both} belong together, but only one of them is given.`);
  }
  const others = { data, kind, batches, size };
  const other = Object.entries(others).find(([, value]) => value ?? false)?.[0] ?? null;
  if (other !== null) {
    throw contradiction(`${called('inputs')} and ${called(other)} exclude each other.`);
  }
  return { kind: 'arrays', task, inputs, targets, batchSize };
}

/** Throws `bad-arguments` if both data and synthetic data are asked for. */
function assertSynthetic(asked: ScoreAsked, space: DescribedSpace | null, called: Called): void {
  const others = ['data', 'kind', 'inputs', 'targets'] as const;
  const other = space ? 'space' : others.find((name) => asked[name] !== undefined);
  if (other === undefined) return;
  throw badArguments(
    `${called('synthetic')} and ${called(other)} exclude each other.`,
    space
      ? 'Networks of a space are scored on pictures.'
      : `Leave one of them out: ${called('synthetic')} is for models whose own data are not at hand.`,
  );
}

/** The JSON of `zico score`. */
function reportOf(
  { zico, zicoCapped, bias, ranksLast, ...rest }: ModelScore,
  preset: Preset,
  beta: number,
) {
  return {
    zico,
    bias,
    zicoBc: biasCorrected(zico, bias, beta),
    beta,
    zicoCapped,
    zicoBcCapped: biasCorrected(zicoCapped, bias, beta),
    ...(ranksLast && { ranksLast }),
    preset,
    ...rest,
  };
}
export type ScoreReport = ReturnType<typeof reportOf>;
