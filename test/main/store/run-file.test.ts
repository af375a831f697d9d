import { runCountsOf } from '../../../main/search/memory-run.ts';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readHeader } from '../../../main/store/run-file-header.ts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rowOfCandidate } from '../../../main/electron/views.ts';
import type { HostMeasurement } from '../../../main/latency/host-measurement.ts';
import type { LatencyConditions } from '../../../main/latency/latency.ts';
import type { Candidate, CandidateId } from '../../../main/run/candidate.ts';
import type { RunStore } from '../../../main/run/run-store.ts';
import { Connection } from '../../../main/store/connection.ts';
import {
  createRun,
  lookThroughRun,
  openRunForWriting,
  openRunReadOnly,
} from '../../../main/store/run-file.ts';
import { stampOf } from '../../../main/store/verified.ts';
import { asOfVersion } from '../../support/older-run.ts';
import { boundByPermissions } from '../../support/permissions.ts';
import {
  toyCandidate,
  toyCandidateWithBiases,
  toyFailure,
  toyRunInfo,
  toySettings,
} from '../../support/toy-search.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-store-'));
  chmodSync(folder, 0o777);
  file = path.join(folder, 'run.zico');
});
afterEach(() => {
  chmodSync(folder, 0o777);
  rmSync(folder, { recursive: true, force: true });
});

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const hint = (expected: RegExp): unknown =>
  expect.objectContaining({ hint: expect.stringMatching(expected) as unknown });

/** A closed run with some candidates. */
function makeRun(count = 3): Candidate[] {
  const store = createRun(file, toyRunInfo());
  const candidates = Array.from({ length: count }, (_, i) => toyCandidate(i + 1));
  for (const candidate of candidates) store.add(candidate, candidate.id);
  store.close();
  return candidates;
}

describe('the bias in every way of counting it', () => {
  it('comes back with its candidate and in lists, and is nothing in files that are older', () => {
    const candidates = [toyCandidateWithBiases(1), toyCandidateWithBiases(2), toyCandidate(3)];
    const store = createRun(file, toyRunInfo());
    for (const candidate of candidates) store.add(candidate, candidate.id);
    store.close();
    const read = openRunReadOnly(file);
    expect(read.candidates().map((one) => one.status === 'evaluated' && one.score.biases)).toEqual(
      candidates.map(({ score }) => score.biases),
    );
    expect(read.rows(0, 10)).toEqual(candidates.map(rowOfCandidate));
    read.close();
    asOfVersion(file, 6);
    const older = openRunReadOnly(file);
    expect(older.rows(0, 10)).toMatchObject([1, 2, 3].map(() => ({ biases: null })));
    older.close();
  });
});

describe('rows', () => {
  it('are the candidates as a list shows them, some at a time, in id order', () => {
    const candidates = [toyCandidate(1), toyFailure(2), toyCandidate(5, 'host'), toyCandidate(7)];
    const store = createRun(file, toyRunInfo());
    for (const candidate of candidates) store.add(candidate, 1);
    expect(store.rows(0, 100)).toEqual(candidates.map(rowOfCandidate));
    expect(store.rows(1, 2).map(({ id }) => id)).toEqual([2, 5]);
    expect(store.rows(7, 2)).toEqual([]);
    store.close();
  });
});

