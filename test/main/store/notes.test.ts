import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CandidateId } from '../../../main/run/candidate.ts';
import type { CandidateMark } from '../../../main/run/run-store.ts';
import { createRun, openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { asOfVersion } from '../../support/older-run.ts';
import { toyCandidate, toyRunInfo } from '../../support/toy-search.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-notes-'));
  file = path.join(folder, 'run.zico');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mark = (candidate: number, starred: boolean, note: string, name = ''): CandidateMark => ({
  candidate: candidate as CandidateId,
  ...{ starred, note, name },
});

describe('what people note in a run file', () => {
  it('is there again, in the order of the candidates, until it is taken back', () => {
    const store = createRun(file, toyRunInfo());
    for (const id of [1, 2, 3]) store.add(toyCandidate(id), id);
    store.setMark(mark(3, true, ''));
    store.setMark(mark(1, false, 'Löwe'));
    store.setMark(mark(2, true, 'x'));
    store.setMark(mark(2, false, ''));
    store.setTags(['phone', 'paper']);
    store.close();
    const reader = openRunReadOnly(file);
    expect(reader.marks()).toEqual([mark(1, false, 'Löwe'), mark(3, true, '')]);
    expect(reader.tags()).toEqual(['phone', 'paper']);
    reader.close();
  });

  it('is a name as well, which a candidate can have without a star or a note', () => {
    const store = createRun(file, toyRunInfo());
    for (const id of [1, 2]) store.add(toyCandidate(id), id);
    store.setMark(mark(2, false, '', 'kleine Löwin'));
    store.setMark(mark(1, true, '', 'x'));
    store.setMark(mark(1, true, ''));
    store.close();
    const reader = openRunReadOnly(file);
    expect(reader.marks()).toEqual([mark(1, true, ''), mark(2, false, '', 'kleine Löwin')]);
    reader.close();
  });

  it('is the same in a run of the version before names, before and after it is written', () => {
    const store = createRun(file, toyRunInfo());
    store.add(toyCandidate(1), 1);
    store.add(toyCandidate(2), 2);
    store.setMark(mark(1, true, 'kept'));
    store.close();
    asOfVersion(file, 10);
    const reader = openRunReadOnly(file);
    expect(reader.marks()).toEqual([mark(1, true, 'kept')]);
    reader.close();
    const writer = openRunForWriting(file);
    writer.setMark(mark(2, false, '', 'new'));
    writer.close();
    const again = openRunReadOnly(file);
    expect(again.marks()).toEqual([mark(1, true, 'kept'), mark(2, false, '', 'new')]);
    again.close();
  });

  it('leaves no trace where it is erased, and the rest of the run as it was', () => {
    const store = createRun(file, toyRunInfo());
    for (const id of [1, 2, 3]) store.add(toyCandidate(id), id);
    store.setMark(mark(1, true, 'a secret note', 'secret name'));
    store.setTags(['secret tag']);
    store.close();
    expect(readFileSync(file).includes('secret')).toBe(true);
    const writer = openRunForWriting(file);
    writer.eraseNotes();
    writer.close();
    expect(readFileSync(file).includes('secret')).toBe(false);
    const reader = openRunReadOnly(file);
    expect([reader.marks(), reader.tags()]).toEqual([[], []]);
    expect(reader.candidates().map(({ id }) => id)).toEqual([1, 2, 3]);
    reader.close();
  });

  it('is about candidates of the run', () => {
    const store = createRun(file, toyRunInfo());
    expect(() => store.setMark(mark(1, true, ''))).toThrow(
      expect.objectContaining({ code: 'unknown-candidate' }),
    );
    store.close();
  });

  it('is not written where a run is only looked at', () => {
    createRun(file, toyRunInfo()).close();
    const reader = openRunReadOnly(file);
    expect(() => reader.setTags(['x'])).toThrow(expect.objectContaining({ code: 'run-read-only' }));
    reader.close();
  });

  it('has a place in runs of the version before notes', () => {
    createRun(file, toyRunInfo()).close();
    asOfVersion(file, 2);
    const store = openRunForWriting(file);
    expect([store.marks(), store.tags()]).toEqual([[], []]);
    store.setTags(['old']);
    store.close();
    const reader = openRunReadOnly(file);
    expect(reader.tags()).toEqual(['old']);
    reader.close();
  });
});
