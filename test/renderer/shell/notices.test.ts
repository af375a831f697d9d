/** What went wrong is said once, whatever met it. */
import { afterEach, expect, it, vi } from 'vitest';
import { NoticeStore } from '../../../renderer/shell/notices.svelte.ts';

const full = {
  code: 'disk-full',
  message: 'There is no space left to write into /data.',
  hint: 'Free some space.',
};

afterEach(() => void vi.useRealTimers());

it('is one notice where several causes met the same, and is dismissed with all of them', () => {
  const notices = new NoticeStore();
  notices.show(full);
  notices.show(full, 'export');
  notices.show({ ...full, message: 'There is no space left to write into /home.' });
  expect(notices.list).toMatchObject([{ times: 2 }, { times: 1 }]);
  // What is mended for one of them still stands for the other.
  notices.outdated('export');
  expect(notices.list).toMatchObject([{ times: 1 }, { times: 1 }]);
  notices.show(full, 'save');
  notices.dismiss(notices.list[0]!.id);
  expect(notices.list).toMatchObject([{ message: expect.stringContaining('/home') as string }]);
});

it('tells when it was met last, whichever cause met it', () => {
  const notices = new NoticeStore();
  const show = (second: number, cause: 'export' | null) => {
    vi.useFakeTimers({ now: Date.UTC(2025, 0, 1, 0, 0, second) });
    notices.show(full, cause);
  };
  show(1, null);
  show(2, 'export');
  expect(notices.list).toMatchObject([{ times: 2, at: '2025-01-01T00:00:02.000Z' }]);
  show(3, null);
  expect(notices.list).toMatchObject([{ times: 3, at: '2025-01-01T00:00:03.000Z' }]);
});