describe('the error of a latency in lists', () => {
  const measured = (id: number, change: Partial<LatencyConditions>): Candidate => {
    const candidate = toyCandidate(id, 'host');
    const latency = candidate.latency!;
    return {
      ...candidate,
      latency: { ...latency, conditions: { ...latency.conditions, ...change } },
    };
  };
  const interval = { ms: [1.5, 2.5] as const, asked: 0.05, reached: true };
  const phone = {
    ...{ serial: 'R5', serialNumber: null, model: null, chip: null, android: null },
    ...{ engine: 'toy', provider: null, mask: 1, intervalMs: [1, 3] as const, unsteady: [] },
    correctedMs: null,
  };
  const store = () => createRun(file, toyRunInfo());

  it('is what was stored with it, of 0.1 as well, whatever version the file has', () => {
    const candidates = [
      measured(1, { interval }),
      measured(2, { interval, host: { repeats: 4, unsteady: ['other-programs'] } }),
      measured(3, {
        interval: { ...interval, reached: false },
        host: { repeats: 12, unsteady: ['interval-not-reached'] },
      }),
      measured(4, { source: 'phone', phone }),
      measured(5, { estimate: { medianPercent: 9, p90Percent: 100, withinMeasuredRange: false } }),
      toyCandidate(6, 'host'),
    ];
    const run = store();
    for (const candidate of candidates) run.add(candidate, candidate.id);
    run.close();
    const said = [
      ['interval', false],
      ['unsteady', true],
      ['interval', true],
      ['interval of 0.1', false],
      ['estimate', true],
      [undefined, false],
    ];
    for (const version of [null, 6]) {
      if (version !== null) asOfVersion(file, version);
      const read = openRunReadOnly(file);
      const rows = read.rows(0, 10);
      const errors = rows.map(({ latencyBounds: b, latencyDoubtful }) => [
        b?.basis,
        latencyDoubtful,
      ]);
      expect(errors).toEqual(said);
      expect(rows[3]!.latencyBounds).toMatchObject({ lowMs: 1, highMs: 3 });
      expect(read.points(0, 10)).toHaveLength(6);
      read.close();
    }
  });

  it('names the row whose conditions are none', () => {
    const run = store();
    run.add(measured(1, { interval }), 1);
    run.close();
    const connection = new Connection(file, 'write');
    connection.execute("UPDATE candidate SET latency_conditions = '{' WHERE id = 1");
    connection.release();
    const read = openRunReadOnly(file);
    expect(() => read.rows(0, 10)).toThrow(/candidate 1, column latency_conditions/);
    read.close();
  });
});

