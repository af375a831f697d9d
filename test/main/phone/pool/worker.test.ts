import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../../main/errors.ts';
import type { PhoneListing } from '../../../../main/phone/adb/listing.ts';
import type { PhoneActivity } from '../../../../main/common/phone-activity.ts';
import { MeasuringQueue } from '../../../../main/phone/pool/queue.ts';
import { PhoneWorker } from '../../../../main/phone/pool/worker.ts';
import {
  failureOf,
  FakeSession,
  identity,
  measurementOf,
  modelNamed,
} from '../../../support/fake-measuring.ts';
import { goodConditions } from '../../../support/phone-conditions.ts';

let queue: MeasuringQueue;
let end: AbortController;
let heard: PhoneActivity[];
let givenUp: WorkbenchError[];
/** One for each time a session is opened; the last one serves all that follow. */
let sessions: (FakeSession | WorkbenchError)[];
let opened: number;
let measuring: boolean;
let kept: (readonly string[])[];
let listing: PhoneListing | null;
let working: Promise<void>;

beforeEach(() => {
  queue = new MeasuringQueue();
  end = new AbortController();
  heard = [];
  givenUp = [];
  sessions = [];
  opened = 0;
  kept = [];
  listing = { serial: 'A1', state: 'ready' };
});
afterEach(async () => {
  end.abort();
  await working;
});

const gone = () => new WorkbenchError('phone-gone', 'It is gone.', 'Plug it in.');
const good = () =>
  new FakeSession(async (models) => models.map(({ sha256 }) => measurementOf(sha256)));

function work(awayMs = 10_000, together = 4): PhoneWorker {
  const worker = new PhoneWorker({
    ...{ serial: 'A1', identity, queue, together, awayMs, pauseMs: 1, signal: end.signal },
    async open(keep) {
      kept.push(keep);
      const next = sessions[Math.min(opened++, sessions.length - 1)]!;
      if (next instanceof WorkbenchError) throw next;
      return next;
    },
    ready: async () => listing,
    onActivity: (activity) => heard.push(activity),
    onGivenUp: (error) => {
      givenUp.push(error);
      queue.lose(error);
    },
  });
  working = worker.run();
  return worker;
}

