/** A clipboard that takes nothing, and one that does again. */
import { afterEach, expect, it, vi } from 'vitest';
import { copyOrSay } from '../../../renderer/shell/copy.ts';
import { NoticeStore } from '../../../renderer/shell/notices.svelte.ts';

afterEach(() => vi.unstubAllGlobals());

it('is told, until it takes something', async () => {
  const notices = new NoticeStore();
  const writeText = vi.fn(() => Promise.reject(new Error('not allowed')));
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  document.execCommand = () => false;
  expect(await copyOrSay('8:8:8:8:8', notices)).toBe(false);
  expect(notices.list).toMatchObject([{ code: 'clipboard-refused' }]);
  expect(document.querySelector('textarea')).toBeNull();
  document.execCommand = () => true;
  expect(await copyOrSay('8:8:8:8:8', notices)).toBe(true);
  expect(notices.list).toEqual([]);
});
