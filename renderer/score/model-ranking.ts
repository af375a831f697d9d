/** Ranks the person's models: ZiCo and bias are separate, so another beta only sorts them again. */
import { rankingScore } from '../../main/common/zico-bc.ts';
import type { LayerRow, ModelRow, ScoredModel } from '../../preload/contract.ts';
import type { TableText } from '../ground/table-text.ts';
import { layersText, scoreText, sizeColumns } from './text.ts';

export interface RankedModel {
  readonly model: ModelRow;
  /** From 1; models of the same score share a rank. Null without a score. */
  readonly rank: number | null;
  readonly score: number | null;
}

export function modelScore(scored: ScoredModel, beta: number, capped: boolean): number {
  return rankingScore(scored, beta, capped);
}

/** The highest score first; models without a score follow in the order in which they came. */
export function rankModels(
  models: readonly ModelRow[],
  beta: number,
  capped: boolean,
): RankedModel[] {
  const scores = models.map(({ score }) => (score ? modelScore(score, beta, capped) : null));
  return models
    .map((model, i) => ({ model, score: scores[i]! }))
    .sort((a, b) => compareScores(a.score, b.score) || a.model.id - b.model.id)
    .map(({ model, score }) => ({
      model,
      score,
      rank:
        score === null ? null : 1 + scores.filter((other) => (other ?? -Infinity) > score).length,
    }));
}

/** The common scale for the bars of one or two models, so that they can be compared. */
export function barScale(
  models: readonly { readonly layers: readonly LayerRow[] }[],
  capped: boolean,
) {
  const most = (value: (layer: LayerRow) => number): number =>
    models.reduce(
      (so, { layers }) => layers.reduce((max, layer) => Math.max(max, Math.abs(value(layer))), so),
      1e-9,
    );
  return {
    log: most((layer) => (capped ? layer.logCapped : layer.log)),
    bias: most((layer) => layer.bias),
  };
}

/** Two missing scores are equal: their difference would be NaN. */
function compareScores(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}

/** The layers of a model with their figures in full. */
export function modelLayersTable(
  { layers }: Pick<ScoredModel, 'layers'>,
  capped: boolean,
): TableText {
  const words = layersText;
  return {
    head: [
      ...[words.layer, words.kind, words.channels, words.height, words.width],
      ...[sizeColumns.parameters(''), scoreText.macs, words.logTerm, words.biasTerm],
    ],
    rows: layers.map((layer) => [
      ...[layer.name, layer.kind],
      ...[layer.channels, layer.height, layer.width, layer.parameters, layer.macs].map(String),
      ...[capped ? layer.logCapped : layer.log, layer.bias].map(String),
    ]),
  };
}
