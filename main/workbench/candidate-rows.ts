/** All candidates of a run as rows of plain values: a table for other programs, and for people who compute with it. */
import type { LatencyBounds } from '../common/latency-bounds.ts';
import { isRelative } from '../common/objectives.ts';
import { placementInWords } from '../common/placement.ts';
import { proxyKeys, type ProxyKey } from '../common/proxies.ts';
import type { SecondOpinion } from '../common/second-opinion.ts';
import { biasCorrectedOrNull } from '../common/zico-bc.ts';
import { boundsOf } from '../latency/bounds.ts';
import { besides, type Candidate } from '../run/candidate.ts';
import { figuresByCandidate, figuresOf, frontOf, rankingOf } from '../run/ranking.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import { opinionsOf } from '../run/second-opinions.ts';
import type { Estimates } from '../search/guided/estimates.ts';
import type { RunContents } from './run-contents.ts';

/** A row; null stands for what a candidate does not have. */
export interface CandidateRow extends Readonly<Record<ProxyKey, number | null>> {
  /** Null for a network that was scored outside the search. */
  readonly id: number | null;
  readonly genotype: string;
  readonly status: 'evaluated' | 'failed';
  readonly onFront: boolean;
  /** The score that ranks the run; null for a network scored outside the search if that is a sum of ranks. */
  readonly score: number | null;
  readonly zico: number | null;
  readonly zicoCapped: number | null;
  readonly bias: number | null;
  readonly zicoBc: number | null;
  readonly zicoBcCapped: number | null;
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  readonly latencyMs: number | null;
  /** The bounds of the latency, as far as its error is known. */
  readonly latencyLowMs: number | null;
  readonly latencyHighMs: number | null;
  /** What the bounds are: an interval of 95 %, one of 0.1's protocol, of an unsteady figure, of an estimate, of a virtual machine. */
  readonly latencyBasis: LatencyBounds['basis'] | null;
  readonly latencySource: string | null;
  readonly latencyDevice: string | null;
  readonly latencyRunner: string | null;
  readonly latencyPrecision: string | null;
  readonly latencyThreads: number | null;
  readonly latencyRuns: number | null;
  /** Why the latency never became steady. */
  readonly latencyUnsteady: string | null;
  /** Of a phone: which of the network's nodes ran on the provider or delegate, and in how many pieces. */
  readonly latencyPlacement: string | null;
  /** What the model of a guided search expects. */
  readonly estimate: number | null;
  readonly estimateDeviation: number | null;
  readonly layers: number | null;
  readonly liveLayers: number | null;
  readonly lnChannels: number | null;
  /** How far apart NEAR and the score rank it, as a share of all networks; positive where NEAR ranks it higher. */
  readonly disagreement: number | null;
  readonly losses: readonly number[];
  readonly engine: string | null;
  readonly engineVersion: string | null;
  readonly engineThreads: number | null;
  /** Of its convolutions. */
  readonly enginePrecision: string | null;
  /** The processor's, where they decide last digits. */
  readonly engineInstructions: string | null;
  readonly seconds: number | null;
  readonly generation: number | null;
  readonly parents: readonly number[];
  /** Percent, of the trained model that is attached to it; null where none is, as in the rest of these. */
  readonly trainedAccuracy: number | null;
  readonly trainedMetric: string | null;
  /** The data set on which it was taken. */
  readonly trainedData: string | null;
  /** Outputs of its last layer where that was made anew. */
  readonly trainedNewHead: number | null;
  readonly trainedLatencyMs: number | null;
  readonly trainedInt8LatencyMs: number | null;
  /** What measured these. */
  readonly trainedLatencyDevice: string | null;
  /** SHA-256 of the model's file. */
  readonly trainedModel: string | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
}

