/** What somebody cannot read or press in a page as it stands: text that is cut, and things that lie on others. */
import type { Page } from 'playwright-core';

/**
 * Looks at every visible text and control, everywhere the page can be scrolled to.
 *
 * Text may end in an ellipsis where a `title` holds all of it and some of it shows. What scrolls is no fault, and
 * neither is what floats above the page on purpose (`float`, tooltips, menus) or lies on a plane that is moved by hand.
 *
 * @returns one line for each fault, each once
 */
export async function faults(page: Page): Promise<string[]> {
  const found = new Set<string>();
  const scrolled = await page.evaluate(() => {
    const main = document.querySelector('main');
    return main ? Math.ceil(main.scrollHeight / Math.max(1, main.clientHeight)) : 1;
  });
  for (let part = 0; part < Math.min(scrolled, 12); part++) {
    await page.evaluate((at) => {
      const main = document.querySelector('main');
      main?.scrollTo({ top: at * main.clientHeight, behavior: 'instant' });
    }, part);
    for (const line of await page.evaluate(look)) found.add(line);
  }
  await page.evaluate(() => document.querySelector('main')?.scrollTo({ top: 0 }));
  return [...found];
}

/** Runs in the page. */
function look(): string[] {
  interface Seen {
    readonly element: Element;
    readonly name: string;
    readonly box: DOMRect;
  }
  const floats =
    '.float, [role=tooltip], [role=menu], [role=application], .visually-hidden, .splitter';
  const faults: string[] = [];
  const within = (a: DOMRect, b: DOMRect): DOMRect => {
    const x = Math.max(a.left, b.left);
    const y = Math.max(a.top, b.top);
    const width = Math.min(a.right, b.right) - x;
    const height = Math.min(a.bottom, b.bottom) - y;
    return new DOMRect(x, y, Math.max(0, width), Math.max(0, height));
  };
  const nameOf = (element: Element, text: string): string => {
    const owner = element.closest(
      '[aria-label], [id], th, td, button, h1, h2, h3, label, p, dt, dd',
    );
    return `“${text.trim().replace(/\s+/g, ' ').slice(0, 40)}” in ${owner?.tagName.toLowerCase() ?? element.tagName.toLowerCase()}${owner?.className && typeof owner.className === 'string' ? `.${owner.className.split(' ')[0]}` : ''}`;
  };

  /** The part of a box that its scrolling and clipping ancestors leave, and whether one cut it that does not scroll. */
  const shown = (element: Element, box: DOMRect): { left: DOMRect; cut: Element | null } => {
    let left = within(box, new DOMRect(0, 0, innerWidth, innerHeight));
    let cut: Element | null = null;
    for (let up: Element | null = element; up && up !== document.body; up = up.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(up);
      if (overflowX === 'visible' && overflowY === 'visible') continue;
      const frame = up.getBoundingClientRect();
      const after = within(left, frame);
      const scrolls = /auto|scroll/;
      const lostX = left.width - after.width > 1.5 && !scrolls.test(overflowX);
      const lostY = left.height - after.height > 1.5 && !scrolls.test(overflowY);
      if ((lostX || lostY) && left.width > 0 && left.height > 0) cut ??= up;
      left = after;
    }
    return { left, cut };
  };

  const seen: Seen[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent ?? '';
    if (!element || text.trim() === '' || element.closest(floats)) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest('option, script, style, title, svg title, [aria-hidden=true]')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const lines = [...range.getClientRects()];
    const name = nameOf(element, text);
    if (box.width === 0 || box.height === 0) {
      faults.push(`nothing shows of ${name}`);
      continue;
    }
    const { left, cut } = shown(element, box);
    const readable = element.closest('[title]') !== null;
    if (cut !== null && !readable) faults.push(`cut: ${name}`);
    if (cut !== null && readable && left.width < 20 && box.width > 24) {
      faults.push(`hardly anything shows of ${name}`);
    }
    // A heading in the width of another column, whose background may hide it.
    const cell = element.closest('th, td')?.getBoundingClientRect();
    if (cell && left.width > 0 && (box.right > cell.right + 1.5 || box.left < cell.left - 1.5)) {
      if (!readable) faults.push(`beyond its cell: ${name}`);
    }
    // Outside the window with nothing that scrolls there.
    const inWindow = box.right <= innerWidth + 1.5 && box.left >= -1.5;
    if (!inWindow && cut === null && left.width > 0 && left.width < box.width - 1.5) {
      const scroller = scrollerOf(element);
      if (!scroller && !readable) faults.push(`beyond the edge: ${name}`);
    }
    // A text that begins in the middle of a line has one box a line.
    for (const line of lines) {
      const part = shown(element, line).left;
      if (part.width > 2 && part.height > 2) seen.push({ element, name, box: part });
    }
  }
  function scrollerOf(element: Element): Element | null {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth)
        return up;
    }
    return null;
  }
  for (const element of document.querySelectorAll(
    'button, input, select, [role=slider], [role=switch]',
  )) {
    if (element.closest(floats)) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    const { left, cut } = shown(element, box);
    const name = nameOf(element, element.getAttribute('aria-label') ?? element.textContent ?? '');
    if (cut !== null && box.width > 0) faults.push(`cut: control ${name}`);
    if (!scrollerOf(element) && (box.right > innerWidth + 1.5 || box.left < -1.5)) {
      faults.push(`beyond the edge: control ${name}`);
    }
    if (left.width > 2 && left.height > 2) seen.push({ element, name, box: left });
  }

  /** Heads of tables and the like stay while rows pass below them. */
  const stuck = (element: Element): boolean => {
    for (let up: Element | null = element; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).position === 'sticky') return true;
    }
    return false;
  };
  seen.sort((a, b) => a.box.left - b.box.left);
  for (const [i, one] of seen.entries()) {
    for (let j = i + 1; j < seen.length; j++) {
      const other = seen[j];
      if (!other || other.box.left >= one.box.right - 3) break;
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const both = within(one.box, other.box);
      if (both.width <= 3 || both.height <= 4) continue;
      if (
        one.element.closest('label') &&
        one.element.closest('label') === other.element.closest('label')
      )
        continue;
      if (stuck(one.element) !== stuck(other.element)) continue;
      faults.push(`${one.name} and ${other.name} lie on each other`);
    }
  }
  return faults;
}
