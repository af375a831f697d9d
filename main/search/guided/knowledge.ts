/** What the model of a run knows: how well it predicted later results, and what each gene is worth. */
import { kendallTauB } from '../../common/rank-correlation.ts';
import { generatorFor } from '../../random.ts';
import { costOf, figuresByCandidate, rankingOf } from '../../run/ranking.ts';
import { latestKept } from '../size.ts';
import type { EvaluatedCandidate } from '../../run/candidate.ts';
import {
  estimatesOf,
  guideForEstimates,
  type Estimates,
  type EstimatesRequest,
} from './estimates.ts';
import { Slice, type Sliced } from './slices.ts';

/** What a choice of a gene is worth, compared with the mean of the space. */
export interface ChoiceEffect {
  /** As the space calls it; `-` for networks without the gene. */
  readonly choice: string;
  /** Of the gene; 0 for networks without it. */
  readonly value: number;
  /** How many networks of the sample have it. */
  readonly networks: number;
  readonly score: number;
  /** In the logarithm of the cost: 0.7 is about twice as expensive. */
  readonly logCost: number;
}

export interface GeneEffects {
  readonly gene: string;
  readonly choices: readonly ChoiceEffect[];
}

/** What a model foretold that knew only the first scores. */
export interface Foretelling {
  /** Scores that it knew. */
  readonly known: number;
  /** Scores after these that it predicted. */
  readonly foretold: number;
  /** Kendall tau-b between those predictions and what came out; null where undefined. */
  readonly rankCorrelation: number | null;
}

export interface Knowledge {
  /** Candidates whose score was predicted before it was known. */
  readonly foretold: number;
  /** Kendall tau-b between predicted and actual scores; null where undefined. */
  readonly rankCorrelation: number | null;
  /** The same for each model on the way, the earliest first. */
  readonly course: readonly Foretelling[];
  /** For genes with more than one choice. */
  readonly genes: readonly GeneEffects[];
}

export interface WhatIsKnown {
  readonly estimates: Estimates;
  readonly knowledge: Knowledge | null;
}

/** Null where nothing was scored. @param extras what was scored besides the candidates */
export function* whatIsKnown({
  extras,
  ...asked
}: EstimatesRequest & {
  readonly extras: readonly EvaluatedCandidate[];
}): Sliced<WhatIsKnown | null> {
  const all = { ...asked, candidates: [...asked.candidates, ...extras] };
  const estimates = yield* estimatesOf(all);
  return estimates && { estimates, knowledge: yield* knowledgeOf(asked) };
}

/** The candidates from which the first prediction is made, and the share by which each later one has more. */
const firstKnown = 10;
const growth = 1.6;
/** Random networks over whose predictions the effects are averaged. */
const sampled = 2_000;
/** What counting and reading a network costs, in multiplications. */
const counting = 60_000;

/** Null where there are fewer than a dozen scores, since such a model knows nothing. */
export function* knowledgeOf(asked: EstimatesRequest): Sliced<Knowledge | null> {
  const request = { ...asked, count: latestKept(asked.count) };
  const { candidates, settings } = request;
  const ranking = rankingOf(settings);
  const scored = candidates.filter(
    (one) => one.status === 'evaluated' && costOf(one, ranking) !== null,
  );
  if (scored.length <= firstKnown + 1) return null;
  const figures = figuresByCandidate(scored, ranking);
  const foretold: number[] = [];
  const cameOut: number[] = [];
  const course: Foretelling[] = [];
  for (let known = firstKnown; known < scored.length; known = Math.ceil(known * growth)) {
    const next = scored.slice(known, Math.ceil(known * growth));
    const { guide, results } = guideForEstimates(request, scored.slice(0, known));
    const proposed = scored.slice(0, known).map(({ genotype }) => genotype);
    const predict = yield* guide.predictor(proposed, results);
    const before = foretold.length;
    for (const candidate of next) {
      if (candidate.status !== 'evaluated') continue;
      foretold.push(predict(candidate.genotype).score);
      cameOut.push(figures.get(candidate)!);
    }
    course.push({
      ...{ known, foretold: foretold.length - before },
      rankCorrelation: correlation(foretold.slice(before), cameOut.slice(before)),
    });
  }
  return {
    foretold: foretold.length,
    rankCorrelation: correlation(foretold, cameOut),
    course,
    genes: yield* effects(request),
  };
}

function correlation(foretold: readonly number[], cameOut: readonly number[]): number | null {
  const tau = kendallTauB(foretold, cameOut);
  return Number.isNaN(tau) ? null : tau;
}

function* effects(request: EstimatesRequest): Sliced<readonly GeneEffects[]> {
  const { space, settings, candidates } = request;
  const { guide, results } = guideForEstimates(request, candidates);
  const proposed = candidates.map(({ genotype }) => genotype);
  const predict = yield* guide.predictor(proposed, results);
  const random = generatorFor(settings.seed, 'effects');
  const slice = new Slice();
  const networks: { values: readonly number[]; score: number; cost: number }[] = [];
  for (let i = 0; i < sampled; i++) {
    const genotype = space.sample(random);
    if (slice.full(counting)) yield;
    if (request.count(genotype).impossible !== undefined) continue;
    networks.push({ values: space.values(genotype), ...predict(genotype) });
  }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [score, cost] = [
    mean(networks.map((one) => one.score)),
    mean(networks.map((one) => one.cost)),
  ];
  return space.genes.flatMap((gene, g): GeneEffects[] => {
    if (gene.choices.length < 2) return [];
    // A gene that a network does not have has the value 0, which is not one of its choices.
    const named = gene.choices.map((value, i) => ({
      value,
      choice: gene.labels?.[i] ?? `${value}`,
    }));
    const lacking = gene.choices.includes(0) ? [] : [{ value: 0, choice: '-' }];
    const choices = [...named, ...lacking].flatMap(({ value, choice }): ChoiceEffect[] => {
      const having = networks.filter(({ values }) => values[g] === value);
      if (having.length === 0) return [];
      return [
        {
          choice,
          value,
          networks: having.length,
          score: mean(having.map((one) => one.score)) - score,
          logCost: mean(having.map((one) => one.cost)) - cost,
        },
      ];
    });
    return [{ gene: gene.name, choices }];
  });
}
