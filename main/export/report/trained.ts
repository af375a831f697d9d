/** The part of a report about trained models: what became of candidates, and how the scores ordered them. */
import { againstTruth, type TrainedGroup } from '../../analysis/trained-scores.ts';
import type { Candidate } from '../../run/candidate.ts';
import type { RunInfo } from '../../run/run-store.ts';
import type { TrainedLatency, TrainedModel } from '../../run/trained-model.ts';
import { escaped, htmlTable } from './html.ts';

interface Source {
  readonly info: RunInfo;
  readonly candidates: readonly Candidate[];
  readonly trained: readonly TrainedModel[];
}

/** Empty where no model is attached. */
export function trainedModels({ info, candidates, trained }: Source): string {
  if (trained.length === 0) return '';
  const byId = new Map(candidates.map((one) => [one.id, one]));
  const columns = [
    { title: 'Candidate', number: true },
    { title: 'Accuracy', number: true },
    ...[{ title: 'Metric' }, { title: 'Data' }],
    { title: 'ms in the search', number: true },
    { title: 'ms, float32', number: true },
    { title: 'ms, int8', number: true },
    { title: 'Measured on' },
  ];
  const ms = (latency: Pick<TrainedLatency, 'latencyMs'> | null) =>
    latency === null ? '–' : latency.latencyMs.toFixed(3);
  const rows = trained.map(({ candidate, accuracy, metric, data, latencies, newHead }) => {
    const stored = byId.get(candidate);
    const { float32, int8 } = latencies;
    return [
      ...[candidate, `${accuracy} %`, metric],
      newHead === null ? data : `${data} (last layer anew, ${newHead} outputs)`,
      ms(stored?.status === 'evaluated' ? stored.latency : null),
      ...[ms(float32), ms(int8), (float32 ?? int8)?.conditions.device ?? '–'],
    ];
  });
  const groups = againstTruth(candidates, trained, info.settings);
  return `<section>
<h2>Trained</h2>
<div class="scroll">${htmlTable(columns, rows)}</div>
${groups.map(orderInWords).join('\n')}
</section>`;
}

function orderInWords({ metric, data, scores }: TrainedGroup): string {
  if (scores.length === 0) return '';
  const value = (correlation: number | null) => correlation?.toFixed(3) ?? '–';
  const columns = [
    { title: 'Score' },
    { title: 'networks', number: true },
    { title: 'Kendall τ-b', number: true },
    { title: 'Spearman', number: true },
  ];
  const rows = scores.map((one) => [
    ...[one.label, one.networks],
    ...[value(one.kendall), value(one.spearman)],
  ]);
  return `<p>${escaped(`How the scores order them by ${metric} on ${data}:`)}</p>
${htmlTable(columns, rows)}`;
}