/** Candidates in the order of their ids, then networks scored outside the search. */
export function candidateRows(
  { info: { settings }, candidates, extras, trained }: RunContents,
  estimates: Estimates | null,
): CandidateRow[] {
  const ranking = rankingOf(settings);
  const all: readonly Candidate[] = [...candidates, ...extras];
  const figures = figuresByCandidate(candidates, ranking);
  const relative = isRelative(settings.score);
  const figureOf = (one: Candidate): number | null =>
    figures.get(one) ??
    (relative || one.status === 'failed' ? null : figuresOf([one], ranking)[0]!);
  const front = new Set<Candidate>(frontOf(candidates, ranking));
  const opinions = opinionsOf(candidates, settings);
  const models = new Map(trained.map((model) => [model.candidate, model]));
  return all.map((candidate) => {
    const { id, genotype, status, parameters, macs, generation, parents } = candidate;
    const own = id === besides ? null : id;
    const scored = candidate.status === 'evaluated' ? candidate.score : null;
    const latency = candidate.status === 'evaluated' ? candidate.latency : null;
    const failure = candidate.status === 'failed' ? candidate.failure : null;
    const estimate = own === null ? undefined : estimates?.byId.get(id);
    const bounds = latency && boundsOf(latency);
    const { conditions } = latency ?? {};
    const unsteady = (conditions?.phone ?? conditions?.host)?.unsteady ?? [];
    const placement = conditions?.phone?.placement;
    const corrected = (zico: number | null | undefined): number | null =>
      biasCorrectedOrNull(zico ?? null, scored?.bias ?? null, settings.beta);
    const proxies = Object.fromEntries(
      proxyKeys.map((key) => [key, scored?.facts?.proxies[key]?.value ?? null]),
    ) as Record<ProxyKey, number | null>;
    return {
      id: own,
      ...{ genotype, status },
      onFront: front.has(candidate),
      score: figureOf(candidate),
      zico: scored?.zico ?? null,
      zicoCapped: scored?.zicoCapped ?? null,
      bias: scored?.bias ?? null,
      zicoBc: corrected(scored?.zico),
      zicoBcCapped: corrected(scored?.zicoCapped),
      ...{ parameters, macs },
      latencyMs: latency?.latencyMs ?? null,
      latencyLowMs: bounds?.lowMs ?? null,
      latencyHighMs: bounds?.highMs ?? null,
      latencyBasis: bounds?.basis ?? null,
      latencySource: conditions?.source ?? null,
      latencyDevice: conditions?.device ?? null,
      latencyRunner: conditions?.runner ?? null,
      latencyPrecision: conditions?.precision ?? null,
      latencyThreads: conditions?.threads ?? null,
      latencyRuns: conditions?.runs ?? null,
      latencyUnsteady: unsteady.length > 0 ? unsteady.join(' ') : null,
      latencyPlacement: placement ? placementInWords(placement) : null,
      estimate: estimate?.score ?? null,
      estimateDeviation: estimate?.deviation ?? null,
      layers: scored?.facts?.layers ?? null,
      liveLayers: scored?.facts?.liveLayers ?? null,
      lnChannels: scored?.facts?.lnChannels ?? null,
      ...proxies,
      disagreement: disagreementOf(opinions.get(id)),
      losses: scored?.losses ?? [],
      engine: scored?.engine.name ?? null,
      engineVersion: scored?.engine.version ?? null,
      engineThreads: scored?.engine.threads ?? null,
      enginePrecision: scored === null ? null : (scored.engine.precision ?? 'float32'),
      engineInstructions: scored?.engine.instructions ?? null,
      seconds: scored?.seconds ?? null,
      generation: own === null ? null : generation,
      parents,
      ...trainedColumns(own === null ? undefined : models.get(own)),
      failureCode: failure?.code ?? null,
      failureMessage: failure?.message ?? null,
    };
  });
}

function trainedColumns(model: TrainedModel | undefined) {
  const { float32 = null, int8 = null } = model?.latencies ?? {};
  return {
    trainedAccuracy: model?.accuracy ?? null,
    trainedMetric: model?.metric ?? null,
    trainedData: model?.data ?? null,
    trainedNewHead: model?.newHead ?? null,
    trainedLatencyMs: float32?.latencyMs ?? null,
    trainedInt8LatencyMs: int8?.latencyMs ?? null,
    trainedLatencyDevice: (float32 ?? int8)?.conditions.device ?? null,
    trainedModel: model?.digest ?? null,
  };
}

function disagreementOf(opinion: SecondOpinion | undefined): number | null {
  return opinion === undefined ? null : opinion.near - opinion.score;
}

/** A run without candidates has columns too: its file then consists of the header. */
export const columnsOf = (rows: readonly CandidateRow[]): (keyof CandidateRow)[] | undefined =>
  rows.length === 0 ? ['id', 'genotype', 'status'] : undefined;
