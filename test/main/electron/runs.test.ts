import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkbenchError } from '../../../main/errors.ts';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { PhonesAtWork } from '../../../main/electron/phones/at-work.ts';
import { Runs } from '../../../main/electron/runs.ts';
import type { PhoneActivity } from '../../../main/common/phone-activity.ts';
import { methods } from '../../../preload/contract.ts';
import { FakeServices, tinyCandidate, tinySettings, writeRunFile } from './fake-services.ts';

let folder: string;
let services: FakeServices;
let events: { run: string; revision: number }[];
let awake: boolean[];
/** Searches that have ended, by name. */
let ended: string[];
let runs: Runs;
let atWork: PhonesAtWork;
/** Questions to the person, and what they answer. */
let asked: [string, string][];
let answers: boolean[];
const adb = { file: '/opt/adb', port: 5099 };

function openRuns(): Runs {
  const seen = events; // what an earlier test's timers still tell belongs to that test
  return new Runs({
    ...{ services, folder, atWork, turn: new ComputeTurn() },
    changed: (event) => seen.push(event),
    searching: (active) => awake.push(active),
    ended: (name) => ended.push(name),
    now: () => Date.now(), // follows vitest's fake timers
    askForData: async (...question) => {
      asked.push(question);
      return answers.shift() ?? false;
    },
  });
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-runs-'));
  services = new FakeServices();
  events = [];
  awake = [];
  ended = [];
  asked = [];
  answers = [];
  atWork = new PhonesAtWork({ adb: () => adb, changed: () => undefined });
  runs = openRuns();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const start = (name = 'first'): Promise<string> => runs.searches.start(name, tinySettings);
const ids = async (run: string, after: number, most = 100): Promise<number[]> => {
  const page = await runs.candidates(run, after, most);
  return [...methods['runs.candidates'].result.parse(page).ids];
};
/** Lets promise callbacks run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('starting a search', () => {
  it('creates a run file named after the title and shows it as searching', async () => {
    const run = await start('My search');
    expect(readdirSync(folder)).toEqual(['My search.zico']);
    expect(await runs.list()).toMatchObject([{ run, name: 'My search', state: 'searching' }]);
    expect(run).not.toContain('My search');
  });

  it('keeps the computer awake until it ends', async () => {
    await start();
    expect(awake).toEqual([true]);
    services.search.end('finished');
    await settle();
    expect(awake).toEqual([true, false]);
  });

  it('refuses a second search, even while the first is still starting', async () => {
    const [first, second] = await Promise.allSettled([start('one'), start('two')]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'search-already-running' } });
  });

  it('is ready for another one after a start that failed', async () => {
    services.refusal = new WorkbenchError('disk-full', 'The disk is full.', 'Free some space.');
    await expect(start()).rejects.toMatchObject({ code: 'disk-full' });
    expect(awake).toEqual([true, false]);
    await expect(start()).resolves.toBeTypeOf('string');
  });

  it('names the known spaces when asked for another', async () => {
    const settings = { ...tinySettings, space: 'huge' };
    await expect(runs.searches.start('x', settings)).rejects.toMatchObject({
      code: 'unknown-space',
    });
    expect(runs.searches.busy).toBe(false);
  });
});

describe('a running search', () => {
  it('gives its rows in id order, after any id, as many as asked', async () => {
    const run = await start();
    for (let i = 0; i < 5; i += 1) services.search.store();
    expect(await ids(run, 0)).toEqual([1, 2, 3, 4, 5]);
    expect(await ids(run, 3)).toEqual([4, 5]);
    expect(await ids(run, 5)).toEqual([]);
    expect(await ids(run, 1, 2)).toEqual([2, 3]);
    expect(services.openReaders).toBe(0);
  });

  it('keeps id order where a candidate overtakes another', async () => {
    const run = await start();
    services.search.store(false, 1);
    services.search.store(false, 3);
    services.search.store(false, 2);
    expect(await ids(run, 0)).toEqual([1, 2, 3]);
    expect(await ids(run, 1)).toEqual([2, 3]);
  });

  it('counts, measures its rate and foresees its end', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const run = await start();
    for (let i = 0; i < 4; i += 1) {
      vi.advanceTimersByTime(3000);
      services.search.store(i === 1);
    }
    expect(await runs.progress(run)).toMatchObject({
      evaluated: 3,
      failed: 1,
      planned: 16, // the tiny space has no more
      candidatesPerMinute: 20,
      secondsLeft: 36,
      elapsedSeconds: 12,
    });
  });

  it('tells what it confirms of the expected front, and how long that takes', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const run = await start();
    for (let i = 0; i < 4; i += 1) {
      vi.advanceTimersByTime(3000);
      services.search.store();
    }
    services.search.confirm({ done: 0, planned: 8 });
    expect(await runs.progress(run)).toMatchObject({
      ...{ phase: 'confirming', confirmed: { done: 0, planned: 8 } },
      ...{ candidatesPerMinute: null, secondsLeft: null },
    });
    vi.advanceTimersByTime(10_000);
    services.search.confirm({ done: 1, planned: 8 });
    expect(await runs.progress(run)).toMatchObject({
      ...{ phase: 'confirming', confirmed: { done: 1, planned: 8 }, evaluated: 4 },
      ...{ candidatesPerMinute: null, secondsLeft: 70 },
    });
    services.search.end('finished');
    await vi.waitFor(async () =>
      expect(await runs.progress(run)).toMatchObject({ phase: 'idle', confirmed: null }),
    );
  });

  it('tells of changes at most once each 100 ms, and always of the last one', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const run = await start();
    for (let i = 0; i < 50; i += 1) {
      services.search.store();
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(200);
    expect(events.length).toBeGreaterThan(3);
    expect(events.length).toBeLessThanOrEqual(7);
    expect(events.at(-1)).toEqual({ run, revision: (await runs.progress(run)).revision });
  });

  it('shows the phase and the generation', async () => {
    const run = await start();
    expect(await runs.progress(run)).toMatchObject({ phase: 'preparing', generation: 0 });
    services.search.tell('measuring', 2);
    expect(await runs.progress(run)).toMatchObject({ phase: 'measuring', generation: 2 });
    for (const id of [7, 8]) {
      services.search.tell('measuring', 2, undefined, undefined, tinyCandidate(id));
      expect(await runs.progress(run)).toMatchObject({ phase: 'measuring', measuring: id });
    }
    services.search.tell('scoring', 2);
    expect(await runs.progress(run)).toMatchObject({ phase: 'scoring', measuring: null });
  });

  it('is stopping until its file is closed, then stopped', async () => {
    const run = await start();
    runs.searches.stop(run);
    runs.searches.stop(run);
    expect(services.search.stops).toBe(1);
    expect(await runs.progress(run)).toMatchObject({ state: 'stopping', secondsLeft: null });
    services.search.end('stopped');
    await settle();
    expect(await runs.progress(run)).toMatchObject({ state: 'stopped', phase: 'idle' });
    expect(runs.searches.busy).toBe(false);
  });

  it('is paused and goes on, and the pause counts neither as time nor against its rate', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const run = await start();
    for (let i = 0; i < 2; i += 1) {
      vi.advanceTimersByTime(1000);
      services.search.store();
    }
    const before = await runs.progress(run);
    runs.searches.pause(run);
    runs.searches.pause(run);
    expect(services.search.paused).toBe(true);
    vi.advanceTimersByTime(600_000);
    const { state, elapsedSeconds, candidatesPerMinute, secondsLeft, revision } =
      await runs.progress(run);
    expect({ state, elapsedSeconds, candidatesPerMinute, secondsLeft }).toEqual({
      state: 'paused',
      elapsedSeconds: before.elapsedSeconds,
      candidatesPerMinute: before.candidatesPerMinute,
      secondsLeft: before.secondsLeft,
    });
    expect(revision).toBeGreaterThan(before.revision);
    expect(await runs.list()).toMatchObject([{ run, state: 'paused' }]);
    expect(runs.searches.busy).toBe(true);
    runs.searches.goOn(run);
    expect(services.search.paused).toBe(false);
    vi.advanceTimersByTime(1000);
    services.search.tell('scoring', 0);
    expect((await runs.progress(run)).candidatesPerMinute).toBeCloseTo(60);
    expect(awake).toEqual([true, false, true]); // nobody waits for a search that waits
  });

  it('that is paused while it starts begins nothing', async () => {
    const starting = start();
    await vi.waitFor(async () => expect(await runs.list()).toHaveLength(1));
    const { run } = (await runs.list())[0]!;
    runs.searches.pause(run);
    await starting;
    expect(services.search.paused).toBe(true);
    runs.searches.stop(run);
    expect(await runs.progress(run)).toMatchObject({ state: 'stopping' });
    expect(services.search.stops).toBe(1);
  });

  it('says why it failed, for as long as the app runs', async () => {
    const run = await start();
    services.search.store();
    services.search.fail(new WorkbenchError('disk-full', 'The disk is full.', 'Free some space.'));
    await settle();
    const error = { code: 'disk-full' };
    expect(await runs.progress(run)).toMatchObject({ state: 'failed', evaluated: 1, error });
    expect(await runs.list()).toMatchObject([{ state: 'failed', error: null }]);
    expect(await ids(run, 0)).toEqual([1]);
  });

  it('ends as any other where its file is deleted and the list has forgotten it', async () => {
    await start('Gone');
    rmSync(path.join(folder, 'Gone.zico'));
    expect(await runs.list()).toEqual([]);
    services.search.fail(new WorkbenchError('run-file-gone', 'It was deleted.', 'Look beside it.'));
    await settle();
    expect(ended).toEqual(['Gone']);
    await runs.searches.stopAll();
    expect(runs.searches.busy).toBe(false);
  });

  it('is stopped before the app quits', async () => {
    await start();
    let quit = false;
    const quitting = runs.searches.stopAll().then(() => (quit = true));
    await settle();
    expect(services.search.stops).toBe(1);
    expect(quit).toBe(false);
    services.search.end('stopped');
    await quitting;
  });

  it('is stopped before the app quits even when it has hardly started', async () => {
    void start();
    const quitting = runs.searches.stopAll();
    await vi.waitFor(() => expect(services.searches).toHaveLength(1));
    await vi.waitFor(() => expect(services.search.stops).toBe(1));
    services.search.end('stopped');
    await quitting;
  });
});

describe('resuming', () => {
  it('goes on behind the stored candidates and the time already spent', async () => {
    writeRunFile(path.join(folder, 'old.zico'), 3);
    const [old] = await runs.list();
    const run = old?.run ?? '';
    await runs.searches.resume(run);
    // Another process has looked through the file, so that this one need not.
    const looked = `all of ${path.join(folder, 'old.zico')}`;
    expect(services.phoneSessions).toMatchObject([{ looked }]);
    services.search.store();
    expect(await ids(run, 0)).toEqual([1, 2, 3, 4]);
    const progress = await runs.progress(run);
    expect(progress).toMatchObject({ state: 'searching', evaluated: 4 });
    expect(progress.elapsedSeconds).toBeGreaterThanOrEqual(7);
  });

  it('goes on with more candidates than the run had a budget for', async () => {
    writeRunFile(path.join(folder, 'old.zico'), 3);
    const [old] = await runs.list();
    const run = old?.run ?? '';
    const { planned } = await runs.progress(run);
    await runs.searches.resume(run, 60);
    // Three generations of twenty.
    expect(services.budgets).toEqual([{ generations: 13 }]);
    expect((await runs.progress(run)).planned).toBe((planned ?? NaN) + 60);
  });

  it('never lets the revision go back', async () => {
    const run = await start();
    services.search.store();
    services.search.end('stopped');
    await settle();
    const before = (await runs.progress(run)).revision;
    await runs.searches.resume(run);
    expect((await runs.progress(run)).revision).toBeGreaterThan(before);
  });

  it('asks before it reads images that a run from elsewhere names', async () => {
    writeRunFile(path.join(folder, 'sent.zico'), 3);
    const [sent] = await runs.list();
    services.unagreed = '\\\\elsewhere\\images';
    answers = [false];
    await expect(runs.searches.resume(sent?.run ?? '')).rejects.toMatchObject({
      code: 'data-not-agreed',
    });
    expect(asked).toEqual([['sent', '\\\\elsewhere\\images']]);
    expect(services.searches).toEqual([]);
    answers = [true];
    await runs.searches.resume(sent?.run ?? '');
    expect(services.searches).toHaveLength(1);
    expect(services.unagreed).toBeNull();
  });

  it('asks about a run by the name that it was given meanwhile', async () => {
    writeRunFile(path.join(folder, 'sent.zico'), 3);
    const [sent] = await runs.list();
    services.unagreed = '/elsewhere/images';
    answers = [true];
    const look = services.looking.look.bind(services.looking);
    vi.spyOn(services.looking, 'look').mockImplementation(async (name, file, request) => {
      const seen = await look(name, file, request);
      if (name === 'takers') await runs.rename(sent!.run, 'kept');
      return seen;
    });
    expect(await runs.takers(sent!.run, null)).toMatchObject({ size: null });
    expect(asked).toEqual([['kept', '/elsewhere/images']]);
  });

  it('goes on with a run by the name that it was given meanwhile', async () => {
    writeRunFile(path.join(folder, 'sent.zico'), 3);
    let now = (await runs.list())[0]!.run;
    const rename = async (name: string) => void (now = await runs.rename(now, name));
    const { look, lookThrough } = services.looking;
    let names = 0;
    vi.spyOn(services.looking, 'look').mockImplementation(async (name, file, request) => {
      if (name === 'resumable' && names++ === 0) await rename('too early');
      return look(name, file, request);
    });
    vi.spyOn(services.looking, 'lookThrough').mockImplementation(async (file) => {
      const looked = await lookThrough(file);
      await rename('kept');
      return looked;
    });
    await runs.searches.resume(now);
    expect(services.searches.map(({ path }) => path)).toEqual([path.join(folder, 'kept.zico')]);
    expect(runs.searches.liveOf(now)).not.toBeNull();
  });

  it('waits for a rename that is at work before it goes on with a run', async () => {
    writeRunFile(path.join(folder, 'sent.zico'), 3);
    const { run } = (await runs.list())[0]!;
    const { rename } = services.looking;
    let letThrough = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letThrough = resolve));
    vi.spyOn(services.looking, 'rename').mockImplementation(async (...files) => {
      await gate;
      await rename(...files);
    });
    const renamed = runs.rename(run, 'kept');
    const resumed = runs.searches.resume(run);
    await settle();
    expect(services.searches).toEqual([]);
    letThrough();
    const now = await renamed;
    await resumed;
    expect(services.searches.map(({ path }) => path)).toEqual([path.join(folder, 'kept.zico')]);
    expect(runs.searches.liveOf(now)).not.toBeNull();
    await expect(runs.rename(now, 'later')).rejects.toMatchObject({ code: 'run-in-use' });
  });

  it('leaves a run as it was when it cannot be resumed', async () => {
    writeRunFile(path.join(folder, 'old.zico'), 3);
    const [old] = await runs.list();
    services.refusal = new WorkbenchError('run-in-use', 'In use.', 'Close the other.');
    await expect(runs.searches.resume(old?.run ?? '')).rejects.toMatchObject({
      code: 'run-in-use',
    });
    expect(await runs.list()).toMatchObject([{ state: 'stopped', evaluated: 3 }]);
  });
});

describe('runs in files', () => {
  it('are listed, the newest first, without leaving a file open', async () => {
    writeRunFile(path.join(folder, 'a.zico'), 2, { status: 'finished' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeRunFile(path.join(folder, 'b.zico'), 5);
    writeFileSync(path.join(folder, 'notes.txt'), 'no run');
    expect(await runs.list()).toMatchObject([
      { name: 'b', state: 'stopped', evaluated: 5 },
      { name: 'a', state: 'finished', evaluated: 2 },
    ]);
    expect(services.openReaders).toBe(0);
  });

  it('tell how far they came', async () => {
    writeRunFile(path.join(folder, 'a.zico'), 6, { status: 'finished' });
    const [{ run } = { run: '' }] = await runs.list();
    const progress = await runs.progress(run);
    expect(methods['runs.progress'].result.parse(progress)).toMatchObject({
      state: 'finished',
      evaluated: 6,
      planned: 16,
      generation: 1,
      phase: 'idle',
      elapsedSeconds: 7,
    });
    expect(await ids(run, 4)).toEqual([5, 6]);
  });

  it('give their candidates as JSON under their name, not that of their folders', async () => {
    writeRunFile(path.join(folder, 'night.zico'), 2);
    const [night] = await runs.list();
    const text = await runs.candidatesText(night!.run, 'json', null);
    expect(JSON.parse(text)).toMatchObject({ run: 'night', candidates: [{ id: 1 }, { id: 2 }] });
    expect(text).not.toContain(folder);
  });

  it('left running by a process that was killed count as stopped', async () => {
    writeRunFile(path.join(folder, 'killed.zico'), 2, { status: 'running' });
    expect(await runs.list()).toMatchObject([{ state: 'stopped' }]);
  });

  it('that cannot be read are listed with the reason', async () => {
    writeFileSync(path.join(folder, 'broken.zico'), 'scribble');
    writeFileSync(path.join(folder, 'future.zico'), JSON.stringify({ version: 2 }));
    const list = await runs.list();
    const codes = Object.fromEntries(list.map(({ name, error }) => [name, error?.code]));
    expect(codes).toEqual({ broken: 'not-a-run-file', future: 'newer-version' });
    expect(methods['runs.list'].result.parse(list)).toHaveLength(2);
  });

  it('keep their name in the next session', async () => {
    const run = await start();
    services.search.end('finished');
    await settle();
    runs = openRuns();
    expect(await runs.view(run)).toMatchObject({ summary: { run, state: 'finished' } });
  });

  it('may lie elsewhere once the person has opened them', async () => {
    const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'zico-elsewhere-'));
    writeRunFile(path.join(elsewhere, 'sent.zico'), 1);
    const run = await runs.open(path.join(elsewhere, 'sent.zico'));
    expect(await runs.view(run)).toMatchObject({ summary: { name: 'sent', evaluated: 1 } });
    rmSync(elsewhere, { recursive: true });
    expect(await runs.list()).toEqual([]);
  });

  it('are remembered from elsewhere under a new name, and where they cannot be read for now', async () => {
    const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'zico-elsewhere-'));
    const remembered = new Set<string>();
    runs = new Runs({
      ...{ services, folder, atWork, turn: new ComputeTurn() },
      changed: () => undefined,
      searching: () => undefined,
      elsewhere: {
        list: () => [...remembered],
        remember: (file) => void remembered.add(file),
        forget: (file) => void remembered.delete(file),
      },
    });
    const sent = path.join(elsewhere, 'sent.zico');
    const kept = path.join(elsewhere, 'kept.zico');
    writeRunFile(sent, 1);
    await runs.rename(await runs.open(sent), 'kept');
    expect([...remembered]).toEqual([kept]);
    writeFileSync(kept, 'scribble');
    await expect(runs.open(kept)).rejects.toMatchObject({ code: 'not-a-run-file' });
    expect([...remembered]).toEqual([kept]);
    rmSync(elsewhere, { recursive: true });
  });

  it('are still known where their file is gone: what reads it says that it is missing', async () => {
    const run = await start();
    rmSync(path.join(folder, 'first.zico'));
    expect(await runs.list()).toEqual([]);
    expect(await runs.progress(run)).toMatchObject({ state: 'searching' });
    // Not `unknown-run`: the search's own file can still be read.
    expect(await runs.files.pathOf(run)).toBe(path.join(folder, 'first.zico'));
  });

  it('are refused on opening when they are no runs', async () => {
    const file = path.join(folder, 'photo.zico');
    writeFileSync(file, 'scribble');
    await expect(runs.open(file)).rejects.toMatchObject({ code: 'not-a-run-file' });
  });

  it.each([['../secret'], ['/etc/passwd'], ['unknown']])('are never found by %s', async (name) => {
    await expect(runs.candidates(name, 0, 10)).rejects.toMatchObject({ code: 'unknown-run' });
  });

  it('get names that every file system takes', async () => {
    const names = ['a/b:c', '..', '', 'con', 'Same', 'same'];
    for (const name of names) {
      await runs.searches.start(name, tinySettings);
      services.search.end('finished');
      await settle();
    }
    expect(readdirSync(folder).sort()).toEqual(
      [
        'Same.zico',
        'Search 2.zico',
        'Search con.zico',
        'Search.zico',
        'a b c.zico',
        'same 2.zico',
      ].sort(),
    );
  });
});

describe('a candidate', () => {
  it('shows each layer with its terms, parameters and MACs', async () => {
    const run = await start();
    services.search.store();
    const detail = await runs.candidate(run, 1);
    expect(methods['runs.candidate'].result.parse(detail)).toEqual(detail);
    const [layer] = detail.layers;
    expect(layer).toMatchObject({ name: 'stem', parameters: 31, macs: 300, logCapped: 0 });
    expect(layer?.log).toBeCloseTo(1);
    expect(layer?.bias).toBeCloseTo(Math.log(1024 / 2));
    expect(detail.latency?.conditions).toContain('Test processor');
  });

  it('that failed keeps its reason', async () => {
    const run = await start();
    services.search.store(true);
    const { row, layers } = await runs.candidate(run, 1);
    expect(row).toMatchObject({
      status: 'failed',
      zico: null,
      failure: { code: 'engine-crashed' },
    });
    expect(layers).toEqual([]);
  });

  it('that does not exist is refused by number', async () => {
    await expect(runs.candidate(await start(), 9)).rejects.toMatchObject({
      code: 'unknown-candidate',
    });
  });
});

describe('the phones of a search', () => {
  const phone: PhoneActivity = {
    ...{ serial: 'A1', model: 'SM-G973F', state: 'waiting', message: 'It is hot.', hint: 'Wait.' },
    ...{ waitedMs: 2000, limitMs: 600_000, queued: 3, measured: 2, failed: 0, lastMs: 12 },
    ...{ recentMs: [11, 12], conditions: null },
  };

  it('are spoken to through the adb that the person chose, and forgotten with it', async () => {
    const run = await start();
    const { adb: chosen, onPhones } = services.phoneSessions[0]!;
    expect(chosen).toEqual(adb);
    onPhones([phone]);
    expect(atWork.ofRun(run)).toEqual([phone]);
    expect(atWork.ofRun('another')).toEqual([]);
    expect(atWork.activityOf('A1')).toEqual(phone);
    services.search.end('stopped');
    await settle();
    expect(atWork.ofRun(run)).toEqual([]);
    expect(atWork.activityOf('A1')).toBeNull();
    await runs.searches.resume(run);
    services.phoneSessions[1]!.onPhones([phone]);
    expect(methods['search.phones'].result.parse(atWork.ofRun(run))).toEqual([phone]);
  });
});

describe('a search that begins with the candidates of another run', () => {
  it('is offered those that fit, and scored by their engine', async () => {
    for (const name of ['one', 'two']) writeRunFile(path.join(folder, `${name}.zico`), 3);
    const [first, second] = (await runs.list()).map(({ run }) => run);
    const among = () => runs.searches.beginnings([first!, second!, 'gone'], tinySettings, {});
    expect(await among()).toEqual([]);
    await expect(
      runs.searches.start('refused', tinySettings, { from: first }),
    ).rejects.toMatchObject({ code: 'runs-differ' });
    services.takenOverBy = { name: 'onednn', precision: 'float32' };
    expect(await among()).toEqual([first, second]);
    await runs.searches.start('begun', tinySettings, { from: first });
    expect(services.begunFrom.at(-1)).toBe(await runs.files.pathOf(first!));
    expect(services.wishes.at(-1)).toEqual({ engine: 'onednn', workers: 'auto' });
  });
});

describe('how a search is scored', () => {
  const wish = { engine: 'onednn', workers: 2 } as const;
  const plan = { engine: 'onednn', version: '2.6.3', workers: 2, threads: 1, note: null } as const;

  it('is what was asked for, and automatic where nobody asks', async () => {
    await runs.searches.start('asked', tinySettings, { scoring: wish });
    services.search.end('finished');
    await settle();
    await start('automatic');
    expect(services.wishes).toEqual([wish, { engine: 'auto', workers: 'auto' }]);
  });

  it('is told as soon as it is settled', async () => {
    const run = await start();
    expect((await runs.progress(run)).scoring).toBeNull();
    services.search.tell('proposing', 0, undefined, plan);
    const progress = await runs.progress(run);
    expect(progress.scoring).toEqual(plan);
    expect(methods['runs.progress'].result.parse(progress)).toEqual(progress);
  });

  it('is read from the file where nobody searches', async () => {
    const file = path.join(folder, 'old.zico');
    writeRunFile(file, 3, { scoring: plan });
    expect((await runs.progress(await runs.open(file))).scoring).toEqual(plan);
  });
});