describe('a run file', () => {
  it('gives back what was put in', () => {
    const info = { ...toyRunInfo(), dataDescription: 'Bilder, 画像', elapsedSeconds: 0.1 + 0.2 };
    const store = createRun(file, info);
    expect(store.info()).toEqual(info);
    const candidates = [toyCandidate(1), toyFailure(2), toyCandidate(7, 'host')];
    for (const [i, candidate] of candidates.entries()) store.add(candidate, i + 1 / 3);
    for (const open of alsoReopened(store)) {
      for (const candidate of candidates) expect(open.candidate(candidate.id)).toEqual(candidate);
      expect(open.candidates()).toEqual(candidates.map(light));
      expect(open.counts()).toEqual(runCountsOf(candidates));
      expect(open.candidates(2).map(({ id }) => id)).toEqual([7]);
      expect(open.candidate(3 as CandidateId)).toBeNull();
      expect(open.info().elapsedSeconds).toBe(2 + 1 / 3);
    }
  });

  it('keeps every repeat that this computer measured, with what else it did', () => {
    const base = toyCandidate(7, 'host');
    if (base.status !== 'evaluated' || base.latency === null) throw new Error('no latency');
    const load = { otherCores: 0.25, stolenShare: 0, waitedShare: null };
    const host: HostMeasurement = {
      repeats: [
        { latenciesMs: [1, 1.25], discarded: null, load },
        { latenciesMs: [3], discarded: 'stolen-time', load: { ...load, stolenShare: 0.5 } },
      ],
      unsteady: [],
    };
    const conditions = { ...base.latency.conditions, host: { repeats: 1, unsteady: [] } };
    const candidate: Candidate = { ...base, latency: { ...base.latency, conditions, host } };
    const store = createRun(file, toyRunInfo());
    store.add(candidate, 1);
    for (const open of alsoReopened(store)) expect(open.candidate(candidate.id)).toEqual(candidate);
  });

  it('keeps its warnings, and an older one without any opens all the same', () => {
    const [code, message, hint, examples] = ['images-redrawn', 'One.', 'Repair it.', ['a.jpg: x']];
    const info = { ...toyRunInfo(), warnings: [{ code, message, hint, count: 1, examples }] };
    const store = createRun(file, info);
    expect(store.info()).toEqual(info);
    store.close();
    asOfVersion(file, 2);
    const opened = openRunReadOnly(file);
    expect(opened.info()).toEqual(toyRunInfo());
    opened.close();
  });

  it('keeps every double exactly', () => {
    const store = createRun(file, toyRunInfo());
    const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0); // no -0
    const score = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((x) => x + 0);
    const duration = fc.double({ min: 0, max: 1e9, noNaN: true }).map((x) => x + 0);
    const three = <T>(one: fc.Arbitrary<T>) => fc.tuple(one, one, one);
    let id = 0;
    fc.assert(
      fc.property(three(score), three(duration), three(double), (scores, durations, others) => {
        const base = toyCandidate(++id, 'host');
        if (base.status !== 'evaluated' || base.latency === null) throw new Error('no latency');
        const [zico, zicoCapped, bias] = scores;
        const [one, p90Ms, minMs] = durations;
        const [sum, ...losses] = others;
        const candidate: Candidate = {
          ...base,
          genotype: `${id}` as typeof base.genotype,
          score: {
            ...base.score,
            zico,
            zicoCapped,
            bias,
            losses,
            seconds: one,
            layers: base.score.layers.map((layer) => ({ ...layer, sum, gradientNorms: others })),
          },
          latency: { ...base.latency, latencyMs: one, p90Ms, minMs, runsMs: durations },
        };
        store.add(candidate, one);
        expect(store.candidate(candidate.id)).toEqual(candidate);
        expect(store.info().elapsedSeconds).toBe(one);
      }),
      { numRuns: 200 },
    );
    store.close();
  });

  it('is one file once it is closed, whatever its name', () => {
    file = path.join(folder, 'Löwe #1 100%?.zico');
    makeRun();
    expect(readdirSync(folder)).toEqual([path.basename(file)]);
    expect(openRunReadOnly(file).candidates()).toHaveLength(3);
    expect(readdirSync(folder)).toEqual([path.basename(file)]);
  });

  it('remembers its status', () => {
    makeRun();
    const store = openRunForWriting(file);
    store.setStatus('finished', 12.5);
    store.close();
    expect(openRunReadOnly(file).info()).toMatchObject({
      status: 'finished',
      elapsedSeconds: 12.5,
    });
  });

  it('refuses a candidate it has, by number or by network, and stays usable', () => {
    const store = createRun(file, toyRunInfo());
    store.add(toyCandidate(1), 1);
    expect(() => store.add(toyCandidate(1), 2)).toThrow(code('candidate-exists'));
    const sameNetwork = { ...toyCandidate(2), genotype: toyCandidate(1).genotype };
    expect(() => store.add(sameNetwork, 2)).toThrow(code('candidate-exists'));
    expect(() => store.add(sameNetwork, 2)).toThrow(hint(/earlier copy/));
    expect(store.info().elapsedSeconds).toBe(1);
    store.add(toyCandidate(2), 3);
    expect(store.candidates()).toHaveLength(2);
    store.close();
  });

  it('is not created over anything', () => {
    makeRun();
    expect(() => createRun(file, toyRunInfo())).toThrow(code('run-exists'));
    expect(() => createRun(folder, toyRunInfo())).toThrow(code('run-exists'));
    expect(openRunReadOnly(file).candidates()).toHaveLength(3);
  });

  it('is created where a killed process left an empty file', () => {
    writeFileSync(file, '');
    createRun(file, toyRunInfo()).close();
    expect(openRunReadOnly(file).info().settings).toEqual(toySettings);
  });
});

