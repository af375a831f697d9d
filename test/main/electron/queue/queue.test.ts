import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ComputeTurn } from '../../../../main/electron/compute-turn.ts';
import { PhonesAtWork } from '../../../../main/electron/phones/at-work.ts';
import { Queue } from '../../../../main/electron/queue/queue.ts';
import { QueueFile } from '../../../../main/electron/queue/queue-file.ts';
import { sweepView } from '../../../../main/electron/queue/sweep-view.ts';
import { runIdOf } from '../../../../main/electron/run-files.ts';
import { Runs } from '../../../../main/electron/runs.ts';
import { WorkbenchError } from '../../../../main/errors.ts';
import { methods, type SearchToQueue } from '../../../../preload/contract.ts';
import { FakeServices, tinySettings, writeRunFile } from '../fake-services.ts';

/** The app for as long as it runs. */
interface Session {
  readonly services: FakeServices;
  readonly runs: Runs;
  readonly queue: Queue;
  readonly turn: ComputeTurn;
  readonly emptied: string[][];
}

let folder: string;
let home: string;
/** Searches whose space is gone. */
let unprepared: Set<string>;
/** Apps whose time is over. */
let sessions: Session[];

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'zico-queue-'));
  folder = path.join(home, 'runs');
  unprepared = new Set();
  sessions = [];
});
afterEach(() => {
  vi.useRealTimers();
  for (const { queue } of sessions) queue.close();
  rmSync(home, { recursive: true });
});

/** @param name of its settings folder: two apps have two */
function begin(name = 'queue.json'): Session {
  const services = new FakeServices();
  const turn = new ComputeTurn();
  const nothing = (): void => undefined;
  const atWork = new PhonesAtWork({ adb: () => ({ file: null, port: null }), changed: nothing });
  const emptied: string[][] = [];
  const runs: Runs = new Runs({
    ...{ services, folder, atWork, turn, changed: nothing, searching: nothing },
    ended: (_name, progress) => queue.ended(progress),
  });
  const queue: Queue = new Queue({
    file: new QueueFile(path.join(home, name)),
    ...{ turn, runFiles: runs.files, searches: runs.searches, changed: nothing },
    infoOf: (file) => services.looking.look('info', file, null),
    prepare: async ({ settings, from, farm, ...wanted }) => {
      if (unprepared.has(wanted.name)) {
        throw new WorkbenchError('unknown-own-space', 'The space is gone.', 'Import it again.');
      }
      return { settings, from, farm };
    },
    emptied: (ended) => emptied.push(ended.map(({ wanted, state }) => `${wanted.name} ${state}`)),
  });
  const session = { services, runs, queue, turn, emptied };
  sessions.push(session);
  return session;
}

/** What `kill -9` leaves: nothing that the app would still have done. */
function killed({ queue }: Session): void {
  queue.close();
}

const wanted = (name: string, seed = 0): SearchToQueue => ({
  ...{ name, group: '', settings: { ...tinySettings, seed } },
});
const states = ({ queue }: Session): string[] =>
  queue.view().searches.map(({ name, state }) => `${name} ${state}`);
/** Lets promise callbacks and file reads run, until nothing has changed for a while: the processor may be shared. */
async function settle(): Promise<void> {
  const seen = (): string =>
    JSON.stringify(sessions.map(({ queue, services }) => [queue.view(), services.searches.length]));
  let [before, calm] = [seen(), 0];
  for (let round = 0; calm < 4 && round < 200; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = seen();
    calm = now === before ? calm + 1 : 0;
    before = now;
  }
}
const stored = (): { searches: { state: string; file: string | null }[] } =>
  JSON.parse(readFileSync(path.join(home, 'queue.json'), 'utf8')) as ReturnType<typeof stored>;

async function finish(session: Session): Promise<void> {
  session.services.search.end('finished');
  await settle();
}

