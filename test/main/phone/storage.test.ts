import { expect, it } from 'vitest';
import { parseStorage } from '../../../main/phone/storage.ts';

it('reads size and room of a phone’s storage', () => {
  const df = [
    'Filesystem     1K-blocks     Used Available Use% Mounted on',
    '/dev/block/dm-3 111222333 55666777  55424480  51% /data',
  ].join('\n');
  expect(parseStorage(df)).toEqual({
    totalBytes: 111_222_333 * 1024,
    freeBytes: 55_424_480 * 1024,
  });
});

it.each([
  '',
  'df: /data: Permission denied',
  'Filesystem 1K-blocks Used Available Use% Mounted on',
])('knows nothing where the phone says nothing: %j', (df) => {
  expect(parseStorage(df)).toBeNull();
});
