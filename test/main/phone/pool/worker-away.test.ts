import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { PhoneListing } from '../../../../main/phone/adb/listing.ts';
import type { MeasuringSession } from '../../../../main/phone/measurement.ts';
import type { PhoneActivity } from '../../../../main/common/phone-activity.ts';
import { MeasuringQueue } from '../../../../main/phone/pool/queue.ts';
import { modelNamed } from '../../../support/fake-measuring.ts';
import { PhoneWorker } from '../../../../main/phone/pool/worker.ts';

const identity = {
  ...{ serialNumber: 'R58M', model: 'SM-G973F', chip: 'Exynos 9820', android: '12' },
  ...{ sdk: 31, abi: 'arm64-v8a', clusters: [] },
};

/** A worker whose phone adb lists as the test says; nothing is ever measured on it. */
function start(awayMs: number) {
  const end = new AbortController();
  const told: PhoneActivity[] = [];
  const givenUp = vi.fn();
  const phone: { listing: PhoneListing | null; opened: number } = { listing: null, opened: 0 };
  const queue = new MeasuringQueue();
  queue.measure(modelNamed('a')).catch(() => undefined);
  const worker = new PhoneWorker({
    ...{ serial: 'R58M', identity, queue, together: 1, awayMs, pauseMs: 10, signal: end.signal },
    async ready(limitMs, signal) {
      if (phone.listing?.state !== 'ready') {
        await sleep(limitMs, undefined, { signal }).catch(() => undefined);
      }
      return phone.listing;
    },
    open: async () => {
      phone.opened += 1;
      return new Promise<MeasuringSession>((_, reject) =>
        end.signal.addEventListener('abort', () => reject(new Error('the test ended'))),
      );
    },
    onActivity: (activity) => void told.push(activity),
    onGivenUp: givenUp,
  });
  const running = worker.run();
  const stop = async () => {
    end.abort(new Error('the test ended'));
    await running;
  };
  return { phone, told, givenUp, stop };
}

describe('a phone of a search that is not there', () => {
  it('is said to be away for as long as it is, with what to do and the limit', async () => {
    const { phone, told, givenUp, stop } = start(60_000);
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(3));
    expect(new Set(told.map(({ state }) => state))).toEqual(new Set(['away']));
    const first = told[0]!;
    const last = told[told.length - 1]!;
    expect(last).toMatchObject({
      message: 'The phone R58M is not plugged in.',
      hint: 'Plug it in: the search then continues by itself.',
      limitMs: 60_000,
    });
    expect(last.waitedMs).toBeGreaterThan(first.waitedMs ?? Infinity);

    phone.listing = { serial: 'R58M', state: 'unauthorized' };
    await vi.waitFor(() => expect(told[told.length - 1]!.message).toMatch(/does not trust/));

    phone.listing = { serial: 'R58M', state: 'ready' };
    await vi.waitFor(() => expect(phone.opened).toBe(1));
    expect(told[told.length - 1]).toMatchObject({
      ...{ state: 'starting', message: null, waitedMs: null, limitMs: null },
    });
    expect(givenUp).not.toHaveBeenCalled();
    await stop();
  });

  it('is given up after its limit, and still waited for', async () => {
    const { phone, told, givenUp, stop } = start(40);
    await vi.waitFor(() => expect(givenUp).toHaveBeenCalled());
    expect(givenUp.mock.calls[0]![0]).toMatchObject({ code: 'phone-gone' });
    await vi.waitFor(() => expect(told[told.length - 1]!.state).toBe('away'));
    phone.listing = { serial: 'R58M', state: 'ready' };
    await vi.waitFor(() => expect(phone.opened).toBe(1));
    await stop();
  });
});
