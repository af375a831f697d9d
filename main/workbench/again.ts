/** Repeats a stored candidate: whether its score comes out the same, and how long it takes now. */
import { proxies, proxyNames } from '../common/proxies.ts';
import { precisionOf } from '../engine/precision.ts';
import { asScoredBy } from '../engine/revision.ts';
import { engineForResume, type ScoringPlan } from '../engine/scoring-plan.ts';
import { WorkbenchError } from '../errors.ts';
import type { Latency } from '../latency/latency.ts';
import {
  besides,
  hasZico,
  networkOfCandidate,
  type CandidateScore,
  type EvaluatedCandidate,
} from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { spaceOfRun } from '../space/index.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { DataSource } from '../task/data-source.ts';
import type { Engines } from './engines.ts';
import type { LatencySources, PhoneSession } from './latency-sources.ts';
import { childLimits } from './options.ts';
import { runnerOfRun } from './phone-source.ts';
import { scoreCandidate } from './scorers.ts';
import { assertSameData, batchesFor } from './search-data.ts';

/** How a second score differs from the stored one. */
export interface Agreement {
  /** ZiCo, capped ZiCo, bias, losses and every layer's figures, or what proxies say, bit for bit. */
  readonly same: boolean;
  /** Names of the layers, or proxies, whose figures differ. */
  readonly differing: readonly string[];
}

type Compared = Pick<
  CandidateScore,
  'zico' | 'zicoCapped' | 'bias' | 'facts' | 'losses' | 'layers'
>;

/** Compares bits, not closeness: a score is a function of what the run stores, so it must come out again. */
export function agreementOf(stored: Compared, again: Compared): Agreement {
  const byName = new Map(stored.layers.map((layer) => [layer.name, layer]));
  const differing = again.layers.flatMap((layer) => {
    const before = byName.get(layer.name);
    const alike =
      before !== undefined &&
      Object.is(before.sum, layer.sum) &&
      Object.is(before.sumCapped, layer.sumCapped) &&
      sameNumbers(before.gradientNorms, layer.gradientNorms);
    return alike ? [] : [layer.name];
  });
  if (stored.zico === null) {
    // Then the score is what proxies say.
    const values = (of: Compared) =>
      proxyNames.map((name) => of.facts?.proxies[proxies[name].key]?.value);
    const [before, after] = [values(stored), values(again)];
    const others = proxyNames.filter((_, i) => !Object.is(before[i], after[i]));
    differing.push(...others.map((name) => proxies[name].label));
  }
  const same =
    differing.length === 0 &&
    stored.layers.length === again.layers.length &&
    Object.is(stored.zico, again.zico) &&
    Object.is(stored.zicoCapped, again.zicoCapped) &&
    Object.is(stored.bias, again.bias) &&
    sameNumbers(stored.losses, again.losses);
  return { same, differing };
}

function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, i) => Object.is(value, other[i]));
}

/** For a run on several phones: the one that measured the candidate, so that nothing else differs. */
function againSettings(
  settings: SearchSettings,
  { latency }: Pick<EvaluatedCandidate, 'latency'>,
): SearchSettings {
  const measuredOn = latency?.conditions.phone?.serial;
  if (settings.phone === null || measuredOn === undefined) return settings;
  return { ...settings, phone: { ...settings.phone, serials: [measuredOn] } };
}

/** Says why there is no latency to take again. */
function notMeasured(): WorkbenchError {
  return new WorkbenchError(
    'not-measured',
    'The run counts MACs; it measures no latency.',
    'Start a search that measures on this computer, or measure the exported model.',
  );
}

/**
 * With the images, weights, engine and threads of the stored score, so that it must come out the same.
 * @param zico computes ZiCo as well where the run ranks by other scores
 * Throws `data-changed`, `engine-missing`, and what scoring throws.
 */
export async function scoreAgain(
  { data, engines }: { readonly data: DataSource; readonly engines: Engines },
  info: RunInfo,
  candidate: EvaluatedCandidate,
  signal: AbortSignal,
  zico = hasZico(candidate.score),
): Promise<CandidateScore> {
  const { settings, dataDescription } = info;
  const { name, ...scored } = candidate.score.engine;
  const { threads } = scored;
  const precision = precisionOf(scored);
  const plan: ScoringPlan = { engine: name, workers: 1, note: null, ...scored };
  engineForResume(plan, 'auto', engines);
  const space = spaceOfRun(info, [networkOfCandidate(candidate)]);
  const batches = asScoredBy(scored.version, await batchesFor(data, space, settings, { signal }));
  assertSameData(dataDescription, batches.description, settings);
  const layout = { workers: 1, threads };
  const engine = engines.openPool(name, layout, childLimits.memoryBytes, precision);
  try {
    await engine.useBatches(batches);
    return await scoreCandidate(engine, space, candidate.genotype, settings, signal, zico);
  } finally {
    await engine.close();
  }
}

/** From the run's source. Throws `not-measured`, and what measuring throws. */
export async function measureAgain(
  latencies: LatencySources,
  info: RunInfo,
  candidate: EvaluatedCandidate,
  signal: AbortSignal,
  session: PhoneSession,
): Promise<Latency> {
  const { source } = await latencies.open(againSettings(info.settings, candidate), {
    purpose:
      candidate.id === besides
        ? 'measuring a network of a run'
        : `measuring candidate ${candidate.id} again`,
    kept: runnerOfRun([candidate]),
    session,
  });
  if (source === null) throw notMeasured();
  try {
    const { weights, seed } = info.settings;
    const { genotype } = candidate;
    const space = spaceOfRun(info, [networkOfCandidate(candidate)]);
    const network = initialNetwork(space, genotype, weights, seed, 'deployment');
    return await source.measure(network, signal);
  } finally {
    await source.close();
  }
}
