/** What went wrong is said once, whatever met it. */
import { expect, it } from 'vitest';
import { NoticeStore } from '../../../renderer/shell/notices.svelte.ts';

const full = {
  code: 'disk-full',
  message: 'There is no space left to write into /data.',
  hint: 'Free some space.',
};

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
