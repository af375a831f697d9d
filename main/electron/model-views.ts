/** What the page asks of models, as requests, and what came of it, as the page shows it. */
import type { ModelLatency, ModelRow, ModelSettings, ScoredModel } from '../../preload/contract.ts';
import { toCsv } from '../common/csv.ts';
import { presetForModel } from '../common/presets.ts';
import { defaultTermCap } from '../common/settings/score.ts';
import { rankingScore } from '../common/zico-bc.ts';
import { WorkbenchError } from '../errors.ts';
import type { MeasuredModelFile } from '../measure-model/measure-model.ts';
import type { ModelScore, ScoreModelRequest } from '../score-model/score-model.ts';

/** Paths of the arrays that were chosen. */
export interface ChosenArrays {
  readonly inputs: string | null;
  readonly targets: string | null;
}

/** @throws WorkbenchError `no-arrays` if the model is to be scored on arrays and none are chosen */
export function requestOf(
  { path: model, chosen }: Pick<ModelRow, 'path' | 'chosen'>,
  settings: ModelSettings,
  arrays: ChosenArrays,
): ScoreModelRequest {
  const { seed, weights, constants, ignoreNoise } = settings;
  const { biasSize, biasLayers } = presetForModel(settings.preset, settings.task);
  return {
    model,
    data: dataOf(settings, arrays),
    weights: weights === 'file' ? 'file' : { scheme: weights, seed },
    termCap: defaultTermCap,
    bias: { biasSize, biasLayers },
    ...(chosen.length > 0 && { outputs: chosen }),
    ...(Object.keys(constants).length > 0 && { constants }),
    ...(ignoreNoise && { ignoreNoise }),
  };
}

function dataOf(
  settings: ModelSettings,
  { inputs, targets }: ChosenArrays,
): ScoreModelRequest['data'] {
  const { task, data, batchSize, seed, preset, images, size } = settings;
  if (images !== 'arrays') {
    const { batches } = presetForModel(settings.preset, settings.task);
    const synthetic = images === 'noise';
    const choice = { data: synthetic ? null : data, task };
    const drawn = { choice, batches, batchSize, preset, seed, ...(size && { size }) };
    return { kind: 'drawn', ...drawn, ...(synthetic && { synthetic }) };
  }
  if (inputs !== null && targets !== null) {
    return { kind: 'arrays', task, inputs, targets, batchSize };
  }
  throw new WorkbenchError(
    'no-arrays',
    `The array with ${inputs === null ? 'images' : 'targets'} is not chosen.`,
    'Choose both .npy files, or score on pictures or noise.',
  );
}

export function viewOf(score: ModelScore): ScoredModel {
  const { task, zico, zicoCapped, bias, termCap, parameters, macs, batches, batchSize } = score;
  return {
    ...{ task, zico, zicoCapped, bias, termCap, parameters, macs, batches, batchSize },
    ranksLast: score.ranksLast,
    layers: score.layers.map((layer) => ({
      name: layer.name,
      kind: layer.kind,
      height: layer.height,
      width: layer.width,
      channels: layer.channels,
      weights: layer.weights,
      parameters: layer.parameters,
      macs: layer.macs,
      log: layer.log,
      logCapped: layer.logCapped,
      bias: layer.bias,
      gradientNorms: [...layer.gradientNorms],
    })),
    dataDescription: score.data.description,
    batchNormalization: score.batchNormalization,
    warnings: [...score.warnings],
    engine: { ...score.engine },
    engineNote: score.engineNote,
    seconds: score.seconds,
  };
}

export function modelLatencyOf({ latency, input, asStored }: MeasuredModelFile): ModelLatency {
  const { latencyMs, p90Ms, runsMs, conditions } = latency;
  return {
    ...{ latencyMs, p90Ms, input: [...input], runs: runsMs.length },
    precision: conditions.precision,
    asStored: asStored ?? null,
  };
}

/** The table as the page ranks it: the columns that `zico score --csv` has, and latencies. */
export function csvOf(rows: readonly ModelRow[], beta: number, capped: boolean): string {
  const scoreOf = ({ score }: ModelRow) => (score ? rankingScore(score, beta, capped) : null);
  const scores = rows.flatMap((row) => scoreOf(row) ?? []);
  const ranked = rows.toSorted((a, b) => (scoreOf(b) ?? -Infinity) - (scoreOf(a) ?? -Infinity));
  return toCsv(
    ranked.map((row) => {
      const { score, error, latency, latencyError } = row;
      const own = scoreOf(row);
      return {
        rank: own === null ? null : 1 + scores.filter((other) => other > own).length,
        model: row.path,
        score: own,
        beta,
        capped,
        zico: score?.zico ?? null,
        zicoCapped: score?.zicoCapped ?? null,
        bias: score?.bias ?? null,
        task: score?.task ?? null,
        layers: score?.layers.length ?? null,
        parameters: score?.parameters ?? null,
        macs: score?.macs ?? null,
        latencyMs: latency?.latencyMs ?? null,
        p90Ms: latency?.p90Ms ?? null,
        warnings: score?.warnings.map(({ code }) => code) ?? null,
        error:
          [error, latencyError]
            .flatMap((one) => (one ? `${one.code}: ${one.message}` : []))
            .join(' ') || null,
      };
    }),
  );
}
