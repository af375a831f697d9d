import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSearch } from '../../../main/search/search.ts';
import {
  connectForWriting,
  createRun,
  openRunForWriting,
  openRunReadOnly,
} from '../../../main/store/run-file.ts';
import { SqliteRunStore } from '../../../main/store/sqlite-run-store.ts';
import type { RunStore } from '../../../main/run/run-store.ts';
import { createToySpace } from '../../support/toy-space.ts';
import {
  createMemoryStore,
  toyCandidate,
  toyRunInfo,
  toyScore,
  toySettings,
  toySize,
} from '../../support/toy-search.ts';

const settings = { ...toySettings, population: 50, generations: 4 };
const diskFull: unknown = expect.objectContaining({ code: 'disk-full' });

function search(store: RunStore): Promise<unknown> {
  return runSearch({
    space: createToySpace(),
    settings,
    store,
    score: (genotype) => Promise.resolve(toyScore(genotype)),
    latency: null,
    summarise: toySize,
  });
}

async function withoutLimit(): Promise<unknown> {
  const store = createMemoryStore(settings);
  await search(store);
  return store.candidates().map(({ id, genotype }) => ({ id, genotype }));
}

const identities = (store: RunStore): unknown =>
  store.candidates().map(({ id, genotype }) => ({ id, genotype }));

describe('a run that may grow no further', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'zico-full-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps every candidate it took and says that the disk is full', () => {
    const file = path.join(folder, 'run.zico');
    createRun(file, toyRunInfo()).close();
    const connection = connectForWriting(file);
    connection.pragma('max_page_count = 20');
    const store = new SqliteRunStore(connection, {
      writable: true,
      onClose: () => connection.release(),
    });
    const taken = fill(store);
    expect(taken).toBeGreaterThan(3);
    expect(taken).toBeLessThan(200);
    expect(store.candidates()).toHaveLength(taken);
    expect(() => store.add(toyCandidate(taken + 1), 1)).toThrow(diskFull);
    connection.pragma('max_page_count = 1000');
    store.add(toyCandidate(taken + 1), 1);
    expect(store.candidates()).toHaveLength(taken + 1);
  });
});

/** A real file system that is really full: 8 MB of memory, where this process may mount one. */
const small = mkdtempSync(path.join(tmpdir(), 'zico-small-disk-'));
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'zico-test', small]).status === 0;
if (!mounted) console.warn('skipped: a full disk (mounting a tmpfs is not permitted here)');

afterAll(() => {
  // Lazily: libsql keeps files open until its statements are collected.
  if (mounted) spawnSync('umount', ['-l', small]);
  rmSync(small, { recursive: true, force: true });
});

/** Leaves room for some of the candidates. */
const ballastBytes = 7_900_000;

describe.skipIf(!mounted)('a disk that is full', () => {
  const file = path.join(small, 'run.zico');
  const ballast = path.join(small, 'ballast');
  afterEach(() => {
    for (const name of readdirSync(small)) rmSync(path.join(small, name));
  });

  it('ends a search with that reason; with room again it is resumed to the same end', async () => {
    writeFileSync(ballast, Buffer.alloc(ballastBytes));
    const store = createRun(file, toyRunInfo(settings));
    await expect(search(store)).rejects.toEqual(diskFull);
    const taken = store.candidates().length;
    expect(taken).toBeGreaterThan(3);
    fillDisk(path.join(small, 'rest'));
    store.close(); // its log cannot be folded in: no room

    // Still no room, in the same process: openable, nothing lost, and still full.
    const again = openRunForWriting(file);
    expect(again.candidates()).toHaveLength(taken);
    expect(() => fill(again, taken)).toThrow(diskFull);
    again.close();

    rmSync(ballast);
    const roomy = openRunForWriting(file);
    expect(roomy.candidates()).toHaveLength(taken);
    roomy.close();
    rmSync(path.join(small, 'rest'));
    expect(readdirSync(small)).toEqual(['run.zico']);
  });

  it('is what is said of a run whose log has no room to be folded in', () => {
    const killed = path.join(small, 'killed.zico');
    const store = createRun(file, toyRunInfo());
    fill(store, 0, 20);
    // As a killed process leaves it: the log lies beside the file.
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, killed + suffix);
    store.close();
    fillDisk(ballast);
    expect(() => openRunReadOnly(killed)).toThrow(diskFull);
    expect(() => openRunReadOnly(killed)).toThrow(diskFull);
    rmSync(ballast);
    expect(openRunReadOnly(killed).candidates()).toHaveLength(20);
  });

  it('takes no new run and leaves nothing of it', () => {
    fillDisk(ballast);
    expect(() => createRun(file, toyRunInfo())).toThrow(diskFull);
    expect(readdirSync(small)).toEqual(['ballast']);
    rmSync(ballast);
    createRun(file, toyRunInfo()).close();
  });

  it('costs a search nothing but the candidates that were in flight', async () => {
    writeFileSync(ballast, Buffer.alloc(ballastBytes));
    const store = createRun(file, toyRunInfo(settings));
    await expect(search(store)).rejects.toEqual(diskFull);
    store.close();
    rmSync(ballast);
    const roomy = openRunForWriting(file);
    await search(roomy);
    expect(identities(roomy)).toEqual(await withoutLimit());
    roomy.close();
    expect(readdirSync(small)).toEqual(['run.zico']);
  });
});

/** Adds candidates until the disk is full or there are enough, and returns how many it took. */
function fill(store: RunStore, from = 0, most = Infinity): number {
  for (let id = from + 1; id <= most; id++) {
    try {
      store.add(toyCandidate(id), id);
    } catch (error) {
      if (id === from + 1) throw error;
      expect(error).toEqual(diskFull);
      return id - 1;
    }
  }
  return most;
}

function fillDisk(name: string): void {
  const descriptor = openSync(name, 'w');
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096));
  } catch {
    // ENOSPC: every last block is taken.
  } finally {
    closeSync(descriptor);
  }
}
