/** What `zico search` prints at the end. */
import { integer, plural } from '../common/figures.ts';
import { boundsOf, isDoubtful } from '../latency/bounds.ts';
import type { Opinions, SearchResult } from '../asked/search-result.ts';
import type { Estimates } from '../search/guided/estimates.ts';
import { besides, type Candidate, type EvaluatedCandidate } from '../run/candidate.ts';
import { isRelative, needsZico, objectiveLabel, relativeInWords } from '../common/objectives.ts';
import { virtualMachineCoverage } from '../common/measuring.ts';
import { placementInWords, placementWarning } from '../common/placement.ts';
import { periodsOf } from '../common/periods.ts';
import { proxies, proxyNames } from '../common/proxies.ts';
import { opinionInWords } from '../common/second-opinion.ts';
import { opinionsOf } from '../run/second-opinions.ts';
import { indistinctInWords } from '../run/latency-errors.ts';
import { figuresByCandidate, frontOf, rankingOf } from '../run/ranking.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { warningInWords } from '../warning.ts';
import { asTyped } from './shell-words.ts';
import { abbreviated, scoredBy, table } from './table.ts';

/** Number of networks from the estimated front in the table for people. */
const mostOffered = 20;

/** What is known beside the result. */
export interface ReportedBeside {
  readonly estimates: Estimates | null;
  /** The share of their time that scoring processes computed; null where nobody knows. */
  readonly computing: number | null;
}

/** @param space name of the searched space */
export function searchInWords(
  result: SearchResult,
  space: string,
  candidates: readonly Candidate[],
  { estimates, computing }: ReportedBeside,
): string {
  const { run, status, scoring, settings, warnings, failed, indistinct } = result;
  const evaluated = candidates.filter((candidate) => candidate.status === 'evaluated');
  const ranking = rankingOf(settings);
  const front = frontOf(candidates, ranking);
  const figures = figuresByCandidate(candidates, ranking);
  const opinions = opinionsOf(candidates, settings);
  return [
    `${integer(evaluated.length)} candidates evaluated, ${failed} failed; ${front.length} on the front:`,
    ...(front.length > 0
      ? [frontTable(front, settings, figures)]
      : nothingMetLimit(evaluated, settings)),
    ...(isRelative(settings.score) ? [relativeInWords] : []),
    ...disagreements(front, opinions, space),
    ...latencyEstimates(front),
    ...ofOlderProtocol(front),
    ...ofVirtualMachine(front),
    ...neverSteady(front),
    ...inPieces(front),
    ...partlySilent(front),
    ...sentences(indistinctInWords(indistinct, front.length)),
    ...(estimates === null ? [] : offered(estimates, settings, run)),
    ...limits(result, settings),
    ...(scoring === null ? [] : [`${scoredBy(scoring)}${busy(computing)}`]),
    ...warnings.map((warning) => `warning: ${warningInWords(warning)}`),
    '',
    status === 'stopped'
      ? `Stopped. Continue with: zico search --run ${asTyped(run)} --resume`
      : `Export one with: zico export --run ${asTyped(run)} --candidate ID --out FOLDER`,
  ].join('\n');
}

const busy = (computing: number | null): string =>
  computing === null
    ? ''
    : ` These computed ${(100 * computing).toFixed(0)} % of the time between the first score and the last.`;

function limits(
  { rejected, repaired, tooSlow }: { rejected: number; repaired: number; tooSlow: number },
  { maxParameters, maxMacs, maxLatencyMs }: SearchSettings,
): string[] {
  if (maxParameters === null && maxMacs === null && maxLatencyMs === null) {
    // Without limits, only networks that are too large to score are left out.
    return rejected > 0
      ? [
          `${plural(rejected, 'network', 'networks')} too large to be described passed over unscored.`,
        ]
      : [];
  }
  return [
    `${plural(rejected, 'network', 'networks')} beyond the limits passed over unscored, ${plural(repaired, 'candidate', 'candidates')} brought back within them` +
      (tooSlow > 0
        ? `; ${integer(tooSlow)} measured above ${maxLatencyMs} ms are not on the front.`
        : '.'),
  ];
}

function nothingMetLimit(
  evaluated: readonly EvaluatedCandidate[],
  { maxLatencyMs }: SearchSettings,
): string[] {
  const measured = evaluated.flatMap(({ latency }) => (latency ? [latency.latencyMs] : []));
  if (maxLatencyMs === null || measured.length === 0) return [];
  return [
    `No candidate met ${maxLatencyMs} ms; the fastest takes ${Math.min(...measured).toFixed(3)} ms. Search on, or allow more.`,
  ];
}