describe('a run that is being written', () => {
  it('is in use for everybody else, and free after it is closed', () => {
    const store = createRun(file, toyRunInfo());
    expect(() => openRunForWriting(file)).toThrow(code('run-in-use'));
    expect(() => openRunReadOnly(file)).toThrow(code('run-in-use'));
    const link = path.join(folder, 'link.zico');
    symlinkSync(file, link);
    expect(() => openRunForWriting(link)).toThrow(code('run-in-use'));
    store.add(toyCandidate(1), 1);
    store.close();
    store.close();
    openRunForWriting(file).close();
    expect(openRunReadOnly(link).candidates()).toHaveLength(1);
  });

  it('may be viewed before and after, over and over', () => {
    makeRun(2);
    for (let round = 0; round < 3; round++) {
      const viewer = openRunReadOnly(file);
      expect(viewer.candidates()).toHaveLength(2 + round);
      const writer = openRunForWriting(file);
      expect(() => viewer.candidates()).toThrow(code('run-in-use'));
      writer.add(toyCandidate(3 + round), 1);
      writer.close();
      expect(viewer.candidates()).toHaveLength(3 + round);
      viewer.close();
    }
  });

  it('is not changed through a view', () => {
    makeRun();
    const viewer = openRunReadOnly(file);
    expect(() => viewer.add(toyCandidate(9), 1)).toThrow(code('run-read-only'));
    expect(() => viewer.setStatus('finished', 1)).toThrow(code('run-read-only'));
  });
});

describe('a run that another process has looked through', () => {
  /** Only the whole file shows it: what is read is sound. */
  function miscountFreePages(): void {
    const connection = new Connection(file, 'write');
    connection.execute(
      'CREATE TABLE more (x BLOB); INSERT INTO more VALUES (zeroblob(40000)); DROP TABLE more;',
    );
    connection.release();
    const bytes = readFileSync(file);
    expect(bytes.readUInt32BE(36)).toBeGreaterThan(5);
    bytes.writeUInt32BE(3, 36);
    writeFileSync(file, bytes);
  }

  it('is gone on with unchecked as long as it is as it was then', () => {
    makeRun();
    const looked = lookThroughRun(file);
    openRunForWriting(file, looked).close();
    miscountFreePages();
    expect(() => openRunForWriting(file, looked)).toThrow(code('not-a-run-file'));
    // A wrong word would be believed, which shows that nothing is checked a second time.
    openRunForWriting(file, stampOf(file)).close();
  });

  it('is refused there as it would have been here', () => {
    makeRun();
    miscountFreePages();
    const reader = openRunReadOnly(file);
    expect(reader.counts().evaluated).toBe(3);
    reader.close();
    expect(() => lookThroughRun(file)).toThrow(code('not-a-run-file'));
    expect(() => openRunForWriting(file)).toThrow(code('not-a-run-file'));
    expect(() => lookThroughRun(path.join(folder, 'none'))).toThrow(code('run-file-missing'));
  });
});

