/** report.html: one self-contained page, to read and to share. */
import { integer, plural } from '../../common/figures.ts';
import { spaceCountText } from '../../common/network-count.ts';
import type { BiasAnalysis } from '../../analysis/bias.ts';
import { trainedModels } from './trained.ts';
import { periodsOf, type Periods } from '../../common/periods.ts';
import { versionInWords } from '../../engine/precision.ts';
import type { NetworkSummary } from '../../graph/graph.ts';
import { placementWarning } from '../../common/placement.ts';
import { boundsLabels } from '../../common/latency-bounds.ts';
import { boundsOf } from '../../latency/bounds.ts';
import { conditionsInWords } from '../../latency/conditions.ts';
import { isRelative, needsZico, objectiveLabel, relativeInWords } from '../../common/objectives.ts';
import { countedBias, logTerm } from '../../proxy/zico.ts';
import {
  besides,
  hasZico,
  nameOfCandidate,
  type Candidate,
  type CandidateId,
  type EvaluatedCandidate,
} from '../../run/candidate.ts';
import {
  indistinctFrom,
  indistinctFromInWords,
  indistinctInWords,
  indistinctOnFront,
} from '../../run/latency-errors.ts';
import { figuresByCandidate, figuresOf, frontOf, rankingOf } from '../../run/ranking.ts';
import type { RunInfo } from '../../run/run-store.ts';
import type { TrainedModel } from '../../run/trained-model.ts';
import type { Space } from '../../space/space.ts';
import { biasSection } from './bias-section.ts';
import { frontPicture } from './front-picture.ts';
import { proxies, proxyNames } from '../../common/proxies.ts';
import { opinionOn } from '../../run/second-opinions.ts';
import { escaped, htmlPage, htmlTable, shortened } from './html.ts';
import { searchedRow, settingsRows } from './settings-rows.ts';

export interface ReportSource {
  readonly space: Space;
  readonly info: RunInfo;
  readonly candidate: EvaluatedCandidate;
  /** All candidates of the run. */
  readonly candidates: readonly Candidate[];
  /** Trained models of candidates. */
  readonly trained: readonly TrainedModel[];
  readonly summary: NetworkSummary;
  /** Null if the run does not rank by ZiCo. */
  readonly analysis: BiasAnalysis | null;
  readonly productVersion: string;
}

export function reportHtml(source: ReportSource): string {
  const { space, candidate, productVersion, info } = source;
  const title = `${space.name} ${candidate.genotype}`;
  const sections = [
    header(source, title),
    front(source),
    source.analysis === null ? '' : biasSection(source.analysis, periodsOf(info.settings)),
    trainedModels(source),
    layers(source),
    settings(source),
  ];
  const footer = `Written by ZiCo Workbench ${productVersion} from run ${info.runId} of ${info.createdAt}.`;
  return htmlPage(title, sections, footer);
}

function header(
  { space, candidate, candidates, summary, info }: ReportSource,
  title: string,
): string {
  const opinion = opinionOn(candidate.id, candidates, info.settings, space.name);
  const { score, latency } = candidate;
  const placement = latency?.conditions.phone?.placement;
  const piecemeal = placement ? placementWarning(placement) : null;
  const relative = isRelative(info.settings.score);
  const ranking = rankingOf(info.settings);
  // A network that was scored outside the search has no rank among the candidates.
  const own = candidates.find(({ id }) => id === candidate.id);
  const ranks = relative
    ? own && figuresByCandidate(candidates, ranking).get(own)
    : figuresOf([candidate], ranking)[0];
  const figures: [string, string][] = [
    ['Parameters', integer(summary.parameters)],
    ['MACs', shortened(summary.macs)],
    ...(ranks === undefined
      ? []
      : [[nameOfScore(info.settings), ranks.toFixed(relative ? 1 : 2)] as [string, string]]),
    ...(hasZico(score)
      ? [
          ['ZiCo', score.zico.toFixed(2)] as [string, string],
          ['Bias', score.bias.toFixed(2)] as [string, string],
        ]
      : []),
    ...besideScore(score),
    ...latencyFigures(latency),
  ];
  return `<header>
<h1>${escaped(title)}</h1>
<p class="quiet">${nameInReport(candidate, periodsOf(info.settings))}. ${escaped(space.title)}: ${space.task}, ${spaceCountText(space.count)} networks, images of ${space.imageShape(candidate.genotype, 'deployment').join(' × ')}, ${plural(space.classes, 'class', 'classes')}.</p>
<dl class="figures">${figures.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>
${latency ? `<p class="quiet">${escaped(conditionsInWords(latency.conditions))}</p>` : ''}
${piecemeal === null ? '' : `<p class="opinion">${escaped(piecemeal)}</p>`}
${opinion === null ? '' : `<p class="opinion">${escaped(`Second opinion: ${opinion}`)}</p>`}
<p class="quiet">The network has not been trained: scores are gradient statistics of its initial weights, no accuracies.</p>
</header>`;
}