describe('the queue', () => {
  it('runs its searches one after the other, each as a run of its own', async () => {
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two', 1)]);
    session.queue.add(null, [wanted('three', 2)]);
    await settle();
    expect(states(session)).toEqual(['one searching', 'two waiting', 'three waiting']);
    expect(session.services.searches).toHaveLength(1);
    await finish(session);
    await finish(session);
    expect(states(session)).toEqual(['one finished', 'two finished', 'three searching']);
    await finish(session);
    expect(readdirSync(folder).sort()).toEqual(['one.zico', 'three.zico', 'two.zico']);
    expect(session.emptied).toEqual([['one finished', 'two finished', 'three finished']]);
    methods['queue.view'].result.parse(session.queue.view());
  });

  it('has on the disk what it does before it does it', async () => {
    const session = begin();
    const { services } = session;
    const seen: unknown[] = [];
    const startSearch = services.startSearch.bind(services);
    services.startSearch = (...args) => {
      seen.push(stored().searches.map(({ state, file }) => [state, file]));
      return startSearch(...args);
    };
    session.queue.add(null, [wanted('one')]);
    await settle();
    expect(seen).toEqual([[['beginning', path.join(folder, 'one.zico')]]]);
    expect(stored().searches[0]!.state).toBe('searching');
  });

  it('is paused after the search at work, and goes on', async () => {
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two')]);
    await settle();
    session.queue.pause();
    await finish(session);
    expect(states(session)).toEqual(['one finished', 'two waiting']);
    session.queue.goOn();
    await settle();
    expect(states(session)).toEqual(['one finished', 'two searching']);
  });

  it('is reordered, and what is at work keeps its place', async () => {
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two'), wanted('three')]);
    await settle();
    const [one, , three] = session.queue.view().searches;
    session.queue.move(three!.id, 1);
    session.queue.move(one!.id, 2);
    session.queue.move('nobody', 0);
    expect(states(session)).toEqual(['one searching', 'three waiting', 'two waiting']);
    await finish(session);
    expect(states(session)).toEqual(['one finished', 'three searching', 'two waiting']);
  });

  it('waits while anything else computes, and begins by itself afterwards', async () => {
    const session = begin();
    const giveBack = session.turn.take('models');
    session.queue.add(null, [wanted('one')]);
    await settle();
    expect(states(session)).toEqual(['one waiting']);
    giveBack();
    await settle();
    expect(states(session)).toEqual(['one searching']);
  });

  it('goes on with the next where a person stops one, and takes that up again when asked', async () => {
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two')]);
    await settle();
    const { run, id } = session.queue.view().searches[0]!;
    session.runs.searches.stop(run!);
    session.services.search.end('stopped');
    await settle();
    expect(states(session)).toEqual(['one stopped', 'two searching']);
    session.queue.retry(id);
    await finish(session);
    expect(states(session)).toEqual(['one searching', 'two finished']);
    expect(readdirSync(folder).sort()).toEqual(['one.zico', 'two.zico']);
  });

  it('runs the others where one cannot start, and says why', async () => {
    const session = begin();
    unprepared.add('three');
    session.queue.add(
      'Five',
      ['one', 'two', 'three', 'four'].map((name, i) => wanted(name, i)),
    );
    await settle();
    await finish(session);
    await finish(session);
    expect(states(session)).toEqual([
      ...['one finished', 'two finished', 'three failed', 'four searching'],
    ]);
    expect(session.queue.view().searches[2]!.error).toMatchObject({ code: 'unknown-own-space' });
    await finish(session);
    expect(session.emptied).toEqual([
      ['one finished', 'two finished', 'three failed', 'four finished'],
    ]);
  });

  it('goes on after one that broke off', async () => {
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two')]);
    await settle();
    session.services.search.fail(new WorkbenchError('disk-full', 'It is full.', 'Make room.'));
    await settle();
    expect(states(session)).toEqual(['one failed', 'two searching']);
    expect(session.queue.view().searches[0]!.error).toMatchObject({ code: 'disk-full' });
  });

  it('lets go of what is not at work, and of sweeps without searches', async () => {
    const session = begin();
    const sweep = session.queue.add('Pair', [wanted('one'), wanted('two')])!;
    await settle();
    session.queue.remove(session.queue.view().searches.map(({ id }) => id));
    expect(states(session)).toEqual(['one searching']);
    await finish(session);
    session.queue.remove([session.queue.view().searches[0]!.id]);
    expect(session.queue.view()).toMatchObject({ searches: [], sweeps: [] });
    expect(() => session.queue.sweep(sweep)).toThrow(/not in the queue/);
    expect(readdirSync(folder)).toEqual(['one.zico']);
  });

  it('tells nothing of searches that were taken out, nor of those before somebody took out the rest', async () => {
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two'), wanted('three')]);
    await settle();
    await finish(session);
    session.queue.pause();
    await finish(session);
    const [one, , three] = session.queue.view().searches;
    session.queue.remove([one!.id]);
    session.queue.remove([three!.id]);
    session.queue.goOn();
    expect(session.emptied).toEqual([]);
    session.queue.add(null, [wanted('four')]);
    await settle();
    await finish(session);
    expect(session.emptied).toEqual([['four finished']]);
  });

  it('goes on after one that was to be taken out just as it began', async () => {
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two', 1)]);
    session.queue.remove(session.queue.view().searches.map(({ id }) => id));
    await settle();
    expect(states(session)).toEqual(['one searching']);
    session.queue.add(null, [wanted('three', 2)]);
    await finish(session);
    expect(states(session)).toEqual(['one finished', 'three searching']);
  });
});

