/**
 * How deep and wide the networks of a run are, and what the correction makes of that: every front here is
 * the run's own candidates ranked again, nothing is scored. Rule for beta: ZiCo-BC (arXiv 2309.14666),
 * which raises it step by step while the front still sits at maximum depth.
 */
import {
  shapeOf,
  usualBetas,
  type CurvePoint,
  type PlacedNetwork,
  type MeanShape,
} from '../common/network-shape.ts';
import { followsBeta, needsZico, objectiveLabel } from '../common/objectives.ts';
import type { ExtentRange } from '../common/space-facts.ts';
import { WorkbenchError } from '../errors.ts';
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import { costOf, figuresByCandidate, frontOf, rankingOf, type Ranking } from '../run/ranking.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { extentRangeOf } from '../space/range-of.ts';
import type { Extent, Genotype, Space } from '../space/space.ts';
import { suggestBeta, type BetaSuggestion } from './suggest-beta.ts';

export interface NetworkShape extends PlacedNetwork {
  readonly id: number;
  readonly genotype: Genotype;
  readonly generation: number;
  readonly score: number;
  /** Milliseconds or MACs. */
  readonly cost: number;
  readonly depth: number | null;
  readonly width: number | null;
}

export interface Front {
  readonly beta: number;
  readonly shape: MeanShape;
  readonly networks: readonly NetworkShape[];
}

export interface BiasAnalysis {
  readonly space: string;
  readonly cost: 'latency' | 'macs';
  readonly termCap: number | null;
  readonly candidates: { readonly evaluated: number; readonly failed: number };
  readonly depth: ExtentRange | null;
  readonly width: ExtentRange | null;
  /** All candidates that were scored, by the generation that proposed them. */
  readonly generations: readonly ({ readonly generation: number } & MeanShape)[];
  /** The front under the ranking of the search, and under plain ZiCo. */
  readonly front: Front;
  readonly plain: Front;
  /** How many networks are on both. */
  readonly kept: number;
  /** The front for one beta after the other. */
  readonly curve: readonly CurvePoint[];
  readonly suggestion: BetaSuggestion;
}

/**
 * Pure; `beta` stands in for the run's own where it is given.
 * Throws `no-zico` where the run ranks by other scores.
 */
export function analyseBias(
  candidates: readonly Candidate[],
  space: Space,
  settings: SearchSettings,
  {
    beta = followsBeta(settings.score) ? settings.beta : 0,
    betas = usualBetas,
  }: { beta?: number; betas?: readonly number[] } = {},
): BiasAnalysis {
  if (!needsZico(settings.score)) throw noZico(settings.score);
  const evaluated = candidates.filter((candidate) => candidate.status === 'evaluated');
  const run = rankingOf(settings);
  // A run by plain ZiCo is looked at as one by ZiCo-BC whose beta is 0.
  const ranking: Ranking = {
    ...run,
    parts: run.parts.map((one) => (one === 'zico' ? 'zico-bc' : one)),
  };
  const shapes = new Map(evaluated.map(({ id, genotype }) => [id, measured(genotype, space)]));
  const averaged = (networks: readonly EvaluatedCandidate[]): MeanShape =>
    shapeOf(networks.map(({ id }) => shapes.get(id)!));
  const networksAt = (at: number) => frontOf(evaluated, { ...ranking, beta: at });
  const frontAt = (at: number): Front => {
    const networks = networksAt(at);
    const figures = figuresByCandidate(evaluated, { ...ranking, beta: at });
    return {
      beta: at,
      shape: averaged(networks),
      networks: networks.map((candidate) => ({
        id: candidate.id,
        genotype: candidate.genotype,
        generation: candidate.generation,
        score: figures.get(candidate)!,
        cost: costOf(candidate, ranking)!,
        ...shapes.get(candidate.id)!,
      })),
    };
  };
  const last = evaluated.reduce((latest, { generation }) => Math.max(latest, generation), -1);
  const front = frontAt(beta);
  const plain = frontAt(0);
  const curve = betas.map((at) => ({ beta: at, ...averaged(networksAt(at)) }));
  const depth = extentRangeOf(space.depth);
  const ids = new Set(front.networks.map(({ id }) => id));
  return {
    space: space.name,
    cost: ranking.cost,
    termCap: ranking.termCap,
    candidates: { evaluated: evaluated.length, failed: candidates.length - evaluated.length },
    depth,
    width: extentRangeOf(space.width),
    generations: Array.from({ length: last + 1 }, (_, generation) => ({
      generation,
      ...averaged(evaluated.filter((candidate) => candidate.generation === generation)),
    })),
    front,
    plain,
    kept: plain.networks.filter(({ id }) => ids.has(id)).length,
    curve,
    suggestion: suggestBeta(depth, curve),
  };
}

function noZico(score: string): WorkbenchError {
  return new WorkbenchError(
    'no-zico',
    `The run ranks by ${objectiveLabel(score)} and computed no ZiCo, so there is no bias to analyse.`,
    'Choose a run that ranks by ZiCo or ZiCo-BC.',
  );
}

/** Place of one network in the ranges of its space, 0 to 1; null where the space fixes or lacks the measure. */
export function relativeShape(genotype: Genotype, space: Space): PlacedNetwork {
  // Tens of thousands of rows ask: nothing is read of a genotype that cannot matter.
  const place = (extent: Extent | undefined) =>
    !extent || extent.least === extent.most ? null : relative(extent.of(genotype), extent);
  return { relativeDepth: place(space.depth), relativeWidth: place(space.width) };
}

type Measured = Pick<NetworkShape, 'depth' | 'relativeDepth' | 'width' | 'relativeWidth'>;

function measured(genotype: Genotype, { depth, width }: Space): Measured {
  const [deep, wide] = [depth?.of(genotype) ?? null, width?.of(genotype) ?? null];
  return {
    depth: deep,
    relativeDepth: relative(deep, depth),
    width: wide,
    relativeWidth: relative(wide, width),
  };
}

function relative(value: number | null, extent: Extent | undefined): number | null {
  if (value === null || !extent || extent.least === extent.most) return null;
  return (value - extent.least) / (extent.most - extent.least);
}