describe('the worker of a phone', () => {
  it('opens one session, measures some models together and tells what it does', async () => {
    const sizes: number[] = [];
    const session = new FakeSession(async (models, onEvent) => {
      sizes.push(models.length);
      const { sha256 } = models[0]!;
      onEvent({ kind: 'running', sha256, repeat: 0, conditions: goodConditions });
      return models.map((model, i) =>
        model.sha256 === 'e' ? failureOf('e', 'runner-killed') : measurementOf(model.sha256, i),
      );
    });
    sessions = [session];
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => queue.measure(modelNamed(name)));
    work(10_000, 4);
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status)).toEqual([
      ...Array<string>(4).fill('fulfilled'),
      'rejected',
    ]);
    expect(sizes).toEqual([4, 1]);
    expect(opened).toBe(1);
    expect(heard.map(({ state }) => state)).toContain('starting');
    expect(heard.at(-1)).toMatchObject({
      ...{ state: 'idle', queued: 0, measured: 4, failed: 1, lastMs: 3, recentMs: [0, 1, 2, 3] },
      ...{ model: 'SM-G973F', conditions: goodConditions },
    });
    end.abort();
    await working;
    expect(session.end).toBe('closed');
  });

  it('puts back what it had begun when its phone is lost, and goes on with a new session', async () => {
    let times = 0;
    const lost = new FakeSession(async () => {
      times += 1;
      throw gone();
    });
    sessions = [lost, good()];
    const measuring = queue.measure(modelNamed('a'));
    work();
    expect((await measuring).measurement.sha256).toBe('a');
    expect(times).toBe(1);
    expect(lost.end).toBe('abandoned');
    expect(kept).toEqual([[], ['a']]); // what lies on the phone already is not pushed again
    expect(heard.find(({ state }) => state === 'away')).toMatchObject({
      message: 'It is gone.',
      hint: 'Plug it in.',
      limitMs: 10_000,
    });
    expect(givenUp).toEqual([]);
  });

  it('says what the phone waits for, with the limit', async () => {
    const session = new FakeSession(async (models, onEvent) => {
      const hot = { reason: 'hot', message: 'It is hot.', waitedMs: 5, limitMs: 60 } as const;
      onEvent({ kind: 'waiting', ...hot, conditions: goodConditions });
      return models.map(({ sha256 }) => measurementOf(sha256));
    });
    sessions = [session];
    const measuring = queue.measure(modelNamed('a'));
    work();
    await measuring;
    expect(heard.find(({ state }) => state === 'waiting')).toMatchObject({
      ...{ message: 'It is hot.', waitedMs: 5, limitMs: 60, conditions: goodConditions },
      hint: expect.stringContaining('cool') as string,
    });
  });

  it.each(['phone-hot', 'phone-throttled', 'phone-battery-low', 'phone-asleep', 'phone-locked'])(
    'gives up after the wait that ended with %s: nobody waits twice',
    async (code) => {
      sessions = [
        new FakeSession(async () => {
          throw new WorkbenchError(code, 'It did not change.', 'Do something.');
        }),
      ];
      const measuring = queue.measure(modelNamed('a'));
      const worker = work();
      await expect(measuring).rejects.toMatchObject({ code });
      expect(worker.givenUp).toBe(true);
    },
  );

  it('gives up when the phone has been away for its limit, and not before', async () => {
    sessions = [good()];
    listing = null;
    const begun = performance.now();
    const measuring = queue.measure(modelNamed('a'));
    const worker = work(150);
    await expect(measuring).rejects.toMatchObject({ code: 'phone-gone' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(140);
    expect(worker.givenUp).toBe(true);
    expect(opened).toBe(0);
  });

  it('gives up at once where no runner ever worked, and not where one did', async () => {
    const none = new WorkbenchError('no-runner', 'None works.', 'Build one.');
    sessions = [none];
    const measuring = queue.measure(modelNamed('a'));
    work();
    await expect(measuring).rejects.toMatchObject({ code: 'no-runner' });
    end.abort();
    await working;
    // The disk may have been full for a moment: it worked before.
    end = new AbortController();
    queue = new MeasuringQueue();
    givenUp = [];
    opened = 0;
    const lost = new FakeSession(async () => {
      throw gone();
    });
    sessions = [lost, none, none, good()];
    const again = queue.measure(modelNamed('a'));
    work();
    expect((await again).measurement.sha256).toBe('a');
    expect(givenUp).toEqual([]);
  });

  it('comes back to work after it was given up', async () => {
    sessions = [good()];
    listing = null;
    const worker = new PhoneWorker({
      ...{ serial: 'A1', identity, queue, together: 4, awayMs: 20, pauseMs: 1, signal: end.signal },
      open: async () => good(),
      ready: async () => listing,
      onActivity: () => undefined,
      onGivenUp: () => (listing = { serial: 'A1', state: 'ready' }), // another phone went on
    });
    const measuring = queue.measure(modelNamed('a'));
    working = worker.run();
    expect((await measuring).measurement.sha256).toBe('a');
    await new Promise((resolve) => setImmediate(resolve));
    expect(worker.givenUp).toBe(false);
  });

  it.each([
    ['in the middle of a measurement', () => measuring],
    ['while the model becomes a file', () => opened > 0],
  ])('ends when it is told to, %s', async (_, reached) => {
    measuring = false;
    sessions = [
      new FakeSession((_models, __, signal) => {
        measuring = true;
        return new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
        });
      }),
    ];
    void queue.measure(modelNamed('a')).catch(() => undefined);
    work();
    while (!reached()) await new Promise((resolve) => setTimeout(resolve, 1));
    end.abort();
    await working;
    expect(queue.waiting).toBe(1);
  });
});