describe('the queue of an earlier session', () => {
  it('is offered, and goes on where it was only when somebody says so', async () => {
    const first = begin();
    first.queue.add(null, [wanted('one'), wanted('two', 1), wanted('three', 2)]);
    await settle();
    await finish(first);
    first.services.search.store();
    killed(first);
    const second = begin();
    await settle();
    expect(second.queue.view().state).toBe('offered');
    expect(second.services.searches).toHaveLength(0);
    second.queue.goOn();
    await settle();
    // The one that was at work goes on: it is resumed, not begun anew.
    expect(second.services.budgets).toHaveLength(1);
    expect(second.services.search.path).toBe(path.join(folder, 'two.zico'));
    await finish(second);
    await finish(second);
    expect(states(second)).toEqual(['one finished', 'two finished', 'three finished']);
    expect(readdirSync(folder).sort()).toEqual(['one.zico', 'three.zico', 'two.zico']);
  });

  it('knows of a search that had finished just before the app was killed', async () => {
    const first = begin();
    first.queue.add(null, [wanted('one'), wanted('two')]);
    await settle();
    killed(first);
    first.services.search.end('finished'); // nobody wrote it down
    await settle();
    const second = begin();
    second.queue.goOn();
    await settle();
    expect(states(second)).toEqual(['one finished', 'two searching']);
  });

  it('begins a search of which there was no more than the name', async () => {
    const first = begin();
    first.services.startSearch = () => new Promise(() => undefined); // killed before the file was there
    first.queue.add(null, [wanted('one')]);
    await settle();
    killed(first);
    const second = begin();
    second.queue.goOn();
    await settle();
    expect(states(second)).toEqual(['one searching']);
    expect(readdirSync(folder)).toEqual(['one.zico']);
  });

  it('takes another name where another window has taken that one since', async () => {
    const first = begin();
    first.services.startSearch = () => new Promise(() => undefined);
    first.queue.add(null, [wanted('one', 5)]);
    await settle();
    killed(first);
    writeRunFile(path.join(folder, 'one.zico'), 3, { settings: { ...tinySettings, seed: 9 } });
    const second = begin();
    second.queue.goOn();
    await settle();
    expect(second.services.budgets).toHaveLength(0);
    expect(readdirSync(folder).sort()).toEqual(['one 2.zico', 'one.zico']);
  });

  it.each([
    ['deleted', (file: string) => rmSync(file)],
    ['renamed', (file: string) => renameSync(file, file.replace('one', 'other'))],
    ['moved', (file: string) => renameSync(file, path.join(home, 'one.zico'))],
  ])('says that a run was %s, and goes on with the others', async (_, away) => {
    const first = begin();
    first.queue.add(null, [wanted('one'), wanted('two')]);
    await settle();
    killed(first);
    away(path.join(folder, 'one.zico'));
    const second = begin();
    second.queue.goOn();
    await settle();
    expect(states(second)).toEqual(['one failed', 'two searching']);
    const [one] = second.queue.view().searches;
    expect(one!.error).toMatchObject({ code: 'run-gone' });
    // Somebody who wants it all the same begins it anew.
    second.queue.retry(one!.id);
    await finish(second);
    expect(states(second)).toEqual(['one searching', 'two finished']);
  });

  it('is not resumed where another window has the run open', async () => {
    const first = begin();
    first.queue.add(null, [wanted('one'), wanted('two')]);
    await settle();
    killed(first);
    const second = begin();
    second.services.refusal = new WorkbenchError('run-in-use', 'It is in use.', 'Close it there.');
    second.queue.goOn();
    await settle();
    expect(states(second)).toEqual(['one failed', 'two searching']);
  });

  it('finds the run under its new name whose candidates a search is to begin with', () => {
    const { queue } = begin();
    const from = path.join(folder, 'first.zico');
    const to = path.join(folder, 'second.zico');
    queue.pause();
    queue.add(null, [{ ...wanted('one'), from: runIdOf(from) }]);
    queue.renamed(from, to);
    const [one] = new QueueFile(path.join(home, 'queue.json')).current.searches;
    expect(one!.wanted.from).toBe(runIdOf(to));
  });

  it('is put aside where its file is damaged, and said', async () => {
    const file = path.join(home, 'queue.json');
    writeFileSync(file, '{"version": 1, "searches": [{"id"');
    const session = begin();
    expect(session.queue.view()).toMatchObject({
      ...{ state: 'going', searches: [] },
      error: { code: 'queue-not-read' },
    });
    session.queue.add(null, [wanted('one')]);
    await settle();
    expect(readFileSync(`${file}.unread`, 'utf8')).toContain('"searches": [{');
    expect(states(begin())).toEqual(['one searching']);
  });

  it('keeps what was put aside before', () => {
    const file = path.join(home, 'queue.json');
    for (const text of ['first', 'second', 'third']) {
      writeFileSync(file, text);
      begin();
    }
    const aside = ['', '-2', '-3'].map((end) => readFileSync(`${file}.unread${end}`, 'utf8'));
    expect(aside).toEqual(['first', 'second', 'third']);
  });

  it('reads settings that are newer than its file as what runs did before', async () => {
    const first = begin();
    first.queue.pause();
    first.queue.add(null, [wanted('one')]);
    killed(first);
    const file = path.join(home, 'queue.json');
    const old = JSON.parse(readFileSync(file, 'utf8')) as {
      searches: { wanted: { settings: Record<string, unknown> } }[];
    };
    delete old.searches[0]!.wanted.settings['proxies'];
    writeFileSync(file, JSON.stringify(old));
    const [one] = begin().queue.view().searches;
    expect(one!.settings).toMatchObject({ seed: 0, proxies: 'none' });
  });
});

