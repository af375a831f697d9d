import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { phoneLatencyOf } from '../../../../main/electron/phone-latency.ts';
import { boundsOf } from '../../../../main/latency/bounds.ts';
import { latencyOf } from '../../../../main/phone/pool/phone-latency.ts';
import type { PhoneMeasurement } from '../../../../main/latency/phone-measurement.ts';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { measurementWith } from '../../../support/phone-measurement.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const identity = {
  ...{ serialNumber: 'R58M', model: 'SM-G973F', chip: 'Exynos 9820', android: '12' },
  ...{ sdk: 31, abi: 'arm64-v8a', clusters: [] },
};

/** The page of a candidate that a phone measured. */
async function open(changes: Partial<PhoneMeasurement> = {}) {
  const bridge = new FakeBridge([
    fakeRun({ run: 'demo', state: 'stopped', candidates: 8, settings: { latency: 'phone' } }),
  ]);
  const latency = latencyOf({ measurement: measurementWith(changes), serial: 'R58M', identity });
  const phone = phoneLatencyOf(latency);
  const { latencyMs, p90Ms, minMs, runsMs } = latency;
  const bounds = boundsOf(latency);
  const figures = { latencyMs, p90Ms, minMs, runsMs: [...runsMs], bounds, phone, unsteady: [] };
  const plain = new FakeBridge([...bridge.runs]);
  bridge.overrides['runs.candidate'] = ({ run, id }) => {
    const row = plain.find(run).rows.find((one) => one.id === id);
    if (!row) throw new Error('no such candidate');
    return {
      ...{ row: { ...row, latencyMs }, layers: [], termCap: 100, losses: [], scoringSeconds: 1 },
      facts: null,
      engine: { name: 'onnxruntime', version: '1.30.0', threads: 1 },
      latency: { ...figures, conditions: 'Median of 5 runs.' },
    };
  };
  bridge.overrides['candidate.measureAgain'] = () => ({
    ...{ ...figures, latencyMs: 80.1, conditions: 'Median of 5 runs.', sameConditions: true },
  });
  location.hash = '#/run/demo/3';
  render(App, { workbench: new WorkbenchShell(bridge) });
  return { bridge };
}
const aside = () => screen.findByRole('complementary', { name: 'Selected candidate' });

describe('a candidate that a phone measured', () => {
  it('shows interval, p90, least, steadiness, and drift apart from the median', async () => {
    await open();
    const panel = within(await aside());
    await panel.findByText(/79\.320 to 79\.620/);
    expect(panel.getByText('steady')).toBeTruthy();
    expect(panel.getByText('p90').textContent).toMatch(/81\.200/);
    expect(panel.getByText('Drift-corrected').parentElement?.textContent).toMatch(/77\.810\s*ms/);
    expect(panel.getByText(/A reference model took 2\.0 % more than at the start/)).toBeTruthy();
  });

  it('names the runner, and that no real phone has run it', async () => {
    await open();
    const panel = within(await aside());
    const runner = await panel.findByText(/ort-android-cpu: onnxruntime 1\.29\.0 on CPU, float32/);
    expect(within(runner).getByText('unverified on hardware')).toBeTruthy();
  });

  it('shows every repeat with the state of the phone, and why one does not count', async () => {
    await open();
    const panel = within(await aside());
    const first = await panel.findByRole('group', { name: 'Repeat 1' });
    expect(first.textContent).toMatch(/79\.400\s*ms\s*counts/);
    expect(first.textContent).toMatch(
      /31\.2 to 31\.9 °C, 2\.73 GHz, thermal status 0, charging, USB, screen on/,
    );
    const second = panel.getByRole('group', { name: 'Repeat 2' });
    expect(second.textContent).toMatch(/Android reported heat/);
    expect(second.textContent).toMatch(/2\.73 to 2\.31 GHz/);
  });

  it('marks what never became steady', async () => {
    await open({ unsteady: ['medians-drift'], drift: null });
    const panel = within(await aside());
    await panel.findByText('unsteady');
    expect(panel.getByText(/repeats were more than 5 % apart/)).toBeTruthy();
    expect(panel.queryByText('Drift-corrected')).toBeNull();
  });

  it('says of a single repeat that nothing is known of its error', async () => {
    await open({ intervalMs: null });
    const panel = within(await aside());
    await panel.findByText(/A single repeat/);
    expect(panel.queryByText('steady')).toBeNull();
  });

  it('can be measured again, with all that belongs to that', async () => {
    const { bridge } = await open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Measure again' }));
    const panel = within(await aside());
    await panel.findByText(/Now 80\.100 ms; the run has/);
    expect(panel.getAllByRole('group', { name: 'Repeat 1' })).toHaveLength(2);
    expect(bridge.calls.some(({ method }) => method === 'candidate.measureAgain')).toBe(true);
  });
});