/** The front that the model estimates over the whole space, as a table for people. */
function offered({ front }: Estimates, settings: SearchSettings, run: string): string[] {
  const scored = front.filter(({ candidate }) => candidate !== null).length;
  const best = front.toSorted((a, b) => b.frontShare - a.frontShare).slice(0, mostOffered);
  const shown = front.filter((one) => best.includes(one));
  return [
    '',
    `What the model expects, scored or not: ${front.length} networks on the front of estimates, ${scored} of them scored.`,
    table(
      [
        { title: 'id' },
        { title: 'genotype', align: 'left' },
        { title: 'estimate' },
        { title: '+-' },
        { title: 'on the front' },
        { title: settings.latency === 'macs' ? 'MACs' : 'latency ms' },
      ],
      shown.map(({ candidate, genotype, size, latencyMs, estimate, frontShare }) => [
        candidate === null ? '-' : candidate.id === besides ? '+' : String(candidate.id),
        genotype,
        estimate.score.toFixed(2),
        estimate.deviation.toFixed(2),
        `${Math.round(frontShare * 100)} %`,
        latencyMs === null ? abbreviated(size.macs) : latencyMs.toFixed(3),
      ]),
    ),
    `Those marked - have not been scored, those marked + besides the candidates; an export scores one: zico export --run ${asTyped(run)} --genotype GENOTYPE --out FOLDER`,
  ];
}

function isEstimated({ latency }: EvaluatedCandidate): boolean {
  return latency?.conditions.estimate !== undefined;
}

/** Warns about networks with layers that get no gradient, so that nobody chooses one unawares. */
function partlySilent(front: readonly EvaluatedCandidate[]): string[] {
  const named = front.flatMap(({ id, score: { facts } }) => {
    const silent = facts === undefined ? 0 : facts.layers - (facts.liveLayers ?? facts.layers);
    return silent > 0 ? [`${id} (${silent})`] : [];
  });
  if (named.length === 0) return [];
  return [`Layers that get no gradient, by candidate: ${named.join(', ')}.`];
}

/** Explains estimated latencies and their error: an estimate is never shown without it. */
function latencyEstimates(front: readonly EvaluatedCandidate[]): string[] {
  const estimated = front.flatMap(({ id, latency }) => {
    const { device, estimate } = latency?.conditions ?? {};
    return estimate ? [{ id, device, ...estimate }] : [];
  });
  const [first] = estimated;
  if (!first) return [];
  const range = (of: 'medianPercent' | 'p90Percent', some: typeof estimated) => {
    const [least, most] = [Math.min, Math.max].map((pick) =>
      pick(...some.map((one) => one[of])).toFixed(1),
    );
    return least === most ? `${least} %` : `${least} to ${most} %`;
  };
  const within = estimated.filter((one) => one.withinMeasuredRange);
  const beyond = estimated.filter((one) => !one.withinMeasuredRange);
  const reasons = new Set(beyond.flatMap(({ outside = [] }) => outside));
  return [
    `Latencies estimated for ${first.device}, not measured.`,
    ...(within.length > 0
      ? [
          `Networks like ${some(within, front)} that were left out of the fit were off by ${range('medianPercent', within)} in the median, by at most ${range('p90Percent', within)} in nine of ten cases.`,
        ]
      : []),
    ...(beyond.length > 0
      ? [
          `${capitalised(some(beyond, front))} lie outside of what was measured${reasons.size > 0 ? ` (${[...reasons].join(', ')})` : ''} and may be off by ${range('p90Percent', beyond)}.`,
        ]
      : []),
  ];
}

/** The latency with half the width of its bounds, in percent. */
function latencyCell({ latency }: EvaluatedCandidate): string {
  if (latency === null) return '-';
  const bounds = boundsOf(latency);
  const figure = latency.latencyMs.toFixed(3);
  if (bounds === null) return figure;
  const percent = (50 * (bounds.highMs - bounds.lowMs)) / latency.latencyMs;
  return `${figure} +-${percent.toFixed(percent < 9.5 ? 1 : 0)} %${isDoubtful(latency) ? ' ?' : ''}`;
}

