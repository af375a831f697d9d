/** The part of a report about depth and width: what ZiCo and its correction prefer. */
import { plural } from '../../common/figures.ts';
import type { BiasAnalysis } from '../../analysis/bias.ts';
import type { MeanShape } from '../../common/network-shape.ts';
import type { Periods } from '../../common/periods.ts';
import { shareLines } from './chart.ts';
import { escaped, htmlTable, percentOrDash } from './html.ts';

export function biasSection(analysis: BiasAnalysis, periods: Periods): string {
  const { plain, curve, suggestion, kept, depth, width, generations } = analysis;
  const columns = [
    { title: 'Front of' },
    { title: 'networks', number: true },
    { title: 'depth', number: true },
    { title: 'width', number: true },
    { title: 'at maximum depth', number: true },
  ];
  const cells = (name: string, shape: MeanShape) => [
    name,
    shape.networks,
    percentOrDash(shape.depth),
    percentOrDash(shape.width),
    percentOrDash(shape.atMaximumDepth),
  ];
  const lines = [
    { name: 'mean depth', kind: 'one', values: curve.map((at) => at.depth) },
    { name: 'mean width', kind: 'two', values: curve.map((at) => at.width) },
    { name: 'at maximum depth', kind: 'three', values: curve.map((at) => at.atMaximumDepth) },
  ];
  const ranges = [['Depth', depth] as const, ['Width', width] as const].map(([name, range]) =>
    range === null
      ? `${name}: the space has no such measure.`
      : range.fixed
        ? `${name}: every network of the space has ${range.most} ${range.unit}.`
        : `${name}: 0 % is ${range.least}, 100 % is ${range.most} (${range.unit}).`,
  );
  const last = generations.slice(-1).map((at) => cells(periods.named(at.generation), at));
  const first = generations
    .slice(0, 1)
    .map((at) => cells(`${periods.named(0)} (${periods.withoutParents})`, at));
  return `<section>
<h2>Bias</h2>
<div class="columns">
<div>
${htmlTable(columns, [cells('ZiCo', plain.shape), cells(`ZiCo-BC, β ${analysis.front.beta}`, analysis.front.shape), ...first, ...(generations.length > 1 ? last : [])])}
<p>${kept} of ${plural(plain.networks.length, 'network', 'networks')} on ZiCo’s front stay on it.</p>
<p>${suggestion.beta === null ? '' : `Suggested β: ${suggestion.beta}. `}${escaped(suggestion.evidence)}</p>
</div>
<figure style="margin: 0">
${shareLines(
  curve.map((at) => at.beta),
  lines,
  analysis.front.beta,
  'Depth and width of the front for rising beta',
)}
<figcaption>The front for rising β, the same networks ranked again. ${escaped(ranges.join(' '))}</figcaption>
</figure>
</div>
</section>`;
}
