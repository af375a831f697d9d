/**
 * What the window asks about a run file, as functions of an open one. A file that nobody is writing is read in
 * a child (child.ts), because it may come from anywhere and take any time; the file of a search of this app is
 * read where the search has it open.
 */
import { architectureOf } from '../../analysis/architecture.ts';
import { analyseBias } from '../../analysis/bias.ts';
import { sweptRunOf } from '../../analysis/sweep-results.ts';
import { againstTruth } from '../../analysis/trained-scores.ts';
import { judgedSpaceOf } from '../../benchmark/known-accuracies.ts';
import { isRelative, needsZico } from '../../common/objectives.ts';
import { WorkbenchError } from '../../errors.ts';
import { runReportHtml } from '../../export/report/run-report.ts';
import { candidatesWith } from '../../measure-model/trained-model.ts';
import { isSpaceInCode } from '../../common/space-in-code.ts';
import {
  besides,
  networkOfCandidate,
  type Candidate,
  type CandidateId,
} from '../../run/candidate.ts';
import { figuresByCandidate, rankingOf } from '../../run/ranking.ts';
import type { CandidateMark } from '../../run/run-store.ts';
import { standingOf } from '../../run/standing.ts';
import type { Genotype } from '../../space/space.ts';
import { spaceKnowing } from '../../space/index.ts';
import { spaceCodeNeeded } from '../../space/space-in-code.ts';
import { plannedCandidates } from '../../common/planned-candidates.ts';
import { digestWarning } from '../../store/digest-warning.ts';
import { candidatesAsText } from '../../workbench/candidate-text.ts';
import { packRows } from '../pack-rows.ts';
import { countIn, runModelOf } from '../run-model.ts';
import { progressOf, summaryOf } from '../run-reading.ts';
import type { RunSpaces } from '../run-spaces.ts';
import type { RunReader, Services } from '../services.ts';
import { trendOf } from '../trends.ts';
import type { LookName, LookRequest, LookResult, StoredCandidate } from './look-types.ts';
import { candidateDetailOf, candidateRowOf, spaceDescriptionOf } from '../views.ts';

/** What looking at a run needs apart from the file. */
export interface LookContext {
  readonly spaces: RunSpaces;
  readonly summarise: Services['summarise'];
  /** All candidates of a run; at once unless stated. */
  readonly candidatesOf?: (reader: RunReader) => Promise<readonly Candidate[]>;
}

const allOf = async (
  { candidatesOf }: LookContext,
  reader: RunReader,
): Promise<readonly Candidate[]> =>
  candidatesOf === undefined ? reader.candidates() : candidatesOf(reader);

type Look<N extends LookName> = (
  context: LookContext,
  reader: RunReader,
  request: LookRequest<N>,
) => LookResult<N> | Promise<LookResult<N>>;

