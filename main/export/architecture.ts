/** architecture.json: what was chosen, in numbers, with the conditions each number was taken under. */
import type { NetworkSummary } from '../graph/graph.ts';
import { biasCorrectedOrNull } from '../common/zico-bc.ts';
import { countedBias, logTerm } from '../proxy/zico.ts';
import { boundsOf } from '../latency/bounds.ts';
import { besides, type EvaluatedCandidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { Standing } from '../run/standing.ts';
import { weightSeedOf } from '../space/initial-network.ts';
import type { Space } from '../space/space.ts';

export interface ArchitectureSource extends Standing {
  readonly space: Space;
  readonly run: RunInfo;
  readonly candidate: EvaluatedCandidate;
  readonly summary: NetworkSummary;
  /** The deployable model: its file, if it lies beside this one, and its digest. */
  readonly model: { readonly file: string | null; readonly sha256: string };
  readonly productVersion: string;
}

/** Returns a plain object for JSON. `zicoBc` uses the run's beta. */
export function architectureJson(source: ArchitectureSource) {
  const { space, run, candidate, summary, model, productVersion, secondOpinion } = source;
  const { settings } = run;
  const { score, genotype } = candidate;
  const values = space.values(genotype);
  const deployed = new Map(summary.layers.map((layer) => [layer.name, layer]));
  return {
    format: 'zico-workbench architecture',
    formatVersion: 1,
    productVersion,
    space: space.name,
    genotype,
    genes: Object.fromEntries(space.genes.map((gene, i) => [gene.name, values[i]])),
    run: { runId: run.runId, createdAt: run.createdAt, productVersion: run.productVersion },
    candidate: {
      id: candidate.id === besides ? null : candidate.id,
      generation: candidate.generation,
      parents: candidate.parents,
    },
    network: {
      task: space.task,
      input: [1, ...space.imageShape(genotype, 'deployment')],
      classes: space.classes,
      parameters: summary.parameters,
      macs: summary.macs,
      layers: summary.layers,
    },
    model: {
      ...model,
      form: 'ONNX in inference mode with static shapes, batch 1',
      weights: {
        state: 'initial, not trained: the ones that were scored',
        scheme: settings.weights,
        seed: weightSeedOf(settings.seed, genotype),
      },
    },
    scores: {
      zico: score.zico,
      bias: score.bias,
      beta: settings.beta,
      zicoBc: biasCorrectedOrNull(score.zico, score.bias, settings.beta),
      termCap: score.termCap,
      zicoCapped: score.zicoCapped,
      zicoBcCapped: biasCorrectedOrNull(score.zicoCapped, score.bias, settings.beta),
      rankedBy: rankedBy(settings),
      facts: score.facts ?? null,
      secondOpinion,
      losses: score.losses,
      engine: score.engine,
      settings: {
        seed: settings.seed,
        weights: settings.weights,
        batches: settings.batches,
        batchSize: settings.batchSize,
        data: run.dataDescription,
      },
      layers: score.layers.map((layer) => ({
        ...layer,
        log: logTerm(layer.sum),
        logCapped: logTerm(layer.sumCapped),
        bias: countedBias(layer, deployed.get(layer.name), settings),
      })),
    },
    /** Null if the search traded the score against MACs and measured nothing. */
    latency: candidate.latency,
    /** Between which durations the latency lies, as far as its error is known. */
    latencyBounds: candidate.latency && boundsOf(candidate.latency),
    latencyIndistinctFrom: source.indistinctFrom,
  };
}

/** What ranked the run: a key of the scores, or the names of the parts if their ranks are added up. */
function rankedBy({ score, termCap }: RunInfo['settings']): string {
  const capped = termCap === null ? '' : 'Capped';
  if (score === 'zico-bc') return `zicoBc${capped}`;
  return score === 'zico' ? `zico${capped}` : score;
}
