/** Copies text, and says so where the clipboard does not take it. */
import type { ErrorReport } from '../../preload/contract.ts';
import { copyText } from '../ground/clipboard.ts';
import type { NoticeStore } from './notices.svelte.ts';
import { copyRefused } from './text.ts';

/** Returns whether it was copied. */
export async function copyOrSay(
  text: string,
  notices: Pick<NoticeStore, 'show' | 'withdraw'>,
  refused: ErrorReport = copyRefused,
): Promise<boolean> {
  const copied = await copyText(text);
  if (copied) notices.withdraw(refused.code);
  else notices.show(refused);
  return copied;
}