const looks: { readonly [N in LookName]: Look<N> } = {
  info: (_context, reader) => reader.info(),

  summary: (_context, reader, { run, file }) => summaryOf(reader, run, file),

  view({ spaces, summarise }, reader, { run, file }) {
    const info = reader.info();
    const { evaluated, failed } = reader.counts();
    const { dataDescription, productVersion, warnings = [] } = info;
    const unsure = digestWarning(reader.withoutDigest(), evaluated + failed);
    return {
      summary: summaryOf(reader, run, file),
      ...{ dataDescription, productVersion },
      space: spaceDescriptionOf(spaces.of(info), summarise),
      warnings: [...warnings, ...(unsure ? [unsure] : [])],
    };
  },

  progress: ({ spaces }, reader, { run }) => progressOf(reader, run, spaces.of(reader.info())),

  candidates({ spaces }, reader, { after, most }) {
    const space = spaces.of(reader.info());
    return packRows(reader.rows(after, most).map((row) => candidateRowOf(row, space)));
  },

  stored: (_context, reader, { id }) => storedCandidate(reader, id),

  exported: (context, reader, { id, all }) =>
    forExport(context, reader, storedCandidate(reader, id).candidate, all),

  network: (context, reader, { genotype, all }) =>
    forExport(context, reader, scoredNetwork(reader, genotype), all),

  candidate: (context, reader, { id }) => detailIn(context, storedCandidate(reader, id)),

  networkDetail: (context, reader, { genotype }) =>
    detailIn(context, { info: reader.info(), candidate: scoredNetwork(reader, genotype) }),

  architecture({ spaces }, reader, { id }) {
    const { info, candidate } = storedCandidate(reader, id);
    const space = spaceKnowing(spaces.of(info), [networkOfCandidate(candidate)]);
    return architectureOf(space.decode(candidate.genotype));
  },

  takers({ spaces }, reader, { id }) {
    const info = reader.info();
    const space = spaces.of(info);
    const { task, title, scoringShape, classes, sizes } = space;
    const takers = { title, scoringShape, classes };
    if (id === null || sizes === null) return { info, task, takers, size: null };
    const { candidate } = storedCandidate(reader, id);
    const [, height, width] = space.imageShape(candidate.genotype, 'scoring');
    return { info, task, takers, size: [height, width] };
  },

  resumable({ spaces }, reader) {
    const info = reader.info();
    const space = spaces.of(info);
    if (info.space && isSpaceInCode(info.space)) throw spaceCodeNeeded(info.space);
    for (const { genotype } of reader.candidates()) space.values(genotype);
    return {
      ...{ info, earlier: reader.counts() },
      planned: plannedCandidates(info.settings, space.networks),
    };
  },

  async candidatesText(context, reader, request) {
    const candidates = await allOf(context, reader);
    const read = {
      ...{ info: () => reader.info(), candidates: () => candidates },
      ...{ extras: () => reader.extras(), trained: () => reader.trained() },
      withoutDigest: () => reader.withoutDigest(),
    };
    return candidatesAsText(read, request);
  },

  trend: (_context, reader) => trendOf(async (read) => read(reader)),

  model({ spaces, summarise }, reader, { beta }) {
    const info = reader.info();
    if (info.space && isSpaceInCode(info.space)) return null;
    const rows = (after: number, most: number) => reader.rows(after, most);
    const space = spaces.of(info);
    const [count, extras] = [countIn(space, summarise), () => reader.extras()];
    return runModelOf({ space, info, rows, count, extras }, beta);
  },

  async sweptFront(context, reader) {
    const [info, candidates] = [reader.info(), await allOf(context, reader)];
    const judgedSpace = judgedSpaceOf(info.settings);
    const figures =
      judgedSpace === null ? [] : [...figuresByCandidate(candidates, rankingOf(info.settings))];
    return {
      ...{ run: sweptRunOf(info, candidates), judgedSpace },
      networks: figures.map(([{ genotype }, score]) => ({ genotype, score })),
    };
  },

  marks: (_context, reader) => reader.marks().map(plainMark),

  report({ spaces }, reader, { name, productVersion }) {
    const info = reader.info();
    const candidates = reader.candidates();
    const space = spaces.of(info);
    // Networks of code are known one by one; how deep the space is, nobody knows.
    const analysed = needsZico(info.settings.score) && !(info.space && isSpaceInCode(info.space));
    return runReportHtml({
      ...{ name, productVersion, info, space, candidates },
      ...{ marks: reader.marks(), tags: reader.tags(), trained: reader.trained() },
      analysis: analysed ? analyseBias(candidates, space, info.settings) : null,
    });
  },

  trained: (_context, reader) => reader.trained(),

  alike: (_context, reader, { macs }) => candidatesWith(reader, macs),

  async againstTruth(context, reader, { beta }) {
    const [{ settings }, trained] = [reader.info(), reader.trained()];
    // A sum of ranks is one among all candidates.
    const candidates = isRelative(settings.score)
      ? await allOf(context, reader)
      : trained.flatMap(({ candidate }) => reader.candidate(candidate) ?? []);
    return againstTruth(candidates, trained, { ...settings, beta });
  },
};

/** Does a look through an open reader. */
export async function lookAt<N extends LookName>(
  name: N,
  context: LookContext,
  reader: RunReader,
  request: LookRequest<N>,
): Promise<LookResult<N>> {
  const look: Look<N> = looks[name];
  return look(context, reader, request);
}

const plainMark = ({ candidate, starred, note, name }: CandidateMark): CandidateMark => ({
  ...{ candidate, starred, note, name },
});

function detailIn({ spaces, summarise }: LookContext, { info, candidate }: StoredCandidate) {
  const space = spaceKnowing(spaces.of(info), [networkOfCandidate(candidate)]);
  const { genotype, parameters, macs, status } = candidate;
  // Nothing is shown of the layers of one that failed.
  const network =
    status === 'failed' ? { parameters, macs, layers: [] } : summarise(space.decode(genotype));
  return candidateDetailOf(candidate, space, network, info.settings);
}

async function forExport(
  context: LookContext,
  reader: RunReader,
  candidate: Candidate,
  all: boolean,
): Promise<LookResult<'exported'>> {
  const info = reader.info();
  const beside = candidate.id === besides ? [candidate] : [];
  const candidates = [...(await allOf(context, reader)), ...beside];
  // Of one that failed nothing is exported: whoever writes the files says so.
  const standing =
    candidate.status === 'failed'
      ? { secondOpinion: null, indistinctFrom: [] }
      : standingOf(candidate, candidates, info, context.spaces.of(info).name);
  return {
    ...{ info, candidate, standing },
    candidates: all ? candidates : [],
    trained: all ? reader.trained() : [],
  };
}

function scoredNetwork(reader: RunReader, genotype: string): Candidate {
  const candidate = reader.network(genotype as Genotype);
  if (candidate !== null) return candidate;
  throw new WorkbenchError(
    'unknown-candidate',
    `The network ${genotype} was not scored in this run.`,
    'Score it first.',
  );
}

function storedCandidate(reader: RunReader, id: number): StoredCandidate {
  const candidate = reader.candidate(id as CandidateId);
  if (candidate) return { info: reader.info(), candidate };
  throw new WorkbenchError(
    'unknown-candidate',
    `The run has no candidate ${id}.`,
    'Choose one of the candidates of the table.',
  );
}
