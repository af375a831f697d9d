/** The layers of a candidate by stage, with the sums of each. */
import type { ArchitectureNode, LayerRow } from '../../../preload/contract.ts';
import type { TableText } from '../../ground/table-text.ts';
import { layersText } from '../../score/text.ts';
import { candidateText } from '../text.ts';

export interface LayerGroup {
  readonly stage: string;
  readonly layers: readonly LayerRow[];
  readonly parameters: number;
  readonly macs: number;
  readonly log: number;
  readonly bias: number;
}

/** In the order of the layers; a layer whose box is not known (yet) is listed by the beginning of its name. */
export function groupLayers(
  layers: readonly LayerRow[],
  boxOf: ReadonlyMap<string, ArchitectureNode>,
  capped: boolean,
): LayerGroup[] {
  const grouped = new Map<string, LayerRow[]>();
  for (const layer of layers) {
    const stage = boxOf.get(layer.name)?.stage ?? layer.name.split('.')[0]!;
    const group = grouped.get(stage);
    if (group) group.push(layer);
    else grouped.set(stage, [layer]);
  }
  const sum = (those: readonly LayerRow[], value: (layer: LayerRow) => number): number =>
    those.reduce((so, layer) => so + value(layer), 0);
  return [...grouped].map(([stage, those]) => ({
    stage,
    layers: those,
    parameters: sum(those, ({ parameters }) => parameters),
    macs: sum(those, ({ macs }) => macs),
    log: sum(those, (layer) => (capped ? layer.logCapped : layer.log)),
    bias: sum(those, ({ bias }) => bias),
  }));
}

export function meanNorm({ gradientNorms }: Pick<LayerRow, 'gradientNorms'>): number {
  return gradientNorms.reduce((sum, norm) => sum + norm, 0) / Math.max(1, gradientNorms.length);
}

/** Norms range over many powers of ten, so each is given to three figures. */
export function normText(norm: number): string {
  if (norm === 0) return '0';
  return norm >= 0.01 && norm < 1000 ? norm.toPrecision(3) : norm.toExponential(1);
}

/** Every layer with its figures in full, whatever is folded. */
export function layersTable(
  layers: readonly LayerRow[],
  boxOf: ReadonlyMap<string, ArchitectureNode>,
  capped: boolean,
): TableText {
  const words = candidateText.layers;
  return {
    head: [
      ...[layersText.layer, words.stage, words.kernel, words.channels, words.height, words.width],
      ...[
        words.parameters,
        words.macs,
        layersText.logTerm,
        layersText.biasTerm,
        words.gradientLong,
      ],
    ],
    rows: layers.map((layer) => [
      ...[
        layer.name,
        boxOf.get(layer.name)?.stage ?? '',
        boxOf.get(layer.name)?.title ?? layer.kind,
      ],
      ...[layer.channels, layer.height, layer.width, layer.parameters, layer.macs].map(String),
      ...[capped ? layer.logCapped : layer.log, layer.bias, meanNorm(layer)].map(String),
    ]),
  };
}