describe('two windows on one folder', () => {
  it('never take the same file, whoever is faster', async () => {
    const [one, other] = [begin('one.json'), begin('other.json')];
    // Both look for a free name before either has made its file.
    one.queue.add(null, [wanted('same', 1)]);
    other.queue.add(null, [wanted('same', 2)]);
    await settle();
    expect(states(one)).toEqual(['same searching']);
    expect(states(other)).toEqual(['same searching']);
    expect(readdirSync(folder).sort()).toEqual(['same 2.zico', 'same.zico']);
    const paths = [one, other].map(({ services }) => services.search.path);
    expect(new Set(paths).size).toBe(2);
  });
});

describe('a clock that jumps', () => {
  it('changes neither the order nor what is left', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime('2026-05-01T12:00:00Z');
    const session = begin();
    session.queue.add(null, [wanted('one'), wanted('two')]);
    await settle();
    vi.setSystemTime('2019-01-01T00:00:00Z');
    session.queue.add(null, [wanted('three')]);
    await finish(session);
    vi.setSystemTime('2040-01-01T00:00:00Z');
    expect(states(session)).toEqual(['one finished', 'two searching', 'three waiting']);
    killed(session);
    const later = begin();
    later.queue.goOn();
    await settle();
    expect(states(later)).toEqual(['one finished', 'two searching', 'three waiting']);
  });
});

