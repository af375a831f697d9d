/** The report of a whole run: its front, what a person chose and noted, settings and conditions, on one page to pass on. */
import type { BiasAnalysis } from '../../analysis/bias.ts';
import { integer, plural } from '../../common/figures.ts';
import { boundsLabels } from '../../common/latency-bounds.ts';
import { spaceCountText } from '../../common/network-count.ts';
import { isRelative, relativeInWords } from '../../common/objectives.ts';
import { periodsOf } from '../../common/periods.ts';
import { versionInWords } from '../../engine/precision.ts';
import { boundsOf, isDoubtful } from '../../latency/bounds.ts';
import { conditionsInWords } from '../../latency/conditions.ts';
import {
  nameOfCandidate,
  type Candidate,
  type CandidateId,
  type EvaluatedCandidate,
} from '../../run/candidate.ts';
import { indistinctInWords, indistinctOnFront } from '../../run/latency-errors.ts';
import { figuresByCandidate, frontOf, rankingOf } from '../../run/ranking.ts';
import type { CandidateMark, RunInfo } from '../../run/run-store.ts';
import type { TrainedModel } from '../../run/trained-model.ts';
import type { Space } from '../../space/space.ts';
import { biasSection } from './bias-section.ts';
import { frontPicture } from './front-picture.ts';
import { escaped, htmlPage, htmlTable, shortened } from './html.ts';
import { nameOfScore } from './report.ts';
import { searchedRow, settingsRows } from './settings-rows.ts';
import { trainedModels } from './trained.ts';

export interface RunReportSource {
  /** What the run is called. */
  readonly name: string;
  readonly space: Space;
  readonly info: RunInfo;
  readonly candidates: readonly Candidate[];
  readonly marks: readonly CandidateMark[];
  readonly tags: readonly string[];
  readonly trained: readonly TrainedModel[];
  /** Null if the run does not rank by ZiCo. */
  readonly analysis: BiasAnalysis | null;
  readonly productVersion: string;
}

export function runReportHtml(source: RunReportSource): string {
  const { name, info, analysis, productVersion } = source;
  const front = frontOf(source.candidates, rankingOf(info.settings));
  const sections = [
    header(source),
    frontSection(source, front),
    chosenSection(source),
    conditionsSection(source, front),
    analysis === null ? '' : biasSection(analysis, periodsOf(info.settings)),
    trainedModels(source),
    `<section>
<h2>Settings</h2>
${htmlTable([{ title: 'Setting' }, { title: 'Value' }], [...settingsRows(info), searchedRow(info)])}
</section>`,
  ];
  const footer = `Written by ZiCo Workbench ${productVersion} from run ${info.runId} of ${info.createdAt}.`;
  return htmlPage(name, sections, footer);
}