/** The latency, and beside it how far it may be off. */
function latencyFigures(latency: EvaluatedCandidate['latency']): [string, string][] {
  if (latency === null) return [];
  const bounds = boundsOf(latency);
  const figure: [string, string] = ['Latency', `${latency.latencyMs.toFixed(3)} ms`];
  if (bounds === null) return [figure];
  const [low, high] = [bounds.lowMs, bounds.highMs].map((ms) => ms.toFixed(3));
  return [figure, [boundsLabels[bounds.basis], `${low} to ${high} ms`]];
}

export function nameOfScore({ score, beta, termCap }: RunInfo['settings']): string {
  const name = score === 'zico-bc' ? `ZiCo-BC, β ${beta}` : objectiveLabel(score);
  return `${name}${!needsZico(score) || termCap === null ? '' : `, terms capped at ${termCap}`}`;
}

/** Counts of the layers, and every proxy that was computed. */
function besideScore({ facts }: EvaluatedCandidate['score']): [string, string][] {
  if (facts === undefined) return [];
  const said = proxyNames.flatMap((name): [string, string][] => {
    const reading = facts.proxies[proxies[name].key];
    if (reading === undefined) return [];
    return [[proxies[name].label, reading.value?.toPrecision(6) ?? `none: ${reading.reason}`]];
  });
  return [
    facts.liveLayers === null
      ? ['Layers', `${facts.layers}`]
      : ['Layers with a gradient', `${facts.liveLayers} of ${facts.layers}`],
    ['Sum of ln(channels)', facts.lnChannels.toFixed(2)],
    ...said,
  ];
}

function nameInReport({ id, generation }: EvaluatedCandidate, periods: Periods): string {
  if (id === besides) return 'Scored besides the candidates of the search';
  return `${nameOfCandidate(id)}, ${periods.named(generation)}`;
}

function front({ candidate, candidates, info, analysis }: ReportSource): string {
  const ranking = rankingOf(info.settings);
  const networks = analysis?.front.networks ?? frontOf(candidates, ranking);
  const onFront = new Set(networks.map(({ id }) => id as CandidateId));
  const { svg, shown } = frontPicture(candidates, ranking, onFront, new Set([candidate.id]));
  const place = onFront.has(candidate.id)
    ? `This network (orange) is one of the ${onFront.size} on the front.`
    : `This network (orange) is not on the front, which has ${plural(onFront.size, 'network', 'networks')}.`;
  const open = ranking.cost === 'latency' ? leftOpen(candidate, candidates, onFront) : [];
  const said = [...(isRelative(info.settings.score) ? [relativeInWords] : []), ...open];
  return `<section>
<h2>Front</h2>
${svg}
<p class="quiet">${[`${shown} scored networks.`, place, ...said].join(' ')}</p>
</section>`;
}

/** What the errors of latencies leave open: of the front, and of this network. */
function leftOpen(
  candidate: EvaluatedCandidate,
  candidates: readonly Candidate[],
  onFront: ReadonlySet<CandidateId>,
): string[] {
  const front = candidates
    .filter((one) => one.status === 'evaluated')
    .filter(({ id }) => onFront.has(id))
    .toSorted((a, b) => (a.latency?.latencyMs ?? 0) - (b.latency?.latencyMs ?? 0));
  const sentences = [
    indistinctInWords(indistinctOnFront(front), front.length),
    indistinctFromInWords(indistinctFrom(candidate, front)),
  ];
  return sentences.filter((sentence) => sentence !== null);
}

function layers({ candidate, summary, info }: ReportSource): string {
  const scored = new Map(candidate.score.layers.map((layer) => [layer.name, layer]));
  const columns = [
    { title: 'Layer' },
    { title: 'Kind' },
    { title: 'output', number: true },
    { title: 'parameters', number: true },
    { title: 'MACs', number: true },
    { title: 'ln z', number: true },
    { title: 'bias', number: true },
  ];
  const rows = summary.layers.map((layer) => {
    const statistics = scored.get(layer.name);
    return [
      layer.name,
      layer.kind,
      `${layer.channels} × ${layer.height} × ${layer.width}`,
      integer(layer.parameters),
      shortened(layer.macs),
      statistics ? logTerm(statistics.sum).toFixed(2) : '–',
      statistics ? countedBias(statistics, layer, info.settings).toFixed(2) : '–',
    ];
  });
  return `<section class="layers">
<h2>Layers</h2>
<div class="scroll">${htmlTable(columns, rows)}</div>
<p class="quiet">ZiCo is the sum of ln z, the bias the sum of ln(H W / √C); ZiCo-BC is ZiCo − β · bias.</p>
</section>`;
}

function settings({ info, candidate, space }: ReportSource): string {
  const { engine } = candidate.score;
  const genes = space.genes.map(({ name }, i) => `${name} ${space.values(candidate.genotype)[i]}`);
  const rows: [string, string | number][] = [
    ['choices', genes.join(', ') || candidate.genotype],
    ...settingsRows(info),
    [
      'engine',
      `${engine.name} ${versionInWords(engine)}, ${plural(engine.threads, 'thread', 'threads')}`,
    ],
    ['losses', candidate.score.losses.map((loss) => loss.toFixed(4)).join(', ')],
    searchedRow(info),
  ];
  return `<section>
<h2>Settings</h2>
${htmlTable([{ title: 'Setting' }, { title: 'Value' }], rows)}
</section>`;
}