function some(
  which: readonly { readonly id: number }[],
  { length }: { readonly length: number },
): string {
  if (which.length === length) return 'these';
  return `candidates ${which.map(({ id }) => id).join(', ')}`;
}

const sentences = (sentence: string | null): string[] => (sentence === null ? [] : [sentence]);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** 0.1's intervals held less than they say. */
function ofOlderProtocol(front: readonly EvaluatedCandidate[]): string[] {
  const older = front.filter(
    ({ latency }) => latency && boundsOf(latency)?.basis === 'interval of 0.1',
  );
  if (older.length === 0) return [];
  return [
    `Intervals of ${some(older, front)} are of 0.1's protocol, three repeats, which held 71 to 81 % of later measurements.`,
  ];
}

/** Those of a virtual machine hold less than intervals are meant to. */
function ofVirtualMachine(front: readonly EvaluatedCandidate[]): string[] {
  const guests = front.filter(
    ({ latency }) => latency && boundsOf(latency)?.basis === 'virtual machine',
  );
  if (guests.length === 0) return [];
  return [
    `Intervals of ${some(guests, front)} were taken on a virtual machine, where such intervals held in about ${Math.round(100 * virtualMachineCoverage)} % of cases.`,
  ];
}

/** Lists candidates whose latency never became steady: they should be measured again before one is chosen. */
function neverSteady(front: readonly EvaluatedCandidate[]): string[] {
  const unsteady = front.filter(({ latency }) => {
    const { phone, host } = latency?.conditions ?? {};
    return ((phone ?? host)?.unsteady.length ?? 0) > 0;
  });
  if (unsteady.length === 0) return [];
  return [
    `Latencies that never became steady while they were measured: candidates ${unsteady.map(({ id }) => id).join(', ')}.`,
  ];
}

/** Lists candidates of which much did not run where it was to: their latencies say little of the provider. */
export function inPieces(front: readonly EvaluatedCandidate[]): string[] {
  return front.flatMap(({ id, latency }) => {
    const placement = latency?.conditions.phone?.placement;
    const warning = placement ? placementWarning(placement) : null;
    return warning ? [`Candidate ${id}: ${placementInWords(placement!)}. ${warning}`] : [];
  });
}

/** A sentence for each network of the front that NEAR ranks quite differently. */
function disagreements(
  front: readonly EvaluatedCandidate[],
  opinions: Opinions,
  space: string,
): string[] {
  return front.flatMap(({ id }) => {
    const opinion = opinions.get(id);
    if (opinion?.strong !== true) return [];
    return [`Second opinion on candidate ${id}: ${opinionInWords(opinion, opinions.size, space)}`];
  });
}

/** SynFlow can have twenty digits. */
function proxyCell(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  return Math.abs(value) >= 1e6 ? value.toExponential(2) : value.toFixed(1);
}

function frontTable(
  front: readonly EvaluatedCandidate[],
  settings: SearchSettings,
  figures: ReturnType<typeof figuresByCandidate>,
): string {
  const { score: ranked, termCap } = settings;
  const [zico, relative] = [needsZico(ranked), isRelative(ranked)];
  const periods = periodsOf(settings);
  const asked = proxyNames.filter(
    (name) =>
      (name !== ranked || ranked === 'synflow') &&
      front.some(({ score: { facts } }) => facts?.proxies[proxies[name].key]),
  );
  return table(
    [
      { title: 'id' },
      { title: 'genotype', align: 'left' },
      { title: `${objectiveLabel(ranked)}${zico && termCap !== null ? `, cap ${termCap}` : ''}` },
      ...(zico ? [{ title: 'ZiCo' }, { title: 'bias' }] : []),
      ...asked.map((name) => ({ title: proxies[name].label })),
      { title: front.some(isEstimated) ? 'estimated ms' : 'latency ms' },
      { title: 'MACs' },
      { title: 'parameters' },
      { title: periods.title.toLowerCase() },
    ],
    front.map((candidate) => [
      String(candidate.id),
      candidate.genotype,
      figures.get(candidate)?.toFixed(relative ? 1 : 2) ?? '-',
      ...(zico
        ? [candidate.score.zico?.toFixed(2) ?? '-', candidate.score.bias?.toFixed(2) ?? '-']
        : []),
      ...asked.map((name) => proxyCell(candidate.score.facts?.proxies[proxies[name].key]?.value)),
      latencyCell(candidate),
      abbreviated(candidate.macs),
      integer(candidate.parameters),
      periods.of(candidate.generation),
    ]),
  );
}
