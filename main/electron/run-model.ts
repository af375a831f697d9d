/** The model of a run's scores for the page, from rows as lists show them and in slices: it takes seconds. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { NetworkFacts } from '../common/network-facts.ts';
import type { RunModel } from '../../preload/contract.ts';
import type { LatencyBounds } from '../common/latency-bounds.ts';
import { virtualMachineCoverage } from '../common/measuring.ts';
import type { Latency, LatencyConditions, PhoneOfLatency } from '../latency/latency.ts';
import {
  besides,
  type Candidate,
  type CandidateId,
  type CandidateScore,
  type EvaluatedCandidate,
} from '../run/candidate.ts';
import { whatIsKnown } from '../search/guided/knowledge.ts';
import { runInSlices } from '../search/guided/slices.ts';
import type { RunInfo, RunRow } from '../run/run-store.ts';
import type { Size } from '../search/size.ts';
import type { DescribedSpace, WhollyDescribed } from '../space/described-space.ts';
import type { Genotype, Space } from '../space/space.ts';
import { countsOf } from '../workbench/size-of.ts';
import type { Services } from './services.ts';

/** Rows read at once. */
const piece = 500;
/** Spaces of up to this many networks are gone through: a page waits for it. */
const wholeSpace = 100_000;

export interface RunModelSource {
  readonly space: Space;
  readonly info: RunInfo;
  /** At most so many rows with id > after; empty where the run cannot be read any more. */
  readonly rows: (after: number, most: number) => readonly RunRow[];
  readonly count: (genotype: Genotype) => Size;
  /** Networks that were scored besides the candidates. */
  readonly extras: () => readonly EvaluatedCandidate[];
}

/** How networks of the space are counted: from its description, or else from their graphs. */
export function countIn(space: Space, summarise: Services['summarise']): RunModelSource['count'] {
  return (genotype) =>
    'counts' in space
      ? countsOf(space as DescribedSpace, genotype)
      : summarise(space.decode(genotype));
}

/**
 * Null where nothing was scored.
 * @param beta in place of the run's own
 * @param elsewhere computes it in another process; absent: in this one, in slices
 */
export async function runModelOf(
  { space, info, rows, count, extras }: RunModelSource,
  beta: number | null,
  elsewhere: Services['knownInChild'] = null,
): Promise<RunModel | null> {
  const settings = beta === null ? info.settings : { ...info.settings, beta };
  const candidates: Candidate[] = [];
  for (;;) {
    const some = rows(candidates.at(-1)?.id ?? 0, piece);
    candidates.push(...some.map(candidateOf));
    if (some.length < piece) break;
    await breathe();
  }
  const asked = { settings, candidates, extras: extras(), wholeSpace };
  const known =
    elsewhere !== null && 'description' in space
      ? await elsewhere({ ...asked, space: (space as WhollyDescribed).description })
      : await runInSlices(whatIsKnown({ ...asked, space, count }), () => breathe());
  if (known === null) return null;
  const { estimates, knowledge } = known;
  const expected = [...estimates.byId.values()];
  return {
    candidates: candidates.length,
    estimates: {
      ids: [...estimates.byId.keys()],
      scores: expected.map(({ score }) => score),
      deviations: expected.map(({ deviation }) => deviation),
    },
    front: estimates.front.map((offered) => ({
      genotype: offered.genotype,
      scored: offered.candidate !== null,
      id:
        offered.candidate === null || offered.candidate.id === besides
          ? null
          : offered.candidate.id,
      cost: offered.latencyMs ?? offered.size.macs,
      score: offered.estimate.score,
      deviation: offered.estimate.deviation,
      frontShare: offered.frontShare,
    })),
    knowledge: knowledge && {
      ...knowledge,
      course: [...knowledge.course],
      genes: knowledge.genes.map(({ gene, choices }) => ({
        gene,
        choices: choices.map(({ choice, value, score, logCost }) => ({
          ...{ choice, value, score, logCost },
        })),
      })),
    },
  };
}

/** What a model takes of a candidate; the rest of it stays in the file. */
function candidateOf(row: RunRow): Candidate {
  const { id, genotype, generation, parents, parameters, macs } = row;
  const proposal = {
    id: id as CandidateId,
    ...{ genotype, generation, parents: parents as CandidateId[], parameters, macs },
  };
  const { zico, zicoCapped, bias, proxies, latencyMs, latencyBounds, failure } = row;
  if (failure !== null) return { ...proposal, status: 'failed', failure };
  const readings = Object.entries(proxies).map(([key, value]) => [key, { value }]);
  const facts = { proxies: Object.fromEntries(readings) as NetworkFacts['proxies'] };
  const score = { zico, zicoCapped, bias, facts } as CandidateScore;
  const conditions = conditionsStating(latencyBounds);
  const latency = latencyMs === null ? null : ({ latencyMs, conditions } as Latency);
  return { ...proposal, status: 'evaluated', score, latency };
}

/** What models look at of the conditions: how far a measured latency may be off. */
function conditionsStating(bounds: LatencyBounds | null): Partial<LatencyConditions> {
  if (bounds === null || bounds.basis === 'estimate') return {};
  const ms = [bounds.lowMs, bounds.highMs] as const;
  if (bounds.basis === 'interval of 0.1') {
    return { phone: { intervalMs: ms, unsteady: [] as readonly string[] } as PhoneOfLatency };
  }
  const covers = bounds.basis === 'virtual machine' ? { covers: virtualMachineCoverage } : {};
  return { interval: { ms, asked: null, reached: true, ...covers } };
}
