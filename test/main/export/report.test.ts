// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { analyseBias } from '../../../main/analysis/bias.ts';
import { reportHtml } from '../../../main/export/report/report.ts';
import { runReportHtml } from '../../../main/export/report/run-report.ts';
import { summarise } from '../../../main/graph/summary.ts';
import type { TrainedModel } from '../../../main/run/trained-model.ts';
import type { CandidateId, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { fakeCandidate } from '../../cli/fake-workbench.ts';

/** What these tests need of the page; the compiler knows no window here. */
interface Part {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
}
interface Page {
  readonly body: Part;
  querySelector(selector: string): Part | null;
  querySelectorAll(selector: string): ArrayLike<Part> & Iterable<Part>;
}
declare const DOMParser: new () => { parseFromString(text: string, type: 'text/html'): Page };

const space = spaceNamed('nats-sss');
const settings = { ...defaultSearchSettings, latency: 'macs' as const, seed: 4, beta: 1.5 };
const info = {
  runId: 'run <1>',
  settings,
  dataDescription: 'images of <script>alert(1)</script> & more',
  productVersion: '0.1.0',
  createdAt: '2025-01-01T00:00:00Z',
  status: 'finished',
  elapsedSeconds: 60,
} as const;
const candidates = Array.from({ length: 30 }, (_, i) => fakeCandidate(i + 1, settings, i === 29));
const analysis = analyseBias(candidates, space, settings);
const chosen = candidates.find(
  ({ id }) => id === analysis.front.networks[1]!.id,
) as EvaluatedCandidate;
const html = (all = candidates, candidate = chosen, trained: readonly TrainedModel[] = []) =>
  reportHtml({
    trained,
    space,
    info,
    candidate,
    candidates: all,
    summary: summarise(space.decode(chosen.genotype)),
    analysis: analyseBias(all, space, settings),
    productVersion: '0.2.0',
  });
const page = (all = candidates) => new DOMParser().parseFromString(html(all), 'text/html');

describe('the report', () => {
  it('draws every scored candidate once, the front and the chosen one apart', () => {
    const circles = [...page().querySelectorAll('circle')];
    expect(circles).toHaveLength(29);
    const front = page().querySelectorAll('circle.front, circle.chosen');
    expect(front).toHaveLength(analysis.front.networks.length);
    expect(page().querySelector('circle.chosen title')?.textContent).toContain(chosen.genotype);
    const line = page().querySelector('polyline.front')?.getAttribute('points')?.split(' ');
    expect(line).toHaveLength(analysis.front.networks.length);
    for (const circle of circles) {
      const [x, y] = ['cx', 'cy'].map((name) => Number(circle.getAttribute(name)));
      expect(x).toBeGreaterThanOrEqual(64);
      expect(x).toBeLessThanOrEqual(704);
      expect(y).toBeGreaterThanOrEqual(12);
      expect(y).toBeLessThanOrEqual(296);
    }
  });

  it('says what the space fixes instead of a figure for it', () => {
    expect(page().body.textContent).toContain('every network of the space has 5 blocks');
    expect(page().body.textContent).not.toContain('Suggested β');
    expect(html()).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('warns where much of the chosen network did not run where it was to', () => {
    const placement = { on: 'nnapi', nodes: 87, placed: 53, pieces: 17, elsewhere: [] };
    const phone = {
      ...{ serial: 'one', serialNumber: null, model: null, chip: null, android: null },
      ...{ engine: 'onnxruntime', provider: 'nnapi', mask: 128, intervalMs: null, unsteady: [] },
      ...{ correctedMs: null, placement },
    };
    const conditions = {
      source: 'phone',
      ...{ device: 'A Phone', runner: 'ort-android', engineVersion: '1' },
      ...{ precision: 'int8', threads: 1, warmUp: 3, runs: 20, phone },
    } as const;
    const latency = { latencyMs: 4, p90Ms: 5, minMs: 3, runsMs: [4], conditions };
    const text = html(candidates, { ...chosen, latency });
    expect(text).toContain('53 of 87 nodes on nnapi, in 17 pieces');
    expect(text).toContain('the CPU alone may be faster');
    expect(html()).not.toContain('the CPU alone may be faster');
  });

  it('lists every layer and every setting', () => {
    const rows = page().querySelectorAll('section.layers tbody tr');
    expect(rows).toHaveLength(summarise(space.decode(chosen.genotype)).layers.length);
    for (const name of Object.keys(settings)) expect(page().body.textContent).toContain(name);
  });

  it('loads nothing from elsewhere and runs nothing', () => {
    const document = page();
    expect(document.querySelectorAll('script, link, img, iframe, object')).toHaveLength(0);
    expect(html()).not.toMatch(/https?:\/\/|url\(/);
    expect(document.body.textContent).toContain('<script>alert(1)</script> & more');
  });

  it('draws the front past a chosen network that is not on it', () => {
    const ids = new Set(analysis.front.networks.map(({ id }) => id));
    const off = candidates.find((one) => one.status === 'evaluated' && !ids.has(one.id));
    const html = reportHtml({
      space,
      info,
      candidate: off as EvaluatedCandidate,
      candidates,
      summary: summarise(space.decode(off!.genotype)),
      analysis,
      trained: [],
      productVersion: '0.2.0',
    });
    const points = /<polyline class="front" points="([^"]*)"/.exec(html)?.[1]!.split(' ');
    expect(points).toHaveLength(ids.size);
    expect(html).toContain('is not on the front');
  });

  it('holds the scores against what was trained', () => {
    const model = (id: number, accuracy: number): TrainedModel => ({
      ...{ candidate: id as CandidateId, digest: 'a'.repeat(64), name: 'x.onnx', newHead: null },
      ...{ accuracy, metric: 'top-1', data: '<b>flowers</b>', attachedAt: '' },
      latencies: { float32: null, int8: null },
    });
    const trained = [model(1, 50), model(2, 71.25), model(3, 60)];
    const text = new DOMParser().parseFromString(
      html(candidates, chosen, trained),
      'text/html',
    ).body;
    expect(text.textContent).toContain('71.25 %');
    expect(text.textContent).toContain('How the scores order them by top-1 on <b>flowers</b>:');
    expect(html(candidates, chosen, trained)).not.toMatch(/NaN|undefined|Infinity/);
    expect(html(candidates, chosen, trained.slice(1))).not.toContain('How the scores order');
    expect(html()).not.toContain('<h2>Trained</h2>');
  });

  it('draws how far the latencies of the front may be off, and says what that leaves open', () => {
    const measured = { ...settings, latency: 'host' as const };
    const of = (i: number, latencyMs: number, off: number, unsteady: readonly string[] = []) => {
      const one = candidates[i] as EvaluatedCandidate;
      const score = { ...one.score, zico: 100 + i, zicoCapped: 100 + i, bias: 1 };
      const ms = [latencyMs - off, latencyMs + off] as const;
      const conditions = {
        ...{ source: 'host' as const, device: 'a processor', runner: 'onnxruntime' },
        ...{ engineVersion: '1', precision: 'float32', threads: 1, warmUp: 3, runs: 40 },
        interval: { ms, asked: 0.05, reached: true },
        host: { repeats: 4, unsteady },
      };
      const latency = { latencyMs, p90Ms: latencyMs, minMs: latencyMs, runsMs: [], conditions };
      return { ...one, score, latency } as EvaluatedCandidate;
    };
    const all = [of(0, 10, 1), of(1, 10.5, 1), of(2, 20, 1), of(3, 30, 15, ['other-programs'])];
    const text = (chosenOne: EvaluatedCandidate) =>
      reportHtml({
        ...{ space, info: { ...info, settings: measured }, candidate: chosenOne },
        candidates: all,
        summary: summarise(space.decode(chosenOne.genotype)),
        ...{ analysis: null, productVersion: '0.2.0', trained: [] },
      });
    const first = text(all[0]!);
    expect(first.match(/<path class="error"/g)).toHaveLength(3);
    expect(first.match(/<path class="error doubtful"/g)).toHaveLength(1);
    expect(first).toContain('<dt>95 %</dt><dd>9.000 to 11.000 ms</dd>');
    expect(first).toContain('2 of 3 neighbours on the front have latencies that differ by less');
    expect(first).toContain(`from that of candidate ${all[1]!.id} on the front`);
    expect(first).not.toMatch(/NaN|undefined|Infinity/);
    const unsteady = text(all[3]!);
    expect(unsteady).toContain('<dt>Unsteady, at least</dt><dd>15.000 to 45.000 ms</dd>');
    expect(unsteady).toContain('It never became steady: other programs kept the computer busy.');
    // Without intervals nothing is said.
    const unknown = text({
      ...all[2]!,
      latency: {
        ...all[2]!.latency!,
        conditions: {
          ...all[2]!.latency!.conditions,
          interval: { ms: null, asked: null, reached: true },
        },
      },
    });
    expect(unknown).not.toContain('from that of candidate');
  });

  it('can be drawn of one candidate alone', () => {
    expect(page([chosen]).querySelectorAll('circle')).toHaveLength(1);
    expect(html([chosen])).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the report of a run', () => {
  const marks = [
    { candidate: chosen.id, starred: true, note: 'why <this>', name: 'small & quick' },
    { candidate: candidates[29]!.id, starred: false, note: 'it failed', name: '' },
  ];
  const whole = (noted = marks) =>
    new DOMParser().parseFromString(
      runReportHtml({
        ...{ name: 'A run', space, info, candidates, marks: noted, trained: [], analysis },
        ...{ tags: noted.length > 0 ? ['phone', '<paper>'] : [], productVersion: '0.2.0' },
      }),
      'text/html',
    );
  const heads = (of: Page) => [...of.querySelectorAll('h2')].map(({ textContent }) => textContent);

  it('holds front, chosen ones, notes, settings and conditions', () => {
    const report = whole();
    expect(heads(report)).toEqual(['Front', 'Chosen', 'Conditions', 'Bias', 'Settings']);
    const text = report.body.textContent ?? '';
    expect(text).toContain(`Candidate ${chosen.id}, small & quick`);
    expect(text).toContain('why <this>');
    expect(text).toContain('it failed');
    expect(text).toContain('phone, <paper>');
    expect(text).toMatch(/Scored by \w+/);
    expect(text).toContain('seed');
    expect(report.querySelectorAll('circle.chosen')).toHaveLength(1);
    const rows = report.querySelectorAll('section:first-of-type tbody tr');
    expect(rows).toHaveLength(analysis.front.networks.length);
    expect(report.querySelector('script, b')).toBeNull();
  });

  it('says nothing of notes where there are none', () => {
    const report = whole([]);
    expect(heads(report)).toEqual(['Front', 'Conditions', 'Bias', 'Settings']);
    expect(report.querySelectorAll('circle.chosen')).toHaveLength(0);
  });
});
