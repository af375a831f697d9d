/** One queue for several phones, with sessions that a test decides. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WorkbenchError } from '../../../../main/errors.ts';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { LatencySourceLost } from '../../../../main/latency/latency.ts';
import type { RunnerIdentity } from '../../../../main/common/phones.ts';
import {
  PhoneLatencySource,
  type KeptRunner,
  type PhoneLatencyOptions,
  type PooledPhone,
} from '../../../../main/phone/pool/phone-latency.ts';
import type { PhoneRunner } from '../../../../main/phone/runners/runner.ts';
import { FakeSession, identity, measurementOf, runner } from '../../../support/fake-measuring.ts';

let source: PhoneLatencySource | null = null;
afterEach(() => source?.close());

/** A network that differs from others by its width. */
function network(width: number): Graph {
  const builder = new GraphBuilder();
  const image = builder.image('image', [3, 8, 8]);
  const conv = { inChannels: 3, outChannels: width, kernel: 3 };
  return builder.build('network', [builder.conv('stem', image, conv)]);
}

interface FakePhone extends PooledPhone {
  readonly measured: string[];
}

function phone(
  serial: string,
  { ms = 1, as = runner, fails = null as WorkbenchError | null, away = false } = {},
): FakePhone {
  const measured: string[] = [];
  return {
    ...{ serial, identity, measured },
    ready: async () => (away ? null : { serial, state: 'ready' }),
    async open() {
      return new FakeSession(async (models) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        if (fails) throw fails;
        measured.push(...models.map(({ sha256 }) => sha256));
        return models.map(({ sha256 }) => measurementOf(sha256));
      }, as);
    },
  };
}

const model = { format: 'onnx', precision: 'float32' } as const;

function open(
  phones: readonly PooledPhone[],
  options: Partial<PhoneLatencyOptions> = {},
): PhoneLatencySource {
  return (source = new PhoneLatencySource({
    ...{ phones, model, runners: () => [], kept: null, together: 1, awayMs: 200, pauseMs: 5 },
    ...options,
  }));
}

const gone = new WorkbenchError('phone-gone', 'It is gone.', 'Plug it in.');

describe('latencies of phones', () => {
  it('share the work, measure nothing twice, and say which phone it was', async () => {
    const phones = [phone('A1', { ms: 10 }), phone('A2', { ms: 10 })];
    const pool = open(phones);
    const widths = [8, 16, 24, 8, 32, 16];
    const all = await Promise.all(widths.map((width) => pool.measure(network(width))));
    expect(phones[0]!.measured.length + phones[1]!.measured.length).toBe(4);
    expect(phones.every(({ measured }) => measured.length > 0)).toBe(true);
    expect(all[3]).toEqual(all[0]);
    const by = new Map(phones.flatMap(({ serial, measured }) => measured.map((m) => [m, serial])));
    for (const { conditions, measurement } of all) {
      expect(conditions.phone?.serial).toBe(by.get(measurement!.sha256));
    }
    expect(all[0]!.conditions).toMatchObject({
      ...{ source: 'phone', device: 'SM-G973F, Exynos 9820, Android 12', runner: 'fake' },
      phone: { serialNumber: 'R58M0', engine: 'fake-engine', mask: 0x80 },
    });
  });

  it('go on with one phone while another is lost', async () => {
    const phones = [phone('A1', { fails: gone }), phone('A2', { ms: 5 })];
    const pool = open(phones, { awayMs: 60_000 });
    const all = await Promise.all([8, 16, 24].map((width) => pool.measure(network(width))));
    expect(all.map(({ conditions }) => conditions.phone?.serial)).toEqual(['A2', 'A2', 'A2']);
  });

  it('are lost for good only when no phone is left', async () => {
    const pool = open([phone('A1', { away: true }), phone('A2', { away: true })]);
    const lost = await pool.measure(network(8)).catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(LatencySourceLost);
    expect(lost).toMatchObject({ code: 'phone-gone' });
  });

  it('come from one runner: the first phone that proves one decides for all', async () => {
    const asked: (string | null)[] = [];
    const runners = (name: string | null): readonly PhoneRunner[] => {
      asked.push(name);
      return [];
    };
    const pool = open([phone('A1'), phone('A2')], { runners });
    await Promise.all([8, 16, 24, 32].map((width) => pool.measure(network(width))));
    expect(asked[0]).toBeNull();
    expect(asked.slice(1).every((name) => name === 'fake')).toBe(true);
  });

  it('of a resumed run keep to its runner, and refuse another version of it', async () => {
    const kept: KeptRunner = {
      ...{ name: 'fake', engine: 'fake-engine', version: '1', precision: 'float32' },
    };
    const newer: RunnerIdentity = { ...runner, version: '2' };
    const same = open([phone('A1')], { kept });
    await same.measure(network(8));
    await same.close();
    const pool = open([phone('A1', { as: newer })], { kept });
    await expect(pool.measure(network(8))).rejects.toMatchObject({ code: 'runner-contradicts' });
  });

  it('of a resumed run are taken from it where the same model was measured before', async () => {
    const first = open([phone('A1')]);
    const before = await first.measure(network(8));
    await first.close();
    const again = phone('A1');
    let read = 0;
    const earlier = () => {
      read += 1;
      return Promise.resolve(new Map([[before.measurement!.sha256, before]]));
    };
    const pool = open([again], { earlier });
    expect(await pool.measure(network(8))).toBe(before);
    await pool.measure(network(16));
    expect(again.measured).toHaveLength(1);
    expect(read).toBe(1);
  });

  it('that are given up leave the queue, and closing ends everything', async () => {
    let closed = 0;
    const pool = open([phone('A1', { ms: 50 })], { onClose: async () => void (closed += 1) });
    const first = pool.measure(network(8));
    const abort = new AbortController();
    const second = pool.measure(network(16), abort.signal);
    abort.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    await first;
    const third = pool.measure(network(24));
    third.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await pool.close();
    source = null;
    expect(closed).toBe(1);
  });

  it('tell of all their phones together', async () => {
    let last: readonly string[] = [];
    const pool = open([phone('A1'), phone('A2')], {
      onActivity: (phones) => (last = phones.map(({ serial }) => serial)),
    });
    await Promise.all([8, 16].map((width) => pool.measure(network(width))));
    expect(new Set(last)).toEqual(new Set(['A1', 'A2']));
  });

  it('hold no more files than a phone measures together, however many wait', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-waiting-'));
    vi.stubEnv('TMPDIR', folder);
    let most = 0;
    const pool = open(
      [
        {
          ...phone('A1'),
          open: async () =>
            new FakeSession(async (models) => {
              most = Math.max(most, readdirSync(folder, { recursive: true }).length);
              return models.map(({ sha256 }) => measurementOf(sha256));
            }),
        },
      ],
      { together: 2 },
    );
    const widths = Array.from({ length: 12 }, (_, i) => 8 + i);
    await Promise.all(widths.map((width) => pool.measure(network(width))));
    expect(most).toBe(3); // a folder and two models
    expect(readdirSync(folder)).toEqual([]);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
});
