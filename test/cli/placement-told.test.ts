/** Where the nodes of a network ran on a phone is told beside its latency, wherever that stands outside the window. */
import { describe, expect, it } from 'vitest';
import { candidateRows } from '../../main/workbench/candidate-rows.ts';
import { inPieces } from '../../main/cli/search-report.ts';
import { readablePhone } from '../../main/cli/phone-options.ts';
import type { Placement } from '../../main/common/placement.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import type { MeasuredOnPhone } from '../../main/measure-model/measure-on-phone.ts';
import type { EvaluatedCandidate } from '../../main/run/candidate.ts';
import { fakeCandidate } from './fake-workbench.ts';

const settings = {
  ...defaultSearchSettings,
  space: 'nats-sss',
  latency: 'phone' as const,
  seed: 4,
};
const divided: Placement = {
  ...{ on: 'nnapi', nodes: 87, placed: 53, pieces: 17 },
  elsewhere: [{ kind: 'Resize', count: 3 }],
};
const whole: Placement = { ...divided, placed: 87, pieces: 1, elsewhere: [] };

function measuredOn(id: number, placement: Placement | null): EvaluatedCandidate {
  const candidate = fakeCandidate(id, settings, false) as EvaluatedCandidate;
  const phone = {
    ...{ serial: 'one', serialNumber: null, model: 'A Phone', chip: null, android: '14' },
    ...{ engine: 'onnxruntime', provider: 'nnapi', mask: 128, intervalMs: null, unsteady: [] },
    ...{ placement, correctedMs: null },
  };
  const conditions = {
    source: 'phone',
    ...{ device: 'A Phone', runner: 'ort-android', engineVersion: '1' },
    ...{ precision: 'int8', threads: 1, warmUp: 3, runs: 20, phone },
  } as const;
  return { ...candidate, latency: { latencyMs: 4, p90Ms: 5, minMs: 3, runsMs: [4], conditions } };
}

describe('where nodes of a phone ran', () => {
  it('stands in the rows of all candidates', () => {
    const candidates = [measuredOn(1, divided), measuredOn(2, whole), measuredOn(3, null)];
    const info = { settings } as Parameters<typeof candidateRows>[0]['info'];
    const rows = candidateRows(
      { info, candidates, extras: [], trained: [], withoutDigest: 0 },
      null,
    );
    expect(rows.map(({ latencyPlacement }) => latencyPlacement)).toEqual([
      '53 of 87 nodes on nnapi, in 17 pieces; elsewhere: Resize (3)',
      'all 87 nodes on nnapi, in 1 piece',
      null,
    ]);
  });

  it('is told at the end of a search where it costs time', () => {
    expect(inPieces([measuredOn(1, divided), measuredOn(2, whole), measuredOn(3, null)])).toEqual([
      'Candidate 1: 53 of 87 nodes on nnapi, in 17 pieces; elsewhere: Resize (3). Much of this network did not run on nnapi: handing values over takes time, and the CPU alone may be faster.',
    ]);
  });

  it('follows the figure of a measured model, with the warning', () => {
    const measurement = {
      ...{ medianMs: 4, intervalMs: null, p90Ms: 5, minMs: 3, unsteady: [], repeats: [] },
      runner: { name: 'ort', engine: 'onnxruntime', version: '1', precision: 'int8', refused: [] },
      ...{ settings: { threads: 1, runs: 20, warmUp: 3 }, cores: { cores: [7], mask: 128 } },
      placement: divided,
    };
    const measured = {
      ...{ model: 'a.onnx', serial: 'one', measurement, input: [3, 32, 32] },
      ...{ parameters: 1, macs: 1 },
    } as unknown as MeasuredOnPhone;
    const lines = readablePhone(measured).split('\n');
    const at = lines.indexOf('53 of 87 nodes on nnapi, in 17 pieces; elsewhere: Resize (3)');
    expect(at).toBeGreaterThan(0);
    expect(lines[at + 1]).toMatch(/^warning: Much of this network did not run on nnapi/);
  });
});
