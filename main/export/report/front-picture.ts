/** Score against cost of every scored network, with the front as a line: part of the report, and a file of its own. */
import { boundsOf, isDoubtful } from '../../latency/bounds.ts';
import type { Latency } from '../../latency/latency.ts';
import type { Candidate, CandidateId } from '../../run/candidate.ts';
import { objectiveAsText, objectiveLabel } from '../../common/objectives.ts';
import { costOf, figuresByCandidate, type Ranking } from '../../run/ranking.ts';
import { scatter, type ChartPoint } from './chart.ts';
import { shortened } from './html.ts';

/**
 * @param chosen candidates to highlight
 * @returns the drawing, and how many networks it shows
 */
export function frontPicture(
  candidates: readonly Candidate[],
  ranking: Ranking,
  onFront: ReadonlySet<CandidateId>,
  chosen: ReadonlySet<CandidateId>,
): { readonly svg: string; readonly shown: number } {
  const figures = figuresByCandidate(candidates, ranking);
  const points = candidates.flatMap((one): ChartPoint[] => {
    if (one.status === 'failed') return [];
    const cost = costOf(one, ranking);
    if (cost === null) return [];
    const score = figures.get(one)!;
    const kind = chosen.has(one.id) ? 'chosen' : onFront.has(one.id) ? 'front' : 'other';
    return [
      {
        x: cost,
        y: score,
        kind,
        onFront: onFront.has(one.id),
        ...(ranking.cost === 'latency' && one.latency && errorOf(one.latency)),
        label: `${one.id}: ${one.genotype}, score ${score.toFixed(1)}`,
      },
    ];
  });
  const latency = ranking.cost === 'latency';
  const x = {
    title: latency ? 'Latency in ms (logarithmic)' : 'Multiply-accumulates (logarithmic)',
    log: true,
    format: (value: number) => (latency ? String(Number(value.toPrecision(3))) : shortened(value)),
  };
  const name = objectiveLabel(objectiveAsText(ranking.parts));
  const beta = ranking.parts.includes('zico-bc') ? `, β ${ranking.beta}` : '';
  const y = { title: `${name}${beta}`, format: String };
  const svg = scatter(points, x, y, 'Score against cost of every scored network');
  return { svg, shown: points.length };
}

/** Bounds of the latency as the drawing takes them. */
function errorOf(latency: Latency): Pick<ChartPoint, 'error' | 'doubtful'> {
  const bounds = boundsOf(latency);
  if (bounds === null) return {};
  return { error: [bounds.lowMs, bounds.highMs], doubtful: isDoubtful(latency) };
}

const look = `<style>
svg { background: #fff; font-family: Inter, system-ui, sans-serif; }
text { font-size: 11px; fill: #5b636d; } .end { text-anchor: end; } .middle { text-anchor: middle; }
path, polyline { fill: none; } .grid { stroke: #e4e7ea; } .axis, .tick { stroke: #5b636d; }
circle.other { fill: #9aa7b5; } circle.front { fill: #15181c; } circle.chosen { fill: #d97706; }
polyline.front { stroke: #15181c; }
path.error { stroke: #5b636d; } path.doubtful { stroke-dasharray: 3 3; }
</style>`;

/** Makes a drawing of this folder a self-contained file. */
export function asSvgFile(svg: string): string {
  return svg.replace(/^<svg ([^>]*)>/, (_, attributes: string) => {
    return `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${look}`;
  });
}