describe('a folder without write permission', () => {
  it('lets a run be viewed', () => {
    const candidates = makeRun();
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    boundByPermissions(() => {
      const viewer = openRunReadOnly(file);
      expect(viewer.candidates()).toEqual(candidates.map(light));
      viewer.close();
      expect(() => openRunForWriting(file)).toThrow(code('folder-not-writable'));
    });
    expect(readdirSync(folder)).toEqual(['run.zico']);
  });

  it('lets a copy be viewed that was made while the run was written', () => {
    const store = openedWith(2);
    const copy = path.join(folder, 'copy', 'run.zico');
    mkdirSync(path.dirname(copy));
    copyFileSync(file, copy);
    store.close();
    chmodSync(path.dirname(copy), 0o555);
    boundByPermissions(() => expect(openRunReadOnly(copy).info().settings).toEqual(toySettings));
    chmodSync(path.dirname(copy), 0o777);
  });

  it('says so where the log of a killed process would be lost', () => {
    const store = openedWith(2);
    const copy = path.join(folder, 'copy', 'run.zico');
    mkdirSync(path.dirname(copy));
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
    store.close();
    chmodSync(path.dirname(copy), 0o555);
    boundByPermissions(() => {
      expect(() => openRunReadOnly(copy)).toThrow(code('folder-not-writable'));
    });
    chmodSync(path.dirname(copy), 0o777);
    expect(openRunReadOnly(copy).candidates()).toHaveLength(2);
  });

  it('that nobody else may even look into is named', () => {
    makeRun();
    chmodSync(folder, 0o000);
    boundByPermissions(() => {
      for (const open of [openRunForWriting, openRunReadOnly]) {
        expect(() => open(file)).toThrow(code('folder-not-writable'));
      }
      expect(() => createRun(file, toyRunInfo())).toThrow(code('folder-not-writable'));
    });
  });

  it('takes no new run', () => {
    chmodSync(folder, 0o555);
    boundByPermissions(() => {
      expect(() => createRun(file, toyRunInfo())).toThrow(code('folder-not-writable'));
    });
    const nowhere = path.join(folder, 'no', 'run.zico');
    expect(() => createRun(nowhere, toyRunInfo())).toThrow(code('folder-not-writable'));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.each([
  ['openRun', openRunForWriting],
  ['openRunReadOnly', openRunReadOnly],
] as const)('%s', (_name, open) => {
  it('says that a file is missing', () => {
    expect(() => open(file)).toThrow(code('run-file-missing'));
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['an empty file', ''],
    ['a text', 'zico,bias\n1,2\n'.repeat(1000)],
    ['a few bytes', 'SQLite format 3\0'],
  ])('refuses %s', (_what, content) => {
    writeFileSync(file, content);
    expect(() => open(file)).toThrow(code('not-a-run-file'));
    expect(statSync(file).size).toBe(content.length);
  });

  it('says that a folder is one', () => {
    expect(() => readHeader(path.dirname(file), 'read')).toThrow(/ is a folder, not a run\./);
  });

  it('refuses a folder', () => {
    expect(() => open(folder)).toThrow(code('not-a-run-file'));
  });

  it('refuses the SQLite file of another program and leaves it alone', () => {
    const other = new Connection(file, 'create');
    other.execute('CREATE TABLE history (url TEXT)');
    other.release();
    const before = statSync(file).mtimeMs;
    expect(() => open(file)).toThrow(code('not-a-run-file'));
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it('refuses a run that was cut off', () => {
    makeRun();
    truncateSync(file, statSync(file).size / 2);
    expect(() => open(file)).toThrow(code('not-a-run-file'));
    truncateSync(file, 60);
    expect(() => open(file)).toThrow(code('not-a-run-file'));
  });

  it.each([
    ['settings that are no settings', `UPDATE run SET settings = '{"seed":"x"}'`],
    ['settings that are no JSON', `UPDATE run SET settings = 'seed'`],
    ['no run', 'DELETE FROM run'],
    ['a table missing', 'DROP TABLE run'],
  ])('refuses a run with %s', (_what, damage) => {
    makeRun();
    damaged(damage);
    expect(() => open(file)).toThrow(code('not-a-run-file'));
    // and holds no lock on it afterwards
    damaged('VACUUM');
  });

  it('finds damaged candidates when they are read', () => {
    makeRun();
    damaged(`UPDATE candidate SET losses = '[1,' WHERE id = 2`);
    const store = open(file);
    expect(() => store.candidates()).toThrow(code('not-a-run-file'));
    expect(() => store.candidate(2 as CandidateId)).toThrow(code('not-a-run-file'));
    expect(store.candidate(1 as CandidateId)).toEqual(toyCandidate(1));
    store.close();
  });

  it('refuses a run of a newer version and leaves it alone', () => {
    makeRun();
    damaged('PRAGMA user_version = 99');
    const before = statSync(file).mtimeMs;
    expect(() => open(file)).toThrow(code('run-newer-version'));
    expect(statSync(file).mtimeMs).toBe(before);
  });
});

function damaged(sql: string): void {
  const connection = new Connection(file, 'write');
  connection.execute(sql);
  connection.release();
}

function openedWith(count: number): RunStore {
  const store = createRun(file, toyRunInfo());
  for (let id = 1; id <= count; id++) store.add(toyCandidate(id), id);
  return store;
}

/** The run as it is open, closed and opened again for writing, and opened for viewing. */
function* alsoReopened(store: RunStore): Generator<RunStore> {
  yield store;
  store.close();
  const again = openRunForWriting(file);
  yield again;
  again.close();
  yield openRunReadOnly(file);
}

function light(candidate: Candidate): Candidate {
  if (candidate.status === 'failed') return candidate;
  const { score, latency } = candidate;
  return {
    ...candidate,
    score: { ...score, layers: [] },
    latency: latency && { ...latency, runsMs: [] },
  };
}
