import { describe, expect, it } from 'vitest';
import { fileError, storeError } from '../../../main/store/store-errors.ts';

const sqlite = (rawCode: number): Error => Object.assign(new Error('SQLite'), { rawCode });

describe('what SQLite reports', () => {
  it.each([
    [5, 'run-in-use'],
    [11, 'not-a-run-file'],
    [13, 'disk-full'],
    [14, 'folder-not-writable'],
    [15, 'no-file-locks'],
    [18, 'not-a-run-file'],
    [3850, 'folder-not-writable'],
  ])('with code %d has a name', (code, name) => {
    expect(storeError(sqlite(code), '/runs/a.zico')).toMatchObject({ code: name });
  });

  it('when a drive cannot lock files says where to go', () => {
    expect(storeError(sqlite(15), '/net/a.zico')).toMatchObject({
      message: expect.stringContaining('network drive') as string,
      hint: expect.stringContaining('local folder') as string,
    });
  });
});

describe('what the file system reports', () => {
  it.each([
    ['EACCES', 'folder-not-writable'],
    ['EPERM', 'folder-not-writable'],
    ['ENOENT', 'run-file-missing'],
    ['ENOTDIR', 'run-file-missing'],
    ['ENAMETOOLONG', 'run-file-missing'],
    ['ENOSPC', 'disk-full'],
  ])('as %s has a name', (errno, name) => {
    const error = Object.assign(new Error(errno), { code: errno });
    expect(fileError(error, '/runs/a.zico')).toMatchObject({ code: name });
  });
});
