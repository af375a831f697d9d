/**
 * Entry of the child that computes what a guided search asks its model, and what fronts are worth: the window's
 * process stays free.
 */
import { readAccuracyTable } from '../benchmark/accuracy-table.ts';
import { budgetsOf } from '../benchmark/known-accuracies.ts';
import { serve } from '../child/serve.ts';
import { worthConfirming } from '../search/guided/confirmed.ts';
import { estimatesOf } from '../search/guided/estimates.ts';
import { GuidanceHere, type GuidedProposal, type OnFront } from '../search/guided/guidance.ts';
import type { ProposalResult } from '../search/guided/beliefs.ts';
import { whatIsKnown } from '../search/guided/knowledge.ts';
import { runAtOnce } from '../search/guided/slices.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceOf } from '../space/index.ts';
import type { Genotype } from '../space/space.ts';
import type {
  About,
  GuideAnswer,
  ConfirmRequest,
  JudgeAbout,
  JudgeSearchRequest,
  JudgeTable,
  KnownRequest,
  SoFar,
  StartRequest,
} from './guide-protocol.ts';
import { FrontJudge } from './search-judging.ts';
import { leastMsOf } from './latency-sources.ts';
import { countsOf, sizeOf } from './size-of.ts';

interface State extends Pick<About, 'settings'> {
  readonly space: DescribedSpace;
  readonly guidance: GuidanceHere;
  readonly proposed: Genotype[];
  readonly results: ProposalResult[];
}

let state: State | null = null;
let judging: (JudgeTable & { readonly judge: FrontJudge }) | null = null;

function knownTable(): NonNullable<typeof judging> {
  if (judging === null) throw new TypeError('nothing was said about the table');
  return judging;
}

function known(): State {
  if (state === null) throw new TypeError('nothing was said about the run');
  return state;
}

/** Takes note of what is new. @returns null where something in between is missing */
function caughtUp({ before, proposed, results }: SoFar): State | null {
  const now = known();
  const here = { proposed: now.proposed.length, results: now.results.length };
  if (here.proposed !== before.proposed || here.results !== before.results) {
    now.proposed.length = 0;
    now.results.length = 0;
    if (before.proposed > 0 || before.results > 0) return null;
  }
  now.proposed.push(...proposed);
  now.results.push(...results);
  return now;
}

/** One turn of the process: it has nobody else to serve. */
const atOnce = (): Promise<void> => Promise.resolve();

serve({
  about({ space: description, settings }: About): void {
    const space = spaceOf(description);
    const source = { leastMs: leastMsOf(settings) };
    const summarise = (genotype: Genotype) => sizeOf(space.decode(genotype), settings, source);
    const count = (genotype: Genotype) => countsOf(space, genotype);
    const guidance = new GuidanceHere({ space, settings, summarise, count }, atOnce);
    state = { space, settings, guidance, proposed: [], results: [] };
  },
  start: ({ count }: StartRequest) => known().guidance.start(count),
  /** Part of what there is to know, where it is too much for one message. */
  hear: (soFar: SoFar): GuideAnswer<null> => caughtUp(soFar) && { value: null },
  async propose(soFar: SoFar): Promise<GuideAnswer<GuidedProposal>> {
    const now = caughtUp(soFar);
    return now && { value: await now.guidance.propose(now.proposed, now.results) };
  },
  async front(soFar: SoFar): Promise<GuideAnswer<readonly OnFront[]>> {
    const now = caughtUp(soFar);
    return now && { value: await now.guidance.front(now.proposed, now.results) };
  },
  confirm({ candidates, most }: ConfirmRequest): readonly Genotype[] {
    const { space, settings } = known();
    const count = (genotype: Genotype) => countsOf(space, genotype);
    const estimates = runAtOnce(estimatesOf({ space, settings, candidates, count }));
    return worthConfirming(estimates?.front ?? [], most);
  },
  known({ space: description, ...asked }: KnownRequest) {
    const space = spaceOf(description);
    const count = (genotype: Genotype) => countsOf(space, genotype);
    return runAtOnce(whatIsKnown({ space, count, ...asked }));
  },
  async judgeAbout({ space: description, table: file }: JudgeAbout): Promise<void> {
    const space = spaceOf(description);
    const table = await readAccuracyTable(file, space);
    const budgets = budgetsOf(space, table);
    judging = { columns: table.columns, budgets, judge: new FrontJudge(space, table, budgets) };
  },
  judgeTable(): JudgeTable {
    const { columns, budgets } = knownTable();
    return { columns, budgets };
  },
  judge: ({ settings, candidates }: JudgeSearchRequest) =>
    runAtOnce(knownTable().judge.after(settings, candidates)),
  baselines: () => knownTable().judge.baselines(),
});
