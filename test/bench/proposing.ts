/**
 * `npm run bench -- proposing [SPACE] [CANDIDATES,CANDIDATES]`: what a proposal of a guided search costs once so
 * many candidates are known, by the clock and in processor time, and how long it keeps a process from anything
 * else: its own, and the one that has it computed in a child, as the window does; of that by the clock, and what the
 * process computes itself between two turns, which does not depend on what else the computer does. Nothing is scored: parameters
 * stand in for scores.
 */
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import { GuideChild } from '../../main/workbench/guides.ts';
import { resultOf, scoreParts } from '../../main/search/guided/score-parts.ts';
import type { ProposalResult } from '../../main/search/guided/beliefs.ts';
import { Guide } from '../../main/search/guided/guide.ts';
import { estimatesOf } from '../../main/search/guided/estimates.ts';
import type { Sliced } from '../../main/search/guided/slices.ts';
import { memoized } from '../../main/search/size.ts';
import type { Candidate, CandidateId } from '../../main/run/candidate.ts';
import { generatorFor } from '../../main/random.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { countsOf } from '../../main/workbench/size-of.ts';
import { latestGuidedRevision } from '../../main/common/settings/method.ts';
import { toyScore, toySettings } from '../support/toy-search.ts';
import type { Genotype } from '../../main/space/space.ts';

const [name = 'efficientdet-d0-wide', numbers = '200,2000'] = process.argv.slice(2);
const space = spaceNamed(name);
const inFlight = 16;
const proposals = 30;
const summarise = memoized((genotype: Genotype) => countsOf(space, genotype));

/** Runs it to its end; milliseconds of the whole and of the longest slice. */
function timed<T>(sliced: Sliced<T>): { value: T; ms: number; longest: number } {
  let [ms, longest] = [0, 0];
  for (;;) {
    const began = performance.now();
    const step = sliced.next();
    const took = performance.now() - began;
    ms += took;
    longest = Math.max(longest, took);
    if (step.done === true) return { value: step.value, ms, longest };
  }
}

function candidate(genotype: Genotype, id: number): Candidate {
  const { parameters, macs } = summarise(genotype);
  const noise = generatorFor('noise', genotype).next() / 2 ** 32;
  const zico = 20 * Math.log(parameters) - 8 * Math.log(macs) + noise;
  return {
    ...{ id: id as CandidateId, genotype, generation: 0, parents: [], parameters, macs },
    ...{ status: 'evaluated', latency: null, score: { ...toyScore('1-1' as Genotype), zico } },
  };
}

interface Kept {
  /** The longest between two turns by the clock, waits for a processor among it, in ms. */
  readonly byClock: number;
  /** The most that this thread computed between two turns, in ms of a processor. */
  readonly computing: number;
}

/** Has as many proposals made in a child; how long this process was kept from anything else. */
async function inChild(before: Genotype[], results: readonly ProposalResult[]): Promise<Kept> {
  const about = {
    space: space.description,
    settings: { ...defaultSearchSettings, space: name, latency: 'macs' as const },
  };
  const entry = path.resolve(import.meta.dirname, '../../main/workbench/guide-child.ts');
  const never = new AbortController().signal;
  const child = new GuideChild({ processes: nodeProcesses, entry }, about, never);
  try {
    await child.propose(before, results); // with all that the child has to be told
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const used = (): number => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    };
    let [last, computing] = [used(), 0];
    const turns = setInterval(() => {
      const now = used();
      computing = Math.max(computing, now - last);
      last = now;
    }, 1);
    for (let i = 0; i < proposals; i++) {
      const { genotype } = await child.propose(before, results);
      if (genotype !== null) before.push(genotype);
    }
    delay.disable();
    clearInterval(turns);
    return { byClock: delay.max / 1e6, computing };
  } finally {
    await child.close();
  }
}

const settings = { ...toySettings, beta: 0 };
const parts = scoreParts(settings);
for (const known of numbers.split(',').map(Number)) {
  const random = generatorFor('bench', known);
  const drawn = new Set<Genotype>();
  while (drawn.size < known) drawn.add(space.sample(random));
  const proposed = [...drawn];
  const candidates = proposed.map((genotype, i) => candidate(genotype, i + 1));
  const guide = new Guide({
    ...{ space, seed: 0, revision: latestGuidedRevision, summarise, parts, latency: null },
    excess: () => 0,
  });
  const results = () => candidates.slice(0, candidates.length - inFlight);
  const seen = () => results().map((one) => resultOf(one, parts));
  const first = timed(guide.propose(proposed, seen()));
  let [ms, longest] = [0, first.longest];
  const before = process.cpuUsage();
  for (let i = 0; i < proposals; i++) {
    const next = timed(guide.propose(proposed, seen()));
    [ms, longest] = [ms + next.ms, Math.max(longest, next.longest)];
    if (next.value === null) throw new Error('there are more networks');
    proposed.push(next.value);
    candidates.push(candidate(next.value, candidates.length + 1));
  }
  const used = process.cpuUsage(before);
  const computing = (used.user + used.system) / 1000 / proposals;
  const beside = await inChild(proposed.slice(0, known), seen().slice(0, known - inFlight));
  const estimates = timed(estimatesOf({ space, settings, candidates, count: summarise }));
  console.log(
    `proposing ${name} (${space.genes.length} genes) at ${known}: ${(ms / proposals).toFixed(1)} ms a candidate ` +
      `(${computing.toFixed(1)} of a processor; the first, with its fits, ${first.ms.toFixed(0)} ms), longest slice ${longest.toFixed(1)} ms; ` +
      `in a child this process is kept for ${beside.byClock.toFixed(1)} ms at most (computes ${beside.computing.toFixed(1)} ms); ` +
      `estimates ${(estimates.ms / 1000).toFixed(1)} s, longest slice ${estimates.longest.toFixed(1)} ms`,
  );
}