function header({ name, space, info, candidates, tags }: RunReportSource): string {
  const failed = candidates.filter(({ status }) => status === 'failed').length;
  const figures: [string, string][] = [
    ['Candidates', integer(candidates.length)],
    ...(failed > 0 ? [['Failed', integer(failed)] as [string, string]] : []),
    ['Ranked by', nameOfScore(info.settings)],
  ];
  const tagged = tags.length === 0 ? '' : `<p>${escaped(tags.join(', '))}</p>`;
  return `<header>
<h1>${escaped(name)}</h1>
<p class="quiet">${escaped(space.title)}: ${space.task}, ${spaceCountText(space.count)} networks, ${plural(space.classes, 'class', 'classes')}. Begun on ${escaped(info.createdAt)}.</p>
${tagged}
<dl class="figures">${figures.map(([title, value]) => `<div><dt>${escaped(title)}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>
<p class="quiet">None of the networks has been trained by the search: scores are gradient statistics of their initial weights, no accuracies.</p>
</header>`;
}

function frontSection(source: RunReportSource, front: readonly EvaluatedCandidate[]): string {
  const { candidates, info, marks } = source;
  const ranking = rankingOf(info.settings);
  const onFront = new Set(front.map(({ id }) => id));
  const chosen = new Set(marks.filter(({ starred }) => starred).map(({ candidate }) => candidate));
  const { svg, shown } = frontPicture(candidates, ranking, onFront, chosen);
  const said = [
    `${plural(shown, 'scored network', 'scored networks')}, ${front.length} of them on the front.`,
    ...(chosen.size > 0 ? ['Starred ones are orange.'] : []),
    ...(isRelative(info.settings.score) ? [relativeInWords] : []),
    ...(ranking.cost === 'latency'
      ? [indistinctInWords(indistinctOnFront(front), front.length)]
      : []),
  ].filter((sentence) => sentence !== null);
  return `<section>
<h2>Front</h2>
${svg}
<p class="quiet">${escaped(said.join(' '))}</p>
<div class="scroll">${networksTable(source, front)}</div>
</section>`;
}

/** What a person starred, named or noted. */
function chosenSection(source: RunReportSource): string {
  const { candidates, marks } = source;
  if (marks.length === 0) return '';
  const byId = new Map(candidates.map((one) => [one.id, one]));
  const chosen = marks.flatMap(({ candidate }) => {
    const one = byId.get(candidate);
    return one?.status === 'evaluated' ? [one] : [];
  });
  const notes = marks
    .filter(({ note }) => note !== '')
    .map(
      (mark) =>
        `<h3>${escaped(called(mark.candidate, mark))}</h3>\n<p style="white-space: pre-wrap">${escaped(mark.note)}</p>`,
    );
  return `<section>
<h2>Chosen</h2>
<div class="scroll">${networksTable(source, chosen)}</div>
${notes.join('\n')}
</section>`;
}

/** "c-0007, small one". */
function called(id: CandidateId, mark: CandidateMark | undefined): string {
  const name = mark?.name ?? '';
  return name === '' ? nameOfCandidate(id) : `${nameOfCandidate(id)}, ${name}`;
}

function networksTable(
  { info, candidates, marks }: RunReportSource,
  networks: readonly EvaluatedCandidate[],
): string {
  const ranking = rankingOf(info.settings);
  const figures = figuresByCandidate(candidates, ranking);
  const noted = new Map(marks.map((mark) => [mark.candidate, mark]));
  const timed = networks.some(({ latency }) => latency !== null);
  const columns = [
    ...[{ title: 'Candidate' }, { title: 'Starred' }, { title: 'Network' }],
    { title: nameOfScore(info.settings), number: true },
    ...(timed
      ? [
          { title: 'Latency, ms', number: true },
          { title: 'from, to', number: true },
        ]
      : []),
    { title: 'MACs', number: true },
    { title: 'Parameters', number: true },
  ];
  const rows = networks.map((one) => {
    const mark = noted.get(one.id);
    return [
      ...[called(one.id, mark), mark?.starred === true ? '★' : '', one.genotype],
      figures.get(one)?.toFixed(2) ?? '–',
      ...(timed ? latencyCells(one.latency) : []),
      ...[shortened(one.macs), integer(one.parameters)],
    ];
  });
  return htmlTable(columns, rows);
}

/** The latency, and how far it may be off. */
function latencyCells(latency: EvaluatedCandidate['latency']): string[] {
  if (latency === null) return ['–', '–'];
  const bounds = boundsOf(latency);
  const doubtful = isDoubtful(latency) ? ' ?' : '';
  const range = bounds === null ? '–' : `${bounds.lowMs.toFixed(3)} to ${bounds.highMs.toFixed(3)}`;
  return [`${latency.latencyMs.toFixed(3)}${doubtful}`, range];
}

/** Under what latencies were taken, and with what scores: each way once, with how many networks of the front. */
function conditionsSection(
  { candidates }: RunReportSource,
  front: readonly EvaluatedCandidate[],
): string {
  const evaluated = candidates.flatMap((one) => (one.status === 'evaluated' ? [one] : []));
  const measured = front.length > 0 ? front : evaluated;
  const latencies = counted(
    measured.flatMap(({ latency }) => (latency === null ? [] : [latency.conditions])),
    conditionsInWords,
  );
  const engines = counted(
    evaluated.map(({ score }) => score.engine),
    (engine) =>
      `Scored by ${engine.name} ${versionInWords(engine)}, ${plural(engine.threads, 'thread', 'threads')}.`,
  );
  const bases = new Set(
    measured.flatMap(({ latency }) => (latency && boundsOf(latency)?.basis) ?? []),
  );
  const errors = [...bases].map((basis) => boundsLabels[basis]);
  return `<section>
<h2>Conditions</h2>
${[...latencies, ...engines].map((line) => `<p>${escaped(line)}</p>`).join('\n')}
${errors.length === 0 ? '' : `<p class="quiet">${escaped(`From and to: ${errors.join('; ')}.`)}</p>`}
</section>`;
}

/** More ways of measuring than this are counted, not listed. */
const mostWays = 12;

function counted<T>(all: readonly T[], inWords: (one: T) => string): string[] {
  const times = new Map<string, number>();
  for (const one of all) {
    const words = inWords(one);
    times.set(words, (times.get(words) ?? 0) + 1);
  }
  const most = [...times].sort(([, a], [, b]) => b - a);
  const lines = most
    .slice(0, mostWays)
    .map(([words, n]) =>
      most.length === 1 ? words : `${plural(n, 'network', 'networks')}: ${words}`,
    );
  return most.length > mostWays
    ? [...lines, `And ${plural(most.length - mostWays, 'other way', 'other ways')}.`]
    : lines;
}
