import { describe, expect, it } from 'vitest';
import { ownRunners, runnerNames } from '../../../main/common/phone-settings.ts';
import {
  countPhones,
  isUnverified,
  phoneFacts,
  phoneForSearches,
  phoneState,
  phoneTitle,
  phoneSteps,
  traceLine,
} from '../../../renderer/phones/phones.ts';
import { fakePhone, phoneAtWork, phonesWith, unauthorized, waitingPhone } from '../fake-phones.ts';

const untrusted = waitingPhone('R38M', 'unauthorized', unauthorized);
const hot = { code: 'phone-hot', message: 'Too warm.', hint: 'Wait.' };

describe('a phone in words', () => {
  it('has the name that people know, and its facts', () => {
    expect(phoneTitle(fakePhone('A'))).toBe('Galaxy S10');
    expect(phoneTitle(untrusted)).toBe('A phone');
    expect(phoneFacts(fakePhone('A'))).toBe('SM-G973F, A, Exynos 9820, Android 12');
    expect(phoneFacts(untrusted)).toBe('R38M');
  });

  it.each([
    [fakePhone('A'), 'Ready', 'ok'],
    [fakePhone('A', { proof: null }), 'Not checked yet', 'waiting'],
    [fakePhone('A', { measuring: phoneAtWork('A'), proof: null }), 'Measuring', 'ok'],
    [fakePhone('A', { gate: hot }), 'Too warm', 'hot'],
    [fakePhone('A', { gate: { ...hot, code: 'phone-locked' } }), 'Locked', 'hot'],
    [fakePhone('A', { problem: hot }), 'Not responding', 'failed'],
    [untrusted, 'Waiting for your permission', 'waiting'],
    [waitingPhone('A', 'connecting', unauthorized), 'Connecting…', 't2'],
    [waitingPhone('A', 'offline', unauthorized), 'Not responding', 'failed'],
  ])('says how it is doing: %#', (row, word, mood) => {
    expect(phoneState(row)).toMatchObject({ word, mood });
  });

  it("says which runners no real phone has run: the product's own, not a person's", () => {
    expect(runnerNames.filter(isUnverified)).toEqual([...ownRunners]);
  });

  it('are counted by who has to act', () => {
    const rows = [fakePhone('A'), untrusted, waitingPhone('B', 'offline', unauthorized)];
    expect(countPhones(rows)).toEqual({ ready: 1, waiting: 1, other: 1 });
    // Neither a hot phone nor one on which nothing passed the check would measure now.
    const notNow = [fakePhone('C', { gate: hot }), fakePhone('D', { proof: null })];
    expect(countPhones(notNow)).toEqual({ ready: 0, waiting: 0, other: 2 });
  });
});

describe('the steps of a phone', () => {
  const told = (row: Parameters<typeof phoneSteps>[0]) => {
    const steps = phoneSteps(row);
    return {
      done: steps.filter(({ done }) => done).map(({ name }) => name),
      now: steps.filter(({ now }) => now).map(({ name }) => name),
    };
  };

  it('tick themselves off as they become true', () => {
    expect(told(untrusted)).toEqual({ done: ['adb', 'seen'], now: ['allowed'] });
    const unproven = fakePhone('A', { proof: null });
    expect(told(unproven)).toEqual({ done: ['adb', 'seen', 'allowed', 'cool'], now: ['proven'] });
    expect(told(fakePhone('A', { gate: hot })).now).toEqual(['cool']);
    expect(told(fakePhone('A')).now).toEqual([]);
    // A search lets a runner prove itself before it measures.
    const measuring = fakePhone('A', { proof: null, measuring: phoneAtWork('A') });
    expect(told(measuring).now).toEqual([]);
  });
});

describe('the phone for searches', () => {
  it('is the preferred one, the only one, or not clear', () => {
    const two = [fakePhone('A'), fakePhone('B')];
    expect(phoneForSearches(phonesWith(two, { preferred: 'B' }))?.serial).toBe('B');
    expect(phoneForSearches(phonesWith(two))).toBeUndefined();
    expect(phoneForSearches(phonesWith([fakePhone('A'), untrusted]))?.serial).toBe('A');
    expect(phoneForSearches(phonesWith([untrusted], { preferred: 'R38M' }))).toBeUndefined();
  });
});

it('draws a line that breaks where nothing is known', () => {
  const points = [0, 1, 2, 3].map((atMs) => ({ atMs, value: atMs === 1 ? null : atMs }));
  const range = { fromMs: 0, toMs: 3, least: 0, most: 3 };
  expect(traceLine(points, { width: 30, height: 30 }, range)).toBe('M0.0 30.0M20.0 10.0L30.0 0.0');
});
