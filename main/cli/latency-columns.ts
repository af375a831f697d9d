/** What a table of measured models says of each. */
import { integer } from '../common/figures.ts';
import { boundsLabels, type LatencyBounds } from '../common/latency-bounds.ts';
import { placementInWords, placementWarning } from '../common/placement.ts';
import { boundsOf } from '../latency/bounds.ts';
import type { MeasuredModelFile } from '../measure-model/measure-model.ts';
import type { MeasuredOnPhone } from '../measure-model/measure-on-phone.ts';
import type { ModelColumn } from './several-models.ts';
import { abbreviated } from './table.ts';

export type MeasuredFile = MeasuredModelFile | MeasuredOnPhone;

export const msOf = (measured: MeasuredFile): number =>
  'latency' in measured ? measured.latency.latencyMs : measured.measurement.medianMs;

/** Within which durations it lies, by what is known of its error. */
function boundsOfMeasured(measured: MeasuredFile): LatencyBounds | null {
  if ('latency' in measured) return boundsOf(measured.latency);
  const { medianMs, intervalMs, unsteady } = measured.measurement;
  const conditions = { interval: { ms: intervalMs }, phone: { intervalMs, unsteady } };
  return boundsOf({ latencyMs: medianMs, conditions });
}

const boundColumn = (title: string, key: 'lowMs' | 'highMs'): ModelColumn<MeasuredFile> => ({
  ...{ title, key },
  value: (m) => boundsOfMeasured(m)?.[key] ?? null,
  words: (m) => boundsOfMeasured(m)?.[key].toPrecision(4) ?? '-',
});

const basisWords = (measured: MeasuredFile): string => {
  const bounds = boundsOfMeasured(measured);
  return bounds === null ? '-' : boundsLabels[bounds.basis];
};

export const latencyColumns: readonly ModelColumn<MeasuredFile>[] = [
  { title: 'ms', key: 'latencyMs', value: msOf, words: (m) => msOf(m).toPrecision(4) },
  {
    ...{ title: '90 %', key: 'p90Ms' },
    value: (m) => ('latency' in m ? m.latency.p90Ms : m.measurement.p90Ms),
    words: (m) => ('latency' in m ? m.latency.p90Ms : m.measurement.p90Ms).toPrecision(4),
  },
  boundColumn('from', 'lowMs'),
  boundColumn('to', 'highMs'),
  {
    ...{ title: 'which is', key: 'bounds', words: basisWords },
    value: (m) => boundsOfMeasured(m)?.basis ?? null,
  },
  { title: 'input', key: 'input', value: (m) => m.input.join('x') },
  {
    ...{ title: 'parameters', key: 'parameters' },
    ...{ value: (m) => m.parameters, words: (m) => integer(m.parameters) },
  },
  {
    ...{ title: 'MACs', key: 'macs', value: (m) => m.macs },
    words: (m) => (m.macs === null ? '-' : abbreviated(m.macs)),
  },
  {
    ...{ title: 'precision', key: 'precision' },
    value: (m) => ('latency' in m ? m.latency.conditions : m.measurement.runner).precision,
  },
];

/** Of phones: where the nodes ran. */
export const placementColumn: ModelColumn<MeasuredFile> = {
  ...{ title: 'ran on', key: 'placement' },
  value: (m) => ('latency' in m ? null : placementOf(m)),
};

/** In words, with the warning where much ran elsewhere. */
function placementOf({ measurement: { placement } }: MeasuredOnPhone): string | null {
  if (!placement) return null;
  const warning = placementWarning(placement);
  return `${placementInWords(placement)}${warning === null ? '' : `. ${warning}`}`;
}