describe('a sweep', () => {
  const view = ({ queue, runs, services }: Session, id: string) =>
    sweepView(
      {
        ...{ queue, runFiles: runs.files },
        sweptFrontOf: (run) => runs.sweptFront(run),
        judgeFronts: (space, fronts) => services.judgeFronts(space, fronts),
      },
      id,
    );

  it('shows its runs side by side, and medians over seeds', async () => {
    const session = begin();
    const searches = [1, 2, 3].map((seed) => ({ ...wanted(`seed ${seed}`, seed), group: 'paper' }));
    const id = session.queue.add('Seeds', searches)!;
    for (const candidates of [4, 8]) {
      await settle();
      for (let i = 0; i < candidates; i++) session.services.search.store();
      await finish(session);
    }
    const seen = methods['queue.sweep'].result.parse(await view(session, id));
    expect(seen.searches.map(({ state, evaluated }) => [state, evaluated])).toEqual([
      ...[['finished', 4] as const, ['finished', 8] as const, ['searching', 0] as const],
    ]);
    // Later candidates score higher and cost more, so each front is the whole run.
    expect(seen.groups).toMatchObject([
      { group: 'paper', runs: 2, front: { least: 4, median: 6, most: 8 } },
    ]);
    expect(seen.searches.map(({ hypervolume }) => hypervolume)).toEqual([
      expect.any(Number),
      1,
      null,
    ]);
    expect(seen.searches[0]!.hypervolume).toBeLessThan(1);
    // The tiny space has no table of accuracies.
    expect(seen.truth).toBeNull();
  });

  it('says what is missing where a run is deleted while it is shown', async () => {
    const session = begin();
    const id = session.queue.add('Pair', [wanted('one'), wanted('two', 1)])!;
    await settle();
    await finish(session);
    rmSync(path.join(folder, 'one.zico'));
    const [one, two] = (await view(session, id)).searches;
    expect(one).toMatchObject({ evaluated: 0, error: { code: 'run-gone' } });
    expect(two).toMatchObject({ state: 'searching', error: null });
  });

  it('shows its runs where they cannot be judged, and says why', async () => {
    const session = begin();
    const id = session.queue.add('Known', [wanted('one')])!;
    await settle();
    await finish(session);
    const { queue, runs } = session;
    const seen = await sweepView(
      {
        ...{ queue, runFiles: runs.files },
        sweptFrontOf: async (run) => ({
          ...(await runs.sweptFront(run)),
          judgedSpace: 'nats-sss' as const,
        }),
        judgeFronts: () =>
          Promise.reject(
            new WorkbenchError('table-damaged', 'The table is damaged.', 'Install again.'),
          ),
      },
      id,
    );
    expect(seen).toMatchObject({ truth: null, truthError: { code: 'table-damaged' } });
    expect(seen.searches).toMatchObject([{ name: 'one', state: 'finished', error: null }]);
    methods['queue.sweep'].result.parse(seen);
  });

  it('says what its fronts give away where accuracies are known', async () => {
    const session = begin();
    session.queue.pause();
    const settings = { ...tinySettings, space: 'nats-sss' };
    const id = session.queue.add('Known', [
      { ...wanted('one'), settings },
      { ...wanted('two'), settings: { ...settings, seed: 1 } },
    ])!;
    const front = (networks: number) => ({
      run: {
        ...{ seed: 0, status: 'finished' as const, evaluated: networks, failed: 0, front: 1 },
        ...{ bestScore: 1, points: [[-1, networks] as const], elapsedSeconds: 1 },
      },
      judgedSpace: 'nats-sss' as const,
      networks: Array.from({ length: networks }, () => ({ genotype: '8:8:8:8:8', score: 1 })),
    });
    const { queue, runs, services } = session;
    const sizes = [20, 40];
    const searches = queue.sweep(id).searches.map((one, i) => {
      const file = path.join(folder, `${i}.zico`);
      rmSync(file, { force: true });
      return { ...one, file, state: 'finished' as const };
    });
    await runs.files.newPath('makes the folder');
    for (const { file } of searches) writeRunFile(file, 1);
    const seen = await sweepView(
      {
        queue: { sweep: () => ({ title: 'Known', searches }) },
        runFiles: runs.files,
        sweptFrontOf: async () => front(sizes.shift()!),
        judgeFronts: (space, fronts) => services.judgeFronts(space, fronts),
      },
      id,
    );
    expect(seen.truth).toBe('cifar10_test_acc');
    expect(seen.searches.map(({ regret }) => regret)).toEqual([2, 4]);
    expect(seen.groups).toMatchObject([{ regret: { least: 2, median: 3, most: 4 } }]);
  });
});
