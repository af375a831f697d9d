import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { Trials } from '../../../main/electron/trials.ts';
import type { Services } from '../../../main/electron/services.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';

let folder: string;
let turn: ComputeTurn;
/** What a trial comes to. */
let outcome: (signal: AbortSignal) => ReturnType<Services['scoringTrial']>;
let tried: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-trials-'));
  turn = new ComputeTurn();
  tried = 0;
  outcome = async () => ({ secondsPerCandidate: 0.25, networks: 4 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(): Trials {
  return new Trials({
    ...{ turn, file: path.join(folder, 'rates.json') },
    services: {
      productVersion: '0.0.0',
      describedSpace: spaceNamed,
      scoringTrial(_settings, _space, _session, signal) {
        tried++;
        return outcome(signal);
      },
    },
  });
}

const wanted = { settings: defaultSearchSettings };
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

describe('how long a candidate would take', () => {
  it('is tried once, and known from then on, in later sessions as well', async () => {
    const rate = { secondsPerCandidate: 0.25, networks: 4 };
    const trials = open();
    expect(await trials.rate(wanted)).toEqual(rate);
    expect(await trials.rate(wanted)).toEqual(rate);
    // Beta and the budget do not change it, the batches do.
    const alike = { settings: { ...defaultSearchSettings, beta: 3, candidates: 7 } };
    expect(await open().rate(alike)).toEqual(rate);
    expect(tried).toBe(1);
    await trials.rate({ settings: { ...defaultSearchSettings, batches: 3 } });
    expect(tried).toBe(2);
  });

  it('is not tried beside anything that computes, and gives way to it', async () => {
    const trials = open();
    const giveBack = turn.take('search');
    expect(await trials.rate(wanted)).toBeNull();
    expect(tried).toBe(0);
    giveBack();
    outcome = untilAborted;
    const trying = trials.rate(wanted);
    while (tried < 1) await new Promise((resolve) => setTimeout(resolve, 1));
    turn.take('search')();
    expect(await trying).toBeNull();
    // Nothing of it stands in the way of the next.
    outcome = async () => null;
    expect(await trials.rate(wanted)).toBeNull();
    expect(tried).toBe(2);
  });

  it('is given up for what was typed since, and when the app ends', async () => {
    const trials = open();
    outcome = untilAborted;
    const first = trials.rate(wanted);
    await Promise.resolve();
    const second = trials.rate({ settings: { ...defaultSearchSettings, batches: 3 } });
    expect(await first).toBeNull();
    while (tried < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    await trials.close();
    expect(await second).toBeNull();
  });

  it('is unknown where a network cannot be scored, and a fault of ours is told', async () => {
    outcome = () => Promise.reject(new WorkbenchError('x', 'No.', 'Why.'));
    expect(await open().rate(wanted)).toBeNull();
    outcome = () => Promise.reject(new TypeError('ours'));
    await expect(open().rate(wanted)).rejects.toThrow('ours');
  });

  it('is tried anew where the file is damaged', async () => {
    writeFileSync(path.join(folder, 'rates.json'), '{"not": "rates"');
    expect(await open().rate(wanted)).not.toBeNull();
    expect(tried).toBe(1);
  });
});
