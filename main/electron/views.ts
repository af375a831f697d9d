/** Turns the search's own types into what the contract shows of them. */
import { spaceCountText } from '../common/network-count.ts';
import type {
  CandidateDetail,
  PageRow,
  GivenZico,
  LayerRow,
  SpaceSummary,
} from '../../preload/contract.ts';
import {
  biasLayerSets,
  biasSizes,
  biasWay,
  chosenBias,
  type BiasChoice,
} from '../common/zico-bc.ts';
import { relativeShape } from '../analysis/bias.ts';
import { WorkbenchError } from '../errors.ts';
import { presetsFor, variesBy } from '../common/presets.ts';
import { boundsOf, isDoubtful } from '../latency/bounds.ts';
import type { LayerStatistics } from '../engine/engine.ts';
import type { LayerSummary, NetworkSummary } from '../graph/graph.ts';
import { countedBias, logTerm } from '../proxy/zico.ts';
import type { Candidate, CandidateScore } from '../run/candidate.ts';
import { scoredParts } from '../run/ranking.ts';
import type { RunRow } from '../run/run-store.ts';
import { isSpaceInCode } from '../common/space-in-code.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { extentRangeOf } from '../space/range-of.ts';
import { sizesOfGene } from '../space/sizes-of.ts';
import type { Space } from '../space/space.ts';
import { measuredLatencyOf } from './measured-latency.ts';
import type { Services } from './services.ts';

/** One row of the candidate table. */
export function candidateRowOf(row: RunRow, space: Space): PageRow {
  return {
    id: row.id,
    genotype: row.genotype,
    values: [...(row.genes ?? space.values(row.genotype))],
    generation: row.generation,
    parents: [...row.parents],
    parameters: row.parameters,
    macs: row.macs,
    ...relativeShape(row.genotype, space),
    status: row.failure ? 'failed' : 'evaluated',
    zico: row.zico,
    zicoCapped: row.zicoCapped,
    bias: row.bias,
    proxies: { ...row.proxies },
    biases: waysOf(row.biases),
    latencyMs: row.latencyMs,
    latencyBounds: row.latencyBounds,
    latencyDoubtful: row.latencyDoubtful,
    failure: row.failure,
  };
}

function waysOf(biases: RunRow['biases']): PageRow['biases'] {
  if (biases === null) return {};
  const ways = biasSizes.flatMap((biasSize) =>
    biasLayerSets.map((biasLayers) => {
      const choice = { biasSize, biasLayers };
      return [biasWay(choice), chosenBias(biases, choice)] as const;
    }),
  );
  return Object.fromEntries(ways);
}

/** Of a score with its ZiCo; null of one without. */
export function zicoOf({ zico, zicoCapped, bias, biases }: CandidateScore): GivenZico | null {
  if (zico === null || zicoCapped === null || bias === null) return null;
  return { zico, zicoCapped, bias, biases: waysOf(biases ?? null) };
}

/** As a list of candidates shows it. */
export function rowOfCandidate(candidate: Candidate): RunRow {
  const score = candidate.status === 'evaluated' ? candidate.score : null;
  const latency = candidate.status === 'evaluated' ? candidate.latency : null;
  const { id, genotype, generation, parents, parameters, macs } = candidate;
  return {
    ...{ id, genotype, generation, parents, parameters, macs },
    zico: score?.zico ?? null,
    zicoCapped: score?.zicoCapped ?? null,
    bias: score?.bias ?? null,
    proxies: score === null ? {} : scoredParts(score).proxies,
    biases: score?.biases ?? null,
    latencyMs: latency?.latencyMs ?? null,
    latencyBounds: latency && boundsOf(latency),
    latencyDoubtful: latency !== null && isDoubtful(latency),
    ...(score?.genes && { genes: score.genes }),
    failure: candidate.status === 'failed' ? candidate.failure : null,
  };
}

/**
 * Everything that the inspector shows about a candidate.
 *
 * @param network of the same genotype as deployed: a failed candidate has no statistics, but it still has layers
 * @param settings of its run
 */
export function candidateDetailOf(
  candidate: Candidate,
  space: Space,
  network: NetworkSummary,
  settings: BiasChoice,
): CandidateDetail {
  const row = candidateRowOf(rowOfCandidate(candidate), space);
  if (candidate.status === 'failed') {
    return {
      row,
      layers: [],
      termCap: null,
      losses: [],
      scoringSeconds: null,
      facts: null,
      engine: null,
      latency: null,
    };
  }
  const { score, latency } = candidate;
  return {
    row,
    layers: layerRows(score.layers, network.layers, settings),
    termCap: score.termCap,
    losses: [...score.losses],
    scoringSeconds: score.seconds,
    facts: score.facts ?? null,
    engine: { ...score.engine },
    latency: latency && measuredLatencyOf(latency),
  };
}

/** Statistics and network are matched by the layer's name. */
function layerRows(
  statistics: readonly LayerStatistics[],
  layers: readonly LayerSummary[],
  settings: BiasChoice,
): LayerRow[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  return statistics.map((layer) => {
    const size = byName.get(layer.name);
    if (!size) {
      throw new WorkbenchError(
        'run-damaged',
        `The stored layer ${layer.name} is not part of the candidate's network.`,
        'The run file was changed, or it was made by another version. Score the candidate again.',
      );
    }
    return {
      name: layer.name,
      kind: layer.kind,
      height: layer.height,
      width: layer.width,
      channels: layer.channels,
      weights: layer.weights,
      parameters: size.parameters,
      macs: size.macs,
      log: logTerm(layer.sum),
      logCapped: logTerm(layer.sumCapped),
      bias: countedBias(layer, size, settings),
      gradientNorms: [...layer.gradientNorms],
    };
  });
}

function codeFileOf(space: Space): string | null {
  const { description } = space as Partial<DescribedSpace>;
  return description && isSpaceInCode(description) ? description.code.file : null;
}

/** What forms and axes need of a space, with the size of its baselines. */
export function spaceDescriptionOf(space: Space, summarise: Services['summarise']): SpaceSummary {
  return {
    name: space.name,
    title: space.title,
    task: space.task,
    networks: space.networks,
    networksText: spaceCountText(space.count),
    classes: space.classes,
    resolution: {
      scoring: [space.scoringShape[1], space.scoringShape[2]],
      deployment: [space.inputShape[1], space.inputShape[2]],
    },
    sizes: sizesOfGene(space),
    genes: space.genes.map(({ name, choices, labels }) => ({
      ...{ name, choices: [...choices] },
      ...(labels && { labels: [...labels] }),
    })),
    code: codeFileOf(space),
    depth: extentRangeOf(space.depth),
    width: extentRangeOf(space.width),
    presets: presetsFor({ ...space, varies: variesBy(space.depth) }),
    baselines: space.baselines.map(({ name, genotype, decode }) => {
      const { parameters, macs } = summarise(decode());
      return { name, genotype, parameters, macs };
    }),
  };
}
