/**
 * The buttons of a page as commands: whatever can be pressed can be searched for, including buttons that are
 * added later. The page of a search names its commands itself, since most of them have no button there.
 */
import type { Command } from './commands.svelte.ts';

/**
 * Not actions: sorting a table, explaining a field, the palette itself, and showing a row or a part (a tab, a
 * choice that is already set).
 */
const none = [
  'th *',
  '[role="tab"]',
  '[role="menuitem"]',
  '.about *',
  '.term',
  '[aria-keyshortcuts="Control+K"]',
  '[aria-pressed="true"]',
].join(', ');

/** @returns a command for each action of the page that can be pressed now, each name once */
export function pageButtons(page: ParentNode, group: string): Command[] {
  const commands = new Map<string, Command>();
  for (const button of page.querySelectorAll<HTMLButtonElement>('button')) {
    if (button.disabled || button.matches(none)) continue;
    const title = titleOf(button);
    if (title === '' || commands.has(title)) continue;
    const id = `button-${commands.size}-${title}`;
    commands.set(title, { id, title, group, spare: true, run: () => press(button) });
  }
  return [...commands.values()];
}

/** As it is read out: without what only decorates it, such as its keys. */
function titleOf(button: HTMLButtonElement): string {
  const shown = button.cloneNode(true) as HTMLElement;
  for (const decoration of shown.querySelectorAll('[aria-hidden="true"]')) decoration.remove();
  const labelled = button.getAttribute('aria-labelledby')?.split(' ') ?? [];
  const label =
    button.getAttribute('aria-label') ??
    (labelled.map((id) => document.getElementById(id)?.textContent ?? '').join(' ') ||
      (button.labels[0]?.textContent ?? shown.textContent));
  return label.replace(/\s+/g, ' ').trim();
}

/** The keyboard continues from the button that was pressed. */
function press(button: HTMLButtonElement): void {
  if (!button.isConnected) return; // the page has changed since
  button.focus();
  button.click();
}
